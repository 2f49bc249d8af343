import { differenceOf, variantOf } from './product.ts'
import type { Result, Session } from './session.ts'

/** What can be done with a finished picture: compare it, save it, take it along, forget it. */
export function Decide({ session }: { session: Session }) {
  const result = session.result.value
  return (
    <section aria-label="Your picture" class="flex flex-col gap-6">
      {result && <Fit result={result} />}
      {result && <CompareSizes session={session} result={result} />}
      <div class="flex flex-wrap gap-3">
        {result && <Keep session={session} result={result} />}
        <button type="button" class="quiet px-3" onClick={session.discard}>
          Discard
        </button>
      </div>
      <p class="text-sm text-soft">
        “Save” keeps this picture in this browser, under{' '}
        <a href="/looks" class="underline underline-offset-4">
          My looks
        </a>
        . “Discard” makes this page forget it and your photo.
      </p>
    </section>
  )
}

function Keep({ session, result }: { session: Session; result: Result }) {
  const saved = session.saved.value.has(result.size)
  const extension = result.picture.type === 'image/png' ? 'png' : 'jpg'
  return (
    <>
      <button
        type="button"
        class="solid"
        aria-disabled={saved ? 'true' : undefined}
        onClick={() => void session.save()}
      >
        {saved ? 'Saved on this device' : 'Save'}
      </button>
      <a class="outline" href={result.url} download={`${session.product.slug}-${result.size}.${extension}`}>
        Download
      </a>
    </>
  )
}

/** What the picture was made with, in the words of the report. */
function Fit({ result: { size, report } }: { result: Result }) {
  const height = report.heightCm && Math.round(report.heightCm)
  return (
    <div class="bg-sand p-5">
      <h2 class="font-display text-xl">Size {size} on you</h2>
      {report.fit && report.fit.length > 0 && (
        <dl class="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-[0.95rem] tabular-nums">
          {report.fit.map(({ zone, easeCm }) => (
            <div key={zone} class="contents">
              <dt class="text-soft capitalize">{zone}</dt>
              <dd>{easeText(easeCm)}</dd>
            </div>
          ))}
        </dl>
      )}
      {height && (
        <p class="mt-3 text-sm text-soft">
          {report.heightAssumed
            ? `Drawn for a height of ${height} cm, because you gave none.`
            : `Drawn for your height of ${height} cm.`}
        </p>
      )}
    </div>
  )
}

const easeText = (easeCm: number): string => {
  const by = Math.abs(Math.round(easeCm))
  if (by === 0) return 'as wide as you are'
  return easeCm > 0 ? `${by} cm of room` : `${by} cm narrower than you, so it stretches or pulls`
}

function CompareSizes({ session, result }: { session: Session; result: Result }) {
  const { product, colour } = session
  const other = session.against.value
  const others = product.sizes.filter((size) => size !== result.size && variantOf(product, colour, size))
  const difference = other && product.sizeTable && differenceOf(product.sizeTable, result.size, other)
  if (others.length === 0) return null
  return (
    <div>
      <label for="against" class="block text-[0.95rem] font-medium">
        Side by side with size
      </label>
      <select
        id="against"
        class="field mt-2 max-w-60"
        value={other ?? ''}
        onChange={(event) => void session.compareWith(event.currentTarget.value || undefined)}
      >
        <option value="">No other size</option>
        {others.map((size) => (
          <option key={size} value={size}>
            {size}
          </option>
        ))}
      </select>
      {difference && <p class="mt-3 text-sm text-soft">{difference}</p>}
    </div>
  )
}

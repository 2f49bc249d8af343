import { useEffect, useMemo, useState } from 'preact/hooks'
import { Picture } from '../parts/picture.tsx'
import { Camera } from './camera.tsx'
import { Compare, SideBySide } from './compare.tsx'
import { HeightField, PhotoField, PhotoPromise, SizeField } from './fields.tsx'
import { differenceOf, type TryOnProduct, variantOf } from './product.ts'
import type { Refusal } from './refusals.ts'
import { createSession, type Session } from './session.ts'
import { stageText } from './stages.ts'

export type TryOnProps = {
  product: TryOnProduct
  colour: string
  size: string
  /** What the server has to say about a photo sent without script. */
  trouble?: Refusal | undefined
}

/** The fitting room: on the left what is seen, on the right what can be done. Drawn by the server as a plain form. */
export function TryOn({ product, colour, size, trouble }: TryOnProps) {
  const session = useMemo(() => createSession({ product, colour, size }), [])
  const [alive, setAlive] = useState(false)
  const [camera, setCamera] = useState(false)
  useEffect(() => {
    setAlive(true)
    void session.resume()
  }, [])
  const shown = session.trouble.value ?? (session.photo.value ? undefined : trouble)
  return (
    <div class="grid lg:grid-cols-[1.3fr_1fr] gap-8 lg:gap-14 items-start">
      <div class="min-w-0 lg:sticky lg:top-6">
        {camera ? (
          <Camera
            onClose={() => setCamera(false)}
            onPhoto={(photo) => {
              session.takePhoto(photo)
              setCamera(false)
            }}
          />
        ) : (
          <Stage session={session} />
        )}
      </div>
      <form
        method="post"
        action={`/p/${product.slug}/try-on?colour=${colour}`}
        enctype="multipart/form-data"
        class="grid gap-7"
        onSubmit={(event) => {
          event.preventDefault()
          void session.make(session.size.value)
        }}
      >
        <Trouble trouble={shown} />
        <PhotoField
          onFile={alive ? (file) => void session.choosePhoto(file) : undefined}
          invalid={shown !== undefined}
        />
        {alive && <CameraButtons session={session} onOpen={() => setCamera(true)} />}
        <SizeField
          product={product}
          colour={colour}
          size={session.size.value}
          onChoose={alive ? (next) => void session.wear(next) : undefined}
        />
        <HeightField value={session.heightCm.value} onHeight={alive ? session.setHeight : undefined} />
        <Submit session={session} />
        <p role="status" class="sr-only">
          {session.said.value}
        </p>
        {session.result.value && <Decide session={session} />}
        <PhotoPromise />
      </form>
    </div>
  )
}

function Trouble({ trouble }: { trouble: Refusal | undefined }) {
  return (
    <div role="alert" id="trouble">
      {trouble && (
        <div class="bg-alertpale border-l-2 border-alert p-4">
          <p class="font-medium text-alert">{trouble.title}</p>
          <p class="mt-1">{trouble.advice}</p>
        </div>
      )}
    </div>
  )
}

/** What is seen: the garment, then the photo, then before and after, or two sizes side by side. */
function Stage({ session }: { session: Session }) {
  const { product, colour } = session
  const [photo, result, other] = [session.photo.value, session.result.value, session.against.value]
  const second = other ? session.results.value.get(other) : undefined
  if (photo && result && second) return <SideBySide pictures={[result, second]} shape={photo} name={product.name} />
  if (photo && result)
    return <Compare key={result.url} before={photo} after={result.url} name={product.name} size={result.size} />
  if (photo)
    return (
      <img
        src={photo.url}
        alt="Your photo"
        width={photo.width}
        height={photo.height}
        class="block mx-auto max-h-[78vh] w-auto bg-sand"
      />
    )
  const picture = product.colours.find((one) => one.slug === colour)?.picture
  return (
    <div class="aspect-4/5 max-h-[70vh] w-full bg-sand overflow-hidden max-lg:aspect-3/2">
      {picture && (
        <Picture picture={picture} sizes="(min-width: 64rem) 50vw, 100vw" first class="w-full h-full object-contain" />
      )}
    </div>
  )
}

function CameraButtons({ session, onOpen }: { session: Session; onOpen: () => void }) {
  const live = 'mediaDevices' in navigator
  return (
    <div class="flex flex-wrap items-center gap-x-6 gap-y-2 -mt-3">
      {live ? (
        <button type="button" class="outline min-h-11! px-5!" onClick={onOpen}>
          Use the camera
        </button>
      ) : (
        <label class="text-sm">
          Or take one now
          <input
            type="file"
            accept="image/*"
            capture="user"
            class="block mt-1"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0]
              if (file) void session.choosePhoto(file)
            }}
          />
        </label>
      )}
      <label class="flex items-center gap-3 min-h-11 text-sm cursor-pointer">
        <input
          type="checkbox"
          class="w-4.5 h-4.5"
          checked={session.kept.value}
          onChange={(event) => void session.keep(event.currentTarget.checked)}
        />
        Keep my photo on this device for the next garment
      </label>
    </div>
  )
}

/** The button, and while it works what is being done. A bar for the eye, a sentence per stage for the ear. */
function Submit({ session }: { session: Session }) {
  const work = session.work.value
  return (
    <div>
      <button type="submit" class="solid w-full min-h-14!" disabled={work !== undefined}>
        {work ? `Making your picture in size ${work.size}` : session.result.value ? 'See it again' : 'See it on me'}
      </button>
      <div class="min-h-12 pt-3" aria-live="polite" id="progress">
        {work && (
          <>
            <progress max="1" value={work.progress} aria-label="Progress" />
            <p class="mt-2 text-sm text-soft">{stageText(work.stage)}</p>
          </>
        )}
      </div>
    </div>
  )
}

/** What can be done with a finished picture. */
function Decide({ session }: { session: Session }) {
  const { product, colour } = session
  const result = session.result.value
  if (!result) return null
  const others = product.sizes.filter((size) => size !== result.size && variantOf(product, colour, size))
  const other = session.against.value
  const difference = other && product.sizeTable && differenceOf(product.sizeTable, result.size, other)
  const saved = session.saved.value.has(result.size)
  return (
    <section aria-label="Your picture" class="grid gap-5 border-t border-line pt-6">
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
      <div class="flex flex-wrap gap-3">
        <button type="button" class="solid" disabled={saved} onClick={() => void session.save()}>
          {saved ? 'Saved on this device' : 'Save'}
        </button>
        <a class="outline" href={result.url} download={`${product.slug}-${result.size}.${extensionOf(result.picture)}`}>
          Download
        </a>
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

const extensionOf = ({ type }: Blob): string => (type === 'image/jpeg' ? 'jpg' : (type.split('/')[1] ?? 'png'))

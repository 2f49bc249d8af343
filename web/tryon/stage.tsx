import { Picture } from '../parts/picture.tsx'
import { Compare, SideBySide } from './compare.tsx'
import type { Session } from './session.ts'

/** What is seen: the garment, then the photo, then before and after, or two sizes side by side. */
export function Stage({ session }: { session: Session }) {
  const { product, colour } = session
  const [photo, result, other] = [session.photo.value, session.result.value, session.against.value]
  if (!photo) return <Garment session={session} />
  const second = other ? session.results.value.get(other) : undefined
  if (result && second) return <SideBySide pictures={[result, second]} shape={photo} name={product.name} />
  if (result)
    return (
      <Compare
        key={`${colour}-${photo.url}`}
        before={photo}
        after={result.url}
        name={product.name}
        size={result.size}
      />
    )
  return (
    <img
      src={photo.url}
      alt="Your photo"
      width={photo.width}
      height={photo.height}
      class={`block mx-auto max-h-[78vh] w-auto bg-sand ${session.work.value ? 'working' : ''}`}
    />
  )
}

function Garment({ session }: { session: Session }) {
  const picture = session.product.colours.find((one) => one.slug === session.colour)?.picture
  return (
    <div class="aspect-4/5 max-h-[70vh] w-full bg-sand overflow-hidden max-lg:aspect-3/2">
      {picture && (
        <Picture picture={picture} sizes="(min-width: 64rem) 50vw, 100vw" first class="w-full h-full object-contain" />
      )}
    </div>
  )
}

import { useEffect, useRef, useState } from 'preact/hooks'
import { deleteLook, listLooks, type Look } from '../state/looks.ts'

type Shown = Look & { url: string }

/** The saved pictures. Drawn empty by the server, which knows nothing of them. */
export function Looks() {
  const [looks, setLooks] = useState<Shown[]>()
  const [said, setSaid] = useState('')
  const status = useRef<HTMLParagraphElement>(null)

  useEffect(() => {
    listLooks()
      .then((found) => setLooks(found.map((look) => ({ ...look, url: URL.createObjectURL(look.picture) }))))
      .catch(() => {
        setLooks([])
        setSaid('This browser does not let pages keep pictures, as in private windows.')
      })
  }, [])

  const remove = async (look: Shown) => {
    await deleteLook(look.id)
    URL.revokeObjectURL(look.url)
    setLooks(looks?.filter(({ id }) => id !== look.id))
    setSaid(`Deleted: ${look.name}, size ${look.size}.`)
    status.current?.focus()
  }

  return (
    <>
      <p role="status" ref={status} tabindex={-1} class="outline-none text-sm text-soft min-h-6 mb-4">
        {said}
      </p>
      {looks?.length === 0 && <Empty />}
      <ul class="grid grid-cols-2 md:grid-cols-3 xl:grid-cols-4 gap-x-3 sm:gap-x-6 gap-y-10">
        {looks?.map((look) => (
          <LookCard key={look.id} look={look} onDelete={() => void remove(look)} />
        ))}
      </ul>
    </>
  )
}

function LookCard({ look, onDelete }: { look: Shown; onDelete: () => void }) {
  const { url, name, size, slug, savedAt, picture } = look
  return (
    <li>
      <img src={url} alt={`You in the ${name}, size ${size}`} class="w-full aspect-3/4 object-cover bg-sand" />
      <h2 class="mt-3 text-[0.95rem]">
        <a href={`/p/${slug}`} class="hover:underline underline-offset-4">
          {name}
        </a>
      </h2>
      <p class="text-sm text-soft">
        Size {size}, <time dateTime={new Date(savedAt).toISOString()}>{new Date(savedAt).toLocaleDateString()}</time>
      </p>
      <div class="flex flex-wrap gap-x-5">
        <a
          href={url}
          download={`${slug}-${size}.${picture.type === 'image/jpeg' ? 'jpg' : 'png'}`}
          class="quiet text-sm"
          aria-label={`Download ${name}, size ${size}`}
        >
          Download
        </a>
        <button type="button" class="quiet text-sm" onClick={onDelete} aria-label={`Delete ${name}, size ${size}`}>
          Delete
        </button>
      </div>
    </li>
  )
}

function Empty() {
  return (
    <div class="max-w-md">
      <h2 class="heading text-2xl sm:text-3xl">Nothing saved yet</h2>
      <p class="mt-3 text-soft">Try something on, press “Save”, and it will be waiting here.</p>
      <a href="/women" class="outline mt-6">
        Look around
      </a>
    </div>
  )
}

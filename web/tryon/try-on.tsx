import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { CameraButtons, Camera } from './camera.tsx'
import { Decide } from './decide.tsx'
import { HeightField, PhotoField, PhotoPromise, SizeField } from './fields.tsx'
import type { TryOnProduct } from './product.ts'
import type { Refusal } from './refusals.ts'
import { createSession, type Session } from './session.ts'
import { Stage } from './stage.tsx'
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
  useEffect(() => {
    setAlive(true)
    void session.resume()
    return session.close
  }, [])
  const seen = useFocusOnFirstResult(session)
  const shown = session.trouble.value ?? (session.photo.value ? undefined : trouble)
  const part = { session, alive, invalid: shown !== undefined }
  return (
    <div class="grid lg:grid-cols-[1.3fr_1fr] gap-8 lg:gap-14 items-start">
      <div ref={seen} tabindex={-1} class="min-w-0 lg:sticky lg:top-6 outline-none scroll-mt-4">
        {session.camera.value ? (
          <Camera onClose={session.closeCamera} onPhoto={session.takePhoto} />
        ) : (
          <Stage session={session} />
        )}
      </div>
      <form
        method="post"
        action={`/p/${product.slug}/try-on?colour=${colour}`}
        enctype="multipart/form-data"
        class="flex flex-col gap-7"
        onSubmit={(event) => {
          event.preventDefault()
          void session.make(session.size.value)
        }}
      >
        <Trouble trouble={shown} />
        {session.dressed.value ? (
          <>
            <Sizes {...part} />
            <Working session={session} />
            <Decide session={session} />
            <details class="border-t border-line pt-3">
              <summary class="quiet">Another photo or height</summary>
              <div class="flex flex-col gap-7 pt-4">
                <PersonFields {...part} />
                <SubmitButton session={session} />
              </div>
            </details>
          </>
        ) : (
          <>
            <PersonFields {...part} />
            <Sizes {...part} />
            <div>
              <SubmitButton session={session} />
              <Working session={session} />
            </div>
          </>
        )}
        <p role="status" class="sr-only">
          {session.said.value}
        </p>
        <PhotoPromise />
      </form>
    </div>
  )
}

/** When the first picture of a photo is there, or gone again, the eye and the keyboard are taken to what changed. */
function useFocusOnFirstResult(session: Session) {
  const seen = useRef<HTMLDivElement>(null)
  const before = useRef(false)
  const dressed = session.dressed.value
  useEffect(() => {
    if (before.current !== dressed) seen.current?.focus()
    before.current = dressed
  }, [dressed])
  return seen
}

function Trouble({ trouble }: { trouble: Refusal | undefined }) {
  return (
    <div role="alert" id="trouble" class="empty:-mb-7">
      {trouble && (
        <div class="bg-alertpale border-l-2 border-alert p-4">
          <p class="font-medium text-alert">{trouble.title}</p>
          <p class="mt-1">{trouble.advice}</p>
        </div>
      )}
    </div>
  )
}

type Part = { session: Session; alive: boolean; invalid: boolean }

function PersonFields({ session, alive, invalid }: Part) {
  return (
    <>
      <div>
        <PhotoField
          onFile={alive ? (file) => void session.choosePhoto(file) : undefined}
          chosen={session.photo.value !== undefined}
          invalid={invalid}
        />
        {alive && <CameraButtons session={session} />}
      </div>
      <HeightField value={session.heightCm.value} onHeight={alive ? session.setHeight : undefined} />
    </>
  )
}

function Sizes({ session, alive }: Part) {
  const { product, colour, size } = session
  const onChoose = alive ? (next: string) => void session.wear(next) : undefined
  return <SizeField product={product} colour={colour} size={size.value} onChoose={onChoose} />
}

function SubmitButton({ session }: { session: Session }) {
  const busy = session.work.value !== undefined
  return (
    <button
      type="submit"
      class="solid w-full min-h-14! aria-disabled:bg-accent"
      aria-disabled={busy ? 'true' : undefined}
    >
      {busy ? 'Making your picture' : 'See it on me'}
    </button>
  )
}

/** While it works: a bar for the eye, a sentence per stage for the ear. */
function Working({ session }: { session: Session }) {
  const work = session.work.value
  return (
    <div aria-live="polite" id="progress" class="empty:hidden">
      {work && (
        <div class="pt-3">
          <progress max="1" value={work.progress} aria-label={`Making your picture in size ${work.size}`} />
          <p class="mt-2 text-sm text-soft">{stageText(work.stage)}</p>
        </div>
      )}
    </div>
  )
}

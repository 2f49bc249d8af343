import { batch, computed, signal } from '@preact/signals'
import { forgetPhoto, keepPhoto, keptPhoto, saveLook } from '../state/looks.ts'
import { tell } from '../state/telling.ts'
import { type Photo, photoOf } from './photo.ts'
import type { TryOnProduct } from './product.ts'
import { failureOf, type Refusal, refusalOf } from './refusals.ts'
import { blobOf, type Progress, readTryOn, type TryOnAnswer, type TryOnReport } from './stream.ts'

/** One finished picture: the same photo in one size of the garment. */
export type Result = { size: string; picture: Blob; url: string; report: TryOnReport }

export type Session = ReturnType<typeof createSession>

type Given = { product: TryOnProduct; colour: string; size: string }
type State = ReturnType<typeof createState>

function createState({ product, colour, size }: Given) {
  return {
    product,
    colour,
    photo: signal<Photo | undefined>(undefined),
    heightCm: signal(''),
    size: signal(size),
    /** The second size in a comparison side by side. */
    against: signal<string | undefined>(undefined),
    results: signal<ReadonlyMap<string, Result>>(new Map()),
    work: signal<(Progress & { size: string }) | undefined>(undefined),
    camera: signal(false),
    /** True from the first picture of a photo until the photo goes. */
    dressed: signal(false),
    trouble: signal<Refusal | undefined>(undefined),
    /** The last thing that was done, for those who do not see it happen. */
    said: signal(''),
    kept: signal(false),
    saved: signal<ReadonlySet<string>>(new Set()),
    underway: undefined as AbortController | undefined,
  }
}

/**
 * One visit to the fitting room. It holds the photo and the finished pictures of this visit in memory, one per size, and
 * owns their object URLs: `discard` revokes them all. Nothing is written to the device except by `save` and `keep`.
 */
export function createSession(given: Given) {
  const state = createState(given)
  const { photo, size, results, against, work, heightCm, kept, camera, dressed } = state
  return {
    ...state,
    result: computed(() => results.value.get(size.value)),
    takePhoto: (next: Photo) => takePhoto(state, next),
    openCamera: () => void (camera.value = true),
    closeCamera: () => void (camera.value = false),
    choosePhoto: async (file: Blob) => takePhoto(state, await photoOf(file)),
    make: (wanted: string) => make(state, wanted),

    /** Wears another size at once when a picture has been made before; until then it only notes the wish. */
    async wear(next: string) {
      const worn = dressed.value || work.value !== undefined
      size.value = next
      if (against.value === next) against.value = undefined
      if (worn) await make(state, next)
    },

    async compareWith(other: string | undefined) {
      against.value = other
      if (other) await make(state, other)
    },

    /** A new height changes every picture, so those made with the old one are dropped. */
    setHeight(text: string) {
      if (text === heightCm.value) return
      heightCm.value = text
      forgetResults(state)
    },

    save: () => save(state),

    discard() {
      takePhoto(state, undefined)
      kept.value = false
      void forgetPhoto()
      state.said.value = 'Forgotten: your photo and the pictures made from it are gone from this page.'
    },

    /** Leaves the room: the pictures go, and what the shopper asked to keep on the device stays. */
    close() {
      kept.value = false
      takePhoto(state, undefined)
    },

    async keep(yes: boolean) {
      kept.value = yes
      if (!yes) await forgetPhoto()
      else if (photo.value) await keepPhoto(photo.value.blob)
    },

    /** Takes up the photo that the shopper asked this device to keep, if there is one. */
    async resume() {
      const blob = await keptPhoto().catch(() => undefined)
      if (!blob || photo.value) return
      takePhoto(state, await photoOf(blob))
      kept.value = true
    },
  }
}

function forgetResults(state: State) {
  state.underway?.abort()
  for (const { url } of state.results.value.values()) URL.revokeObjectURL(url)
  batch(() => {
    state.results.value = new Map()
    state.saved.value = new Set()
    state.against.value = undefined
    state.work.value = undefined
  })
}

function takePhoto(state: State, next: Photo | undefined) {
  forgetResults(state)
  if (state.photo.value) URL.revokeObjectURL(state.photo.value.url)
  batch(() => {
    state.photo.value = next
    state.camera.value = false
    state.dressed.value = false
    state.trouble.value = undefined
  })
  if (next && state.kept.value) void keepPhoto(next.blob)
}

/** Makes the picture for a size unless it is there already. Never throws: what goes wrong ends in `trouble`. */
async function make(state: State, size: string): Promise<void> {
  const { product, colour, heightCm, photo, work, trouble, results } = state
  const person = photo.value?.blob
  if (!person) {
    trouble.value = refusalOf('no_photo')
    return
  }
  if (results.value.has(size)) return
  state.underway?.abort()
  const mine = new AbortController()
  state.underway = mine
  batch(() => {
    trouble.value = undefined
    work.value = { size, stage: 'upload', progress: 0 }
  })
  const step = (now: Progress) => {
    const progress = Math.max(work.value?.progress ?? 0, now.progress)
    if (!mine.signal.aborted) work.value = { size, stage: now.stage, progress }
  }
  try {
    const body = formOf({ product, colour, size, person, heightCm: heightCm.value })
    const answer = await readTryOn(await fetch('/v1/try-on', { method: 'POST', body, signal: mine.signal }), step)
    if (!mine.signal.aborted) take(state, size, answer)
  } catch (error) {
    if (!mine.signal.aborted) trouble.value = failureOf(error instanceof Error ? error.message : '')
  } finally {
    if (state.underway === mine) work.value = undefined
  }
}

function take(state: State, size: string, answer: TryOnAnswer) {
  if (answer.status === 'refused') {
    state.trouble.value = refusalOf(answer.reason, answer.message)
    return
  }
  if (answer.status === 'failed') {
    state.trouble.value = failureOf(answer.message)
    return
  }
  const picture = blobOf(answer.image)
  const made = { size, picture, url: URL.createObjectURL(picture), report: answer.report }
  batch(() => {
    state.results.value = new Map(state.results.value).set(size, made)
    state.dressed.value = true
  })
  tell({ kind: 'try_on', productId: state.product.id })
  state.said.value = `Your picture in size ${size} is ready.`
}

async function save({ product, results, size, saved, said }: State): Promise<void> {
  const made = results.value.get(size.value)
  if (!made || saved.value.has(made.size)) return
  const { slug, name } = product
  const savedAt = Date.now()
  await saveLook({ id: crypto.randomUUID(), slug, name, size: made.size, savedAt, picture: made.picture })
  saved.value = new Set(saved.value).add(made.size)
  said.value = 'Saved on this device, under My looks.'
}

type Order = { product: TryOnProduct; colour: string; size: string; person: Blob; heightCm: string }

function formOf({ product, colour, size, person, heightCm }: Order): FormData {
  const form = new FormData()
  form.set('person', person, 'person')
  form.set('productId', product.id)
  form.set('size', size)
  form.set('colour', colour)
  form.set('heightCm', heightCm)
  form.set('format', 'stream')
  form.set('imageType', 'jpeg')
  return form
}

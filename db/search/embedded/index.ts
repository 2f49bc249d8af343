import type { SearchGeneration, SearchIndex, SearchSynonym } from '../index.ts'
import { startThread, type Thread, ThreadLost } from './thread.ts'

/**
 * An index of our own under `dir`, on a thread that starts with the first call. Changes live in memory until they are many
 * enough to be merged into the next generation, by another thread; whoever starts anew goes on from the position that the
 * generation has. All processes on one `dir` share its generations.
 */
export function embeddedSearch({ dir, log = () => {} }: { dir: string; log?: (line: string) => void }): SearchIndex {
  const { start, asking, current, end } = createServingThread(dir)
  let merging: Promise<void> | undefined
  const builders = new Set<Thread<'building'>>()

  function startBuilder(): Thread<'building'> {
    const builder = startThread('building', dir, () => builders.delete(builder))
    builders.add(builder)
    return builder
  }

  const follow = async () => {
    await current()?.ask('follow')
  }

  function mergeSoon({ wantsMerge }: { wantsMerge: boolean }): void {
    if (!wantsMerge || merging) return
    merging = merge()
      .catch((error: unknown) => log(`search: the changes were not merged: ${String(error)}`))
      .finally(() => (merging = undefined))
  }

  async function merge(): Promise<void> {
    const changes = await start().ask('forMerge')
    const builder = startBuilder()
    const merged = await builder.ask('merge', changes).finally(builder.end)
    if (merged) await follow()
  }

  return {
    put: async (documents, position) => mergeSoon(await asking((one) => one.ask('put', [...documents], position))),
    remove: async (ids, position) => mergeSoon(await asking((one) => one.ask('remove', [...ids], position))),
    query: (query) => asking((one) => one.ask('query', query)),
    complete: (text, limit) => asking((one) => one.ask('complete', text, limit)),
    status: () => asking((one) => one.ask('status')),
    useSynonyms: (synonyms) => asking((one) => one.useSynonyms(synonyms)),
    build: ({ resume = false } = {}) => openGeneration(startBuilder(), resume, follow),
    async close() {
      await merging
      await Promise.all(Array.from(builders, (builder) => builder.end()))
      await end()
    },
  }
}

type ServingThread = Thread<'serving'> & { useSynonyms(synonyms: readonly SearchSynonym[]): Promise<void> }

/** One at a time: when it is lost, the next call starts another, which knows the synonyms. */
function createServingThread(dir: string) {
  let thread: ServingThread | undefined
  let synonyms: readonly SearchSynonym[] = []

  function start(): ServingThread {
    if (thread) return thread
    const started = startThread('serving', dir, () => {
      if (thread === own) thread = undefined
    })
    const own: ServingThread = {
      ...started,
      useSynonyms(list) {
        synonyms = list
        return started.ask('useSynonyms', [...list])
      },
    }
    thread = own
    if (synonyms.length > 0) own.useSynonyms(synonyms).catch(() => {})
    return own
  }

  return {
    start,
    current: () => thread,
    /** For what may be asked twice: a thread that is lost meanwhile is replaced once. */
    asking: <T>(ask: (one: ServingThread) => Promise<T>): Promise<T> =>
      ask(start()).catch((error: unknown) => {
        if (error instanceof ThreadLost) return ask(start())
        throw error
      }),
    end: async () => {
      await thread?.end()
    },
  }
}

async function openGeneration(
  builder: Thread<'building'>,
  resume: boolean,
  follow: () => Promise<void>,
): Promise<SearchGeneration> {
  const { resumeAfter } = await builder.ask('begin', { resume }).catch(async (error: unknown) => {
    await builder.end()
    throw error
  })
  return {
    resumeAfter,
    // A string crosses in half of the time that its objects take.
    add: (documents) => builder.ask('add', JSON.stringify(documents)),
    async commit(position) {
      await builder.ask('commit', position)
      await builder.end()
      await follow()
    },
    async abandon() {
      // What a lost thread left is for the next build to go on from, or to clear away.
      await builder.ask('abandon').catch((error: unknown) => {
        if (!(error instanceof ThreadLost)) throw error
      })
      await builder.end()
    },
  }
}

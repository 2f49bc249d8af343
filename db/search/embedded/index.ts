import type { SearchIndex, SearchSynonym } from '../index.ts'
import { startThread, type Thread, ThreadLost } from './thread.ts'

/**
 * An index of our own under `dir`, on a thread that starts with the first call. Changes live in memory until they are many
 * enough to be merged into the next generation, by another thread; whoever starts anew goes on from the position that the
 * generation has. All processes on one `dir` share its generations.
 */
export function embeddedSearch({ dir, log = () => {} }: { dir: string; log?: (line: string) => void }): SearchIndex {
  let thread: Thread<'serving'> | undefined
  let synonyms: readonly SearchSynonym[] = []
  let merging: Promise<void> | undefined
  const builders = new Set<Thread<'building'>>()

  const serving = () => {
    if (thread) return thread
    const started = startThread('serving', dir, () => {
      if (thread === started) thread = undefined
    })
    thread = started
    // It may be a second one, after the first was lost.
    if (synonyms.length > 0) started.ask('useSynonyms', [...synonyms]).catch(() => {})
    return started
  }

  /** For what may be asked twice: a thread that is lost meanwhile is replaced once. */
  const asking = <T>(ask: (one: Thread<'serving'>) => Promise<T>): Promise<T> =>
    ask(serving()).catch((error: unknown) => {
      if (error instanceof ThreadLost) return ask(serving())
      throw error
    })

  const startBuilder = () => {
    const builder = startThread('building', dir, () => builders.delete(builder))
    builders.add(builder)
    return builder
  }

  function mergeSoon({ wantsMerge }: { wantsMerge: boolean }): void {
    if (!wantsMerge || merging) return
    merging = merge()
      .catch((error: unknown) => log(`search: the changes were not merged: ${String(error)}`))
      .finally(() => (merging = undefined))
  }

  async function merge(): Promise<void> {
    const changes = await serving().ask('forMerge')
    const builder = startBuilder()
    const merged = await builder.ask('merge', changes).finally(builder.end)
    if (merged) await thread?.ask('follow')
  }

  return {
    put: async (documents, position) => mergeSoon(await asking((one) => one.ask('put', [...documents], position))),
    remove: async (ids, position) => mergeSoon(await asking((one) => one.ask('remove', [...ids], position))),
    query: (query) => asking((one) => one.ask('query', query)),
    complete: (text, limit) => asking((one) => one.ask('complete', text, limit)),
    status: () => asking((one) => one.ask('status')),
    async useSynonyms(list) {
      synonyms = list
      await asking((one) => one.ask('useSynonyms', [...list]))
    },
    async build({ resume = false } = {}) {
      const builder = startBuilder()
      const { resumeAfter } = await builder.ask('begin', { resume }).catch(async (error: unknown) => {
        await builder.end()
        throw error
      })
      return {
        resumeAfter,
        add: (documents) => builder.ask('add', [...documents]),
        async commit(position) {
          await builder.ask('commit', position)
          await builder.end()
          await thread?.ask('follow')
        },
        async abandon() {
          await builder.ask('abandon').catch((error: unknown) => {
            if (!(error instanceof ThreadLost)) throw error
          })
          await builder.end()
        },
      }
    },
    async close() {
      await merging
      await Promise.all([...builders].map((builder) => builder.end()))
      await thread?.end()
    },
  }
}

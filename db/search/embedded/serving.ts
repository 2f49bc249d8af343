import type { SearchDocument, SearchQuery, SearchSynonym } from '../index.ts'
import { openFolder } from './files.ts'
import { createLive } from './live.ts'

/** How often the pointer is looked at, at most: by whoever asks next. */
const LOOK_MS = 100
/** A merge of another process's changes may lack what we were told this long before; a build reads it all anew. */
const LAG_MS = 60_000

/**
 * What serves in one thread of a process: the generation that CURRENT names, and the changes since that this process was
 * told. All threads of it go by one `self`, and by when their process told them something: `at`, on the clock of `now`.
 */
export function createServing(dir: string, self: string, now: () => number) {
  const folder = openFolder(dir)
  const live = createLive(self)
  let lookedAt = Number.NEGATIVE_INFINITY

  /** Follows the pointer. The first one is checked from end to end; a later one was written while we ran. */
  function look(): void {
    if (now() - lookedAt < LOOK_MS) return
    lookedAt = now()
    const current = folder.current()
    const served = live.base()
    if (!current || current.name === served?.name) return
    const segment = folder.open(current.name, served === undefined)
    if (!segment) return
    const ours = current.by === self
    const lag = ours || current.by === undefined ? 0 : LAG_MS
    const next = { name: current.name, segment, position: current.position }
    live.swap(next, { since: current.since - lag, follow: !ours })
  }

  const looking =
    <Args extends unknown[], T>(work: (...args: Args) => T) =>
    (...args: Args): T => {
      look()
      return work(...args)
    }

  return {
    put: looking((at: number, documents: SearchDocument[], position?: string) => {
      live.put(documents, at, position)
      return { wantsMerge: live.wantsMerge() }
    }),
    remove: looking((at: number, ids: string[], position?: string) => {
      live.remove(ids, at, position)
      return { wantsMerge: live.wantsMerge() }
    }),
    query: looking((query: SearchQuery) => live.query(query)),
    complete: looking((text: string, limit: number) => live.complete(text, limit)),
    useSynonyms: (synonyms: SearchSynonym[]) => live.useSynonyms(synonyms),
    status: looking(() => live.status()),
    /** Looks at once, whenever the last look was. */
    follow(): void {
      lookedAt = Number.NEGATIVE_INFINITY
      look()
    },
    forMerge: looking((at: number) => ({ since: at, by: self, ...live.forMerge() })),
  }
}

export type Serving = ReturnType<typeof createServing>

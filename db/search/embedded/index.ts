import { availableParallelism } from 'node:os'
import type { SearchGeneration, SearchIndex } from '../index.ts'
import { createReaders } from './readers.ts'
import { startThread, type Thread, ThreadLost } from './thread.ts'

/** Each has its own copy of what is worked out of frequent words. */
const USUAL_READERS = Math.min(2, availableParallelism())

type Options = {
  dir: string
  /** How many threads answer queries, see `createReaders`; without it one for each core, two at most. */
  readers?: number | undefined
  log?: (line: string) => void
}

/**
 * An index of our own under `dir`, on threads that start with the first call. Changes live in memory until they are many
 * enough to be merged into the next generation, by another thread; whoever starts anew goes on from the position that the
 * generation has. All processes on one `dir` share its generations.
 */
export function embeddedSearch({ dir, readers: count = USUAL_READERS, log = () => {} }: Options): SearchIndex {
  const place = { dir, self: crypto.randomUUID().slice(0, 8) }
  const readers = createReaders(place, count)
  let merging: Promise<void> | undefined
  const builders = new Set<Thread<'building'>>()

  function startBuilder(): Thread<'building'> {
    const builder = startThread('building', place, () => builders.delete(builder))
    builders.add(builder)
    return builder
  }

  const follow = () => readers.ifStarted((reader) => reader.ask('follow'))

  function mergeSoon({ wantsMerge }: { wantsMerge: boolean }): void {
    if (!wantsMerge || merging) return
    merging = merge()
      .catch((error: unknown) => log(`search: the changes were not merged: ${String(error)}`))
      .finally(() => (merging = undefined))
  }

  async function merge(): Promise<void> {
    const changes = await readers.first().ask('forMerge', Date.now())
    const builder = startBuilder()
    const merged = await builder.ask('merge', changes).finally(builder.end)
    if (merged) await follow()
  }

  return {
    async put(documents, position) {
      const at = Date.now()
      mergeSoon(await readers.all((reader) => reader.ask('put', at, [...documents], position)))
    },
    async remove(ids, position) {
      const at = Date.now()
      mergeSoon(await readers.all((reader) => reader.ask('remove', at, [...ids], position)))
    },
    query: (query) => readers.any((reader) => reader.ask('query', query)),
    complete: (text, limit) => readers.any((reader) => reader.ask('complete', text, limit)),
    status: () => readers.status(),
    useSynonyms: (synonyms) => readers.useSynonyms(synonyms),
    build: ({ resume = false } = {}) => openGeneration(startBuilder(), resume, follow),
    async close() {
      await merging
      await Promise.all(Array.from(builders, (builder) => builder.end()))
      await readers.end()
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

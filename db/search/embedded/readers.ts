import type { SearchStatus, SearchSynonym } from '../index.ts'
import { startThread, type Thread, ThreadLost } from './thread.ts'

type Reader = Thread<'serving'>
type Place = { dir: string; self: string }

/** So many questions are before a reader, the one that it works on among them: it never has to wait for the next. */
const AT_ONCE = 2

const least = (all: readonly Reader[]) => all.reduce((a, b) => (b.waiting() < a.waiting() ? b : a))

/** Begins one work after the other, as they came, as long as nobody is too busy for the next. */
function createTurns(isBusy: () => boolean) {
  const waiting: (() => void)[] = []
  function takeNext(): void {
    while (waiting.length > 0 && !isBusy()) waiting.shift()?.()
  }
  return <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        work().then(resolve, reject).finally(takeNext)
      })
      takeNext()
    })
}

/**
 * Threads that serve the same, so that searches run side by side: a question waits until one of them is nearly free, so that
 * none waits behind a long one while another reader has nothing to do; a change goes to all of them, in one order. They
 * start with the first call. When one is lost the others are let go too: what starts next, with the call after, knows the
 * synonyms and goes on from the generation on disk.
 */
export function createReaders(place: Place, count: number) {
  let readers: readonly Reader[] = []
  let synonyms: readonly SearchSynonym[] = []
  let isOver = false

  function start(): readonly Reader[] {
    if (isOver) throw new ThreadLost('The search index is closed')
    if (readers.length > 0) return readers
    const started: Reader[] = Array.from({ length: count }, () =>
      startThread('serving', place, () => {
        if (readers !== started) return
        readers = []
        for (const reader of started) reader.end().catch(() => {})
      }),
    )
    readers = started
    if (synonyms.length > 0) for (const reader of started) reader.ask('useSynonyms', [...synonyms]).catch(() => {})
    return started
  }

  /** For what may be asked twice: threads that are lost meanwhile are replaced once. Asks before it returns. */
  async function asking<T>(ask: (readers: readonly Reader[]) => Promise<T>): Promise<T> {
    try {
      return await ask(start())
    } catch (error) {
      if (error instanceof ThreadLost && !isOver) return ask(start())
      throw error
    }
  }
  const inTurn = createTurns(() => readers.length > 0 && least(readers).waiting() >= AT_ONCE)

  return {
    /** Asks one, when its turn has come. */
    any: <T>(ask: (reader: Reader) => Promise<T>): Promise<T> => inTurn(() => asking((all) => ask(least(all)))),
    /** Asks all of them, and gives what the first said. */
    all: <T>(ask: (reader: Reader) => Promise<T>): Promise<T> =>
      asking(async (all) => (await Promise.all(all.map(ask)))[0] as T),
    /** One and the same as long as none is lost. */
    first: (): Reader => start()[0] as Reader,
    /** As `all`, of those that have started. */
    ifStarted: async (ask: (reader: Reader) => Promise<unknown>): Promise<void> => {
      await Promise.all(readers.map(ask))
    },
    async useSynonyms(list: readonly SearchSynonym[]): Promise<void> {
      synonyms = list
      await asking((all) => Promise.all(all.map((reader) => reader.ask('useSynonyms', [...list]))))
    },
    /** While they are of two minds, as one of them has looked for a new generation and another has not, it is called by both. */
    async status(): Promise<SearchStatus> {
      const all = await asking((threads) => Promise.all(threads.map((reader) => reader.ask('status'))))
      const generation = [...new Set(all.map((one) => one.generation))].join('+')
      return { ...(all[0] as SearchStatus), generation }
    },
    async end(): Promise<void> {
      isOver = true
      const ending = readers
      readers = []
      await Promise.all(ending.map((reader) => reader.end()))
    },
  }
}

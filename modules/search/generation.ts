import type { SearchIndex } from '../../db/search/index.ts'

/** Another process may swap the index, or the index itself may, and this one then keeps to old answers for so long. */
const KEEP_MS = 100

/**
 * The generation of the index without asking it for each search: that is a message which waits behind the searches of others.
 * What this process changes through the `index` given back counts at once.
 */
export function watchGeneration(watched: SearchIndex, now: () => Date) {
  let known: Promise<string> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function after<T>(change: Promise<T>): Promise<T> {
    try {
      return await change
    } finally {
      known = undefined
    }
  }

  const index: SearchIndex = {
    ...watched,
    put: (documents, position) => after(watched.put(documents, position)),
    remove: (ids, position) => after(watched.remove(ids, position)),
    useSynonyms: (synonyms) => after(watched.useSynonyms(synonyms)),
    async build(options) {
      const generation = await watched.build(options)
      return { ...generation, commit: (position) => after(generation.commit(position)) }
    },
  }

  return {
    index,
    generation(): Promise<string> {
      const time = now().getTime()
      if (known && Math.abs(time - askedAt) < KEEP_MS) return known
      askedAt = time
      const asked = watched.status().then(({ generation }) => generation)
      known = asked
      asked.catch(() => {
        if (known === asked) known = undefined
      })
      return asked
    },
  }
}

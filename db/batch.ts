type Batch<K, V> = { keys: Set<K>; answer: Promise<ReadonlyMap<K, V>>; start(): void }

const MOST_KEYS = 500
/** While these are out, what comes in gathers for the next: the busier we are, the more share one statement. */
const AT_ONCE = 2

/**
 * Puts the questions of requests that run at the same time into one: `load` sees the keys of all of them and each gets the
 * whole answer, which may hold more than it asked for. A question is never answered from before it was asked.
 */
export function createBatch<K, V>(load: (keys: K[]) => Promise<Map<K, V>>) {
  let gathering: Batch<K, V> | undefined
  const waiting: Batch<K, V>[] = []
  let out = 0

  function send(): void {
    while (out < AT_ONCE) {
      const next = waiting.shift()
      if (!next) return
      if (next === gathering) gathering = undefined
      out += 1
      next.start()
    }
  }

  function open(): Batch<K, V> {
    const keys = new Set<K>()
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<K, V>>()
    const start = () =>
      void load([...keys])
        .then(resolve, reject)
        .finally(() => {
          out -= 1
          send()
        })
    const batch = { keys, answer: promise, start }
    waiting.push(batch)
    // Not at once: the requests that arrived in the same turn of the event loop have yet to ask.
    setImmediate(send)
    return batch
  }

  return (keys: readonly K[]): Promise<ReadonlyMap<K, V>> => {
    if (!gathering || gathering.keys.size + keys.length > MOST_KEYS) gathering = open()
    for (const key of keys) gathering.keys.add(key)
    return gathering.answer
  }
}

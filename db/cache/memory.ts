import type { Cache } from './index.ts'

type Entry = { value: string | number; expiresAt: number }

/** So that strangers who each leave a counter behind cannot fill the memory. */
const MOST_ENTRIES = 100_000
const SWEEP_EVERY = 10_000

/** In this process alone. `now` is in milliseconds. */
export function memoryCache({ now }: { now: () => number }): Cache {
  const entries = new Map<string, Entry>()
  let written = 0

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (!entry || entry.expiresAt > now()) return entry
    entries.delete(key)
    return undefined
  }
  const write = (key: string, value: string | number, ttlSeconds: number) => {
    entries.delete(key)
    entries.set(key, { value, expiresAt: now() + ttlSeconds * 1000 })
    written += 1
    if (written % SWEEP_EVERY === 0) sweep()
    // A map keeps the order of writing: the first is the oldest.
    if (entries.size > MOST_ENTRIES) for (const [oldest] of entries.entries().take(1)) entries.delete(oldest)
  }
  const sweep = () => {
    const time = now()
    for (const [key, { expiresAt }] of entries) if (expiresAt <= time) entries.delete(key)
  }

  return {
    async get(key) {
      const entry = live(key)
      return entry && String(entry.value)
    },
    async set(key, value, ttlSeconds) {
      write(key, value, ttlSeconds)
    },
    async delete(key) {
      entries.delete(key)
    },
    async increment(key, ttlSeconds) {
      const entry = live(key)
      if (!entry) {
        write(key, 1, ttlSeconds)
        return 1
      }
      entry.value = Number(entry.value) + 1
      return entry.value
    },
  }
}

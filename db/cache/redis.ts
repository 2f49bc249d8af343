import { Redis } from 'ioredis'
import type { Cache } from './index.ts'

const millis = (ttlSeconds: number) => Math.max(1, Math.round(ttlSeconds * 1000))

/** Shared by every process; keys begin with `eshotry:`. Connects on the first call. */
export function redisCache(url: string): { cache: Cache; ping(): Promise<void>; close(): Promise<void> } {
  const redis = new Redis(url, { lazyConnect: true, keyPrefix: 'eshotry:', maxRetriesPerRequest: 2 })
  // Every command that fails rejects on its own; an error event nobody hears would end the process.
  redis.on('error', (error: Error) => console.error('redis:', error.message))
  const cache: Cache = {
    async get(key) {
      return (await redis.get(key)) ?? undefined
    },
    async set(key, value, ttlSeconds) {
      await redis.set(key, value, 'PX', millis(ttlSeconds))
    },
    async delete(key) {
      await redis.del(key)
    },
    async increment(key, ttlSeconds) {
      // Set only when it is not there, in the same round trip: a counter never stands without its end.
      const answers = await redis.multi().set(key, 0, 'PX', millis(ttlSeconds), 'NX').incr(key).exec()
      const [error, count] = answers?.[1] ?? [new Error('no answer'), 0]
      if (error) throw error
      return Number(count)
    },
  }
  return {
    cache,
    async ping() {
      await redis.ping()
    },
    async close() {
      redis.disconnect()
    },
  }
}

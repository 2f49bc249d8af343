import type { Cache } from '../../db/index.ts'

const FREE_ATTEMPTS = 5
const COUNTED_SECONDS = 24 * 3600
const LONGEST_SECONDS = 15 * 60

/** How long to wait before attempt number `attempts`: nothing at first, then 1, 2, 4 ... seconds, at most a quarter of an hour. */
export const delaySeconds = (attempts: number): number =>
  attempts <= FREE_ATTEMPTS ? 0 : Math.min(LONGEST_SECONDS, 2 ** Math.min(20, attempts - FREE_ATTEMPTS - 1))

export type Lockout = ReturnType<typeof createLockout>

const attemptsKey = (name: string) => `identity:attempts:${name}`
const gateKey = (name: string) => `identity:gate:${name}`

/**
 * Slows down who guesses: by name, so that many addresses together are no faster, and for names that nobody has just the
 * same. Each attempt counts before it is judged, so that a hundred at once are a hundred.
 */
export function createLockout(cache: Cache) {
  return {
    /** Zero when this attempt may be judged, else how many seconds to wait. */
    async attempt(name: string): Promise<number> {
      const attempts = await cache.increment(attemptsKey(name), COUNTED_SECONDS)
      const delay = delaySeconds(attempts)
      if (delay === 0) return 0
      return (await cache.increment(gateKey(name), delay)) === 1 ? 0 : delay
    },
    async forget(name: string): Promise<void> {
      await cache.delete(attemptsKey(name))
      await cache.delete(gateKey(name))
    },
  }
}

import { availableParallelism } from 'node:os'
import { AppError } from '../kernel/errors.ts'

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB and two passes. */
const COST = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const
const CURRENT = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=1$`

const MOST_WAITING = 200

export type Passwords = ReturnType<typeof createPasswords>

/**
 * Hashes on threads beside the event loop, and only so many at once that the rest of the shop keeps a core. Throws
 * `unavailable` rather than let those who wait grow without end.
 */
export function createPasswords(atOnce = Math.max(1, availableParallelism() - 1)) {
  const waiting: (() => void)[] = []
  let running = 0
  let decoy: Promise<string> | undefined

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (waiting.length >= MOST_WAITING) throw new AppError('unavailable', 'Too many are signing in; try again')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // The turn passes on to the next one, so `running` stays.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  const hash = (password: string) => inTurn(() => Bun.password.hash(prepared(password), COST))

  return {
    hash,

    /** Takes as long when there is nothing to compare with. */
    async verify(password: string, stored: string | null | undefined): Promise<boolean> {
      decoy ??= hash(crypto.randomUUID())
      const against = stored ?? (await decoy)
      const right = await inTurn(() => Bun.password.verify(prepared(password), against))
      return right && stored !== null && stored !== undefined
    },

    /** Made with other costs than we use now. */
    isOutdated: (stored: string) => !stored.startsWith(CURRENT),
  }
}

/** The same characters typed on another keyboard are the same password (NIST SP 800-63B, 5.1.1.2). */
const prepared = (password: string) => password.normalize('NFKC')

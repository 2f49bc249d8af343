import type { Card } from './views.ts'

/** What a product page says of its piece, for the device to remember. */
export type Viewed = Pick<Card, 'id' | 'slug' | 'name' | 'brand' | 'category' | 'picture'>

/** A piece that was looked at, as this device remembers it: enough to show it again without asking the shop. */
export type Seen = Viewed & {
  /** When it was last looked at, in ms since 1970. */
  at: number
}

const LIST = 'seen'
const PAUSED = 'seen-paused'
/** Enough to know a taste by, and little enough to be read at once. */
const MOST = 40

/** What was looked at, the last first. Never throws: storage may be full, forbidden or written by another version. */
export function readSeen(): Seen[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(LIST) ?? '[]')
    return Array.isArray(list) ? list.filter(isSeen) : []
  } catch {
    return []
  }
}

const isSeen = (one: Partial<Seen> | null): one is Seen =>
  typeof one?.id === 'string' && typeof one.slug === 'string' && typeof one.name === 'string' && Number.isFinite(one.at)

/** Puts a piece in front of the others, once. */
export function noteSeen({ id, slug, name, brand, category, picture }: Viewed, at: number): void {
  if (isPaused()) return
  write([{ id, slug, name, brand, category, picture, at }, ...readSeen().filter((one) => one.id !== id)])
}

function write(list: Seen[]): void {
  try {
    localStorage.setItem(LIST, JSON.stringify(list.slice(0, MOST)))
  } catch {
    // A device that keeps nothing is served as one that has seen nothing.
  }
}

export function forgetSeen(): void {
  try {
    localStorage.removeItem(LIST)
  } catch {
    // Nothing was kept.
  }
}

export function isPaused(): boolean {
  try {
    return localStorage.getItem(PAUSED) !== null
  } catch {
    return true
  }
}

/** Stops or starts remembering; stopping forgets. */
export function pause(yes: boolean): void {
  if (yes) forgetSeen()
  try {
    if (yes) localStorage.setItem(PAUSED, '1')
    else localStorage.removeItem(PAUSED)
  } catch {
    // As above.
  }
}

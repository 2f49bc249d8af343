import { everyPlace } from './places.ts'

/** Documents of a segment by ascending number, and what each scored. The first `count` of both arrays hold. */
export type Matches = {
  documents: Uint32Array
  scores: Int32Array
  count: number
  /** Given when they are a part of the segment that is asked for often: what is known of it is kept under that name. */
  kept?: Kept | undefined
}
export type Kept = { name: string; has: (document: number) => boolean }
/** The name of all documents of a segment. */
export const EVERYTHING = 'all'
/** The best (or the sum) that each document was given; `marks` has a bit for each that was given any. */
export type Tally = { marks: Int32Array; scores: Int32Array }

/** Buffers that queries use again: whatever was taken is free after `reset`. */
export function createScratch() {
  const matches: Matches[] = []
  const counters = new Map<number, { arrays: Uint32Array[]; used: number }>()
  const bytes: Uint8Array[] = []
  const tallies: Tally[] = []
  const gains: Int32Array[] = []
  let [usedMatches, usedTallies, usedBytes, usedGains] = [0, 0, 0, 0]
  let identity = new Uint32Array()
  return {
    reset(): void {
      usedMatches = 0
      usedTallies = 0
      usedBytes = 0
      usedGains = 0
      // Segments come and go, and with them what they have so many of.
      if (counters.size > 100) counters.clear()
      for (const pool of counters.values()) pool.used = 0
    },
    /** So many zeros. */
    counters(length: number): Uint32Array {
      let pool = counters.get(length)
      if (!pool) counters.set(length, (pool = { arrays: [], used: 0 }))
      const taken = (pool.arrays[pool.used] ??= new Uint32Array(length))
      pool.used++
      return taken.fill(0)
    },
    /** At least so many bytes, of which so many are 0. */
    bytes(room: number): Uint8Array {
      const free = bytes[usedBytes]
      const taken = free && free.length >= room ? free : new Uint8Array(Math.ceil(room * 1.25))
      bytes[usedBytes++] = taken
      return taken.fill(0, 0, room)
    },
    /** At least so many numbers, of which so many are 0. */
    gains(room: number): Int32Array {
      const free = gains[usedGains]
      const taken = free && free.length >= room ? free : new Int32Array(Math.ceil(room * 1.25))
      gains[usedGains++] = taken
      return taken.fill(0, 0, room)
    },
    /** Empty, with room for so many. */
    matches(room: number): Matches {
      const free = matches[usedMatches]
      const taken = free && free.documents.length >= room ? free : emptyMatches(Math.ceil(room * 1.25))
      matches[usedMatches++] = taken
      taken.count = 0
      return taken
    },
    /** Without marks, for documents below `room`. */
    tally(room: number): Tally {
      const free = tallies[usedTallies]
      const taken =
        free && free.scores.length >= room
          ? free
          : { marks: new Int32Array((room >> 5) + 1), scores: new Int32Array(room) }
      tallies[usedTallies++] = taken
      taken.marks.fill(0)
      return taken
    },
    /** 0, 1, 2 and so on: all documents of a segment. */
    all(room: number): Uint32Array {
      if (identity.length < room) identity = everyPlace(room)
      return identity
    },
  }
}

export type Scratch = ReturnType<typeof createScratch>

const emptyMatches = (room: number): Matches => ({
  documents: new Uint32Array(room),
  scores: new Int32Array(room),
  count: 0,
})

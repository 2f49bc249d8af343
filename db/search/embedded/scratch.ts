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
export type KeptMatches = Matches & { kept: Kept }
export const isKept = (matches: Matches): matches is KeptMatches => matches.kept !== undefined
/** The name of the list of all documents of a segment. */
export const EVERYTHING = 'all'
/** The best (or the sum) that each document was given; `marks` has a bit for each that was given any. */
export type Tally = { marks: Int32Array; scores: Int32Array }

/** Buffers of one kind, each used again for what needs no more room. */
function createPool<T>(roomIn: (buffer: T) => number, make: (room: number) => T) {
  const buffers: T[] = []
  let used = 0
  return {
    take(room: number): T {
      const free = buffers[used]
      const taken = free !== undefined && roomIn(free) >= room ? free : make(room)
      buffers[used++] = taken
      return taken
    },
    free(): void {
      used = 0
    },
  }
}

const lengthOf = ({ length }: ArrayLike<number>) => length
/** So that a few more do not need another buffer. */
const spare = (room: number) => Math.ceil(room * 1.25)
/** Of a bit for each document. */
const wordsFor = (documents: number) => (documents >> 5) + 1

const createPools = () => ({
  matches: createPool<Matches>(
    ({ documents }) => documents.length,
    (room) => ({ documents: new Uint32Array(spare(room)), scores: new Int32Array(spare(room)), count: 0 }),
  ),
  tallies: createPool<Tally>(
    ({ scores }) => scores.length,
    (room) => ({ marks: new Int32Array(wordsFor(room)), scores: new Int32Array(room) }),
  ),
  bytes: createPool(lengthOf, (room) => new Uint8Array(spare(room))),
  gains: createPool(lengthOf, (room) => new Int32Array(spare(room))),
  marks: createPool(lengthOf, (words) => new Int32Array(words)),
})

/** Buffers that queries use again: whatever was taken is free after `reset`. */
export function createScratch() {
  const pools = createPools()
  const counters = new Map<number, { arrays: Uint32Array[]; used: number }>()
  let identity = new Uint32Array()
  return {
    reset(): void {
      for (const pool of Object.values(pools)) pool.free()
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
    bytes: (room: number): Uint8Array => pools.bytes.take(room).fill(0, 0, room),
    /** At least so many numbers, of which so many are 0. */
    gains: (room: number): Int32Array => pools.gains.take(room).fill(0, 0, room),
    /** A bit for each of so many documents, none of them set. */
    marks: (documents: number): Int32Array =>
      pools.marks.take(wordsFor(documents)).subarray(0, wordsFor(documents)).fill(0),
    /** Empty, with room for so many. */
    matches: (room: number): Matches => Object.assign(pools.matches.take(room), { count: 0 }),
    /** Without marks, for documents below `room`. */
    tally(room: number): Tally {
      const taken = pools.tallies.take(room)
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

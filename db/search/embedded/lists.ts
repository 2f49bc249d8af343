import { larger } from './lexicon.ts'

const PRIME = 0x01000193
const SOME = 256

/** Lists of whole numbers below 2 to the 32nd, each once, numbered as they come: open addressing, no key is made of them. */
export function createLists() {
  let slots = new Int32Array(2 * SOME).fill(-1)
  let [hashes, starts] = [new Int32Array(SOME), new Uint32Array(SOME + 1)]
  let values = new Uint32Array(8 * SOME)
  let count = 0

  function isList(place: number, list: ArrayLike<number>, from: number, to: number): boolean {
    const start = starts[place]!
    if (starts[place + 1]! - start !== to - from) return false
    for (let i = from, k = start; i < to; i++, k++) if (values[k] !== list[i]) return false
    return true
  }

  function settle(place: number): void {
    const last = slots.length - 1
    let slot = spread(hashes[place]!) & last
    while (slots[slot] !== -1) slot = (slot + 1) & last
    slots[slot] = place
  }

  function grow(): void {
    slots = new Int32Array(slots.length * 2).fill(-1)
    for (let place = 0; place < count; place++) settle(place)
    hashes = larger(hashes, new Int32Array(2 * count))
    starts = larger(starts, new Uint32Array(2 * count + 1))
  }

  return {
    /** The number of what stands in `list` there: `count()` before this call if it is new. */
    place(list: ArrayLike<number>, from = 0, to = list.length): number {
      let hash = 0
      for (let i = from; i < to; i++) hash = Math.imul(hash ^ list[i]!, PRIME) ^ (hash >>> 15)
      const last = slots.length - 1
      for (let slot = spread(hash) & last; slots[slot] !== -1; slot = (slot + 1) & last)
        if (hashes[slots[slot]!] === hash && isList(slots[slot]!, list, from, to)) return slots[slot]!
      if (count === hashes.length) grow()
      const start = starts[count]!
      if (start + to - from > values.length) values = larger(values, new Uint32Array(2 * (start + to - from)))
      for (let i = from; i < to; i++) values[start + i - from] = list[i]!
      hashes[count] = hash
      starts[count + 1] = start + to - from
      settle(count)
      return count++
    },
    count: () => count,
    /** Where each begins in `values`, and where the last ends. */
    starts: () => starts.slice(0, count + 1),
    values: () => values.slice(0, starts[count]),
  }
}

const spread = (hash: number) => hash ^ (hash >>> 15)

import type { Described } from './features.ts'
import { inverseLength } from './profile-vector.ts'
import { DIMENSIONS, type Projection, project } from './projection.ts'

/** What is read of every product for every request, in columns by place; grows as products come. */
export function createShelfVectors(projection: Projection) {
  let data = new Int8Array(256 * DIMENSIONS)
  let inverse = new Float32Array(256)
  let wanted = new Float32Array(256)
  let lately = new Float32Array(256)
  let offered = new Uint8Array(256)
  let department = new Uint16Array(256)
  let listedAt = new Float64Array(256)
  let marks = new Uint32Array(256)
  let scratch = { score: new Float64Array(256), places: new Uint32Array(256) }

  function grow(): void {
    const room = inverse.length * 2
    data = filled(new Int8Array(room * DIMENSIONS), data)
    inverse = filled(new Float32Array(room), inverse)
    wanted = filled(new Float32Array(room), wanted)
    lately = filled(new Float32Array(room), lately)
    offered = filled(new Uint8Array(room), offered)
    department = filled(new Uint16Array(room), department)
    listedAt = filled(new Float64Array(room), listedAt)
    marks = filled(new Uint32Array(room), marks)
    scratch = { score: new Float64Array(room), places: new Uint32Array(room) }
  }

  return {
    dimensions: DIMENSIONS,
    /** `DIMENSIONS` numbers a place; asked for anew after each `setVector`, as the other three. */
    data: () => data,
    /** One over the length of each vector. */
    inverse: () => inverse,
    /** How much each product was wanted in the last 60 days, and in the last 7. */
    wanted: () => wanted,
    lately: () => lately,
    /** 1 where it can be had and shown. */
    offered: () => offered,
    /** A number for each department, as the shelf gives them out. */
    department: () => department,
    listedAt: () => listedAt,
    /** Room for one ranking at a time, by place and in a list: what is in it is of the one before. */
    scratch: () => scratch,
    /** A hash of each id: the same in every process. */
    marks: () => marks,

    /** Makes room for this many products; to be called before a place is written. */
    reserve(count: number): void {
      while (count > inverse.length) grow()
    },

    setVector(place: number, described: Described): void {
      project(described, projection, data, place * DIMENSIONS)
      inverse[place] = inverseLength(data, place * DIMENSIONS, DIMENSIONS)
    },

    /** Cosine of two products' vectors. */
    likeness(a: number, b: number): number {
      const vectors = data
      let from = a * DIMENSIONS
      let other = b * DIMENSIONS
      let even = 0
      let odd = 0
      // In whole numbers, which is what they are: no rounding, and no turning of each into a fraction.
      for (const end = from + DIMENSIONS; from < end; from += 2, other += 2) {
        even = (even + Math.imul(vectors[from]!, vectors[other]!)) | 0
        odd = (odd + Math.imul(vectors[from + 1]!, vectors[other + 1]!)) | 0
      }
      return (even + odd) * inverse[a]! * inverse[b]!
    },

    /** Cosine of a product that has no place here, and the vector of each that has. */
    likenessOf(described: Described): (other: number) => number {
      const vector = new Int8Array(DIMENSIONS)
      project(described, projection, vector, 0)
      const own = inverseLength(vector, 0, DIMENSIONS)
      return (other) => {
        let dot = 0
        for (let d = 0; d < DIMENSIONS; d++) dot += vector[d]! * data[other * DIMENSIONS + d]!
        return dot * own * inverse[other]!
      }
    },

    /** The mean direction of these places, of length one; all zero where there are none. */
    centreOf(places: readonly number[]): Float64Array {
      const sum = new Float64Array(DIMENSIONS)
      for (const place of places)
        for (let d = 0; d < DIMENSIONS; d++) sum[d]! += data[place * DIMENSIONS + d]! * inverse[place]!
      const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0))
      return sum.map((value) => (length > 0 ? value / length : 0))
    },
  }
}

function filled<A extends { set(from: A): void }>(to: A, from: A): A {
  to.set(from)
  return to
}

import type { Described } from './features.ts'
import { inverseLength } from './profile-vector.ts'
import { DIMENSIONS, type Projection, project } from './projection.ts'

/** Room for the vectors and the popularity of products by place; grows as they come. */
export function createShelfVectors(projection: Projection) {
  let data = new Int8Array(256 * DIMENSIONS)
  let inverse = new Float32Array(256)
  let wanted = new Float32Array(256)
  let lately = new Float32Array(256)

  function grow(): void {
    const room = inverse.length * 2
    const larger = new Int8Array(room * DIMENSIONS)
    larger.set(data)
    data = larger
    inverse = copied(inverse, room)
    wanted = copied(wanted, room)
    lately = copied(lately, room)
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

    setVector(place: number, described: Described): void {
      while (place >= inverse.length) grow()
      project(described, projection, data, place * DIMENSIONS)
      inverse[place] = inverseLength(data, place * DIMENSIONS, DIMENSIONS)
    },

    /** Cosine of two products' vectors. */
    likeness(a: number, b: number): number {
      let dot = 0
      for (let d = 0; d < DIMENSIONS; d++) dot += data[a * DIMENSIONS + d]! * data[b * DIMENSIONS + d]!
      return dot * inverse[a]! * inverse[b]!
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

function copied(from: Float32Array, length: number): Float32Array<ArrayBuffer> {
  const to = new Float32Array(length)
  to.set(from)
  return to
}

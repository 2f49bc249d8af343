import { type Described, FEATURES, type Features, type FeatureStats, countFeatures, featuresOf } from './features.ts'

/** Numbers of a product's vector. */
export const DIMENSIONS = 64

/** From features to a short vector that keeps who is like whom: the directions in which a catalogue varies most. */
export type Projection = FeatureStats & {
  /** How many products it was fitted on. */
  readonly products: number
  /** How many of those had a look. */
  readonly looks: number
  /** `DIMENSIONS` rows of `FEATURES`, orthonormal or zero. */
  readonly rows: Float32Array
  /** What the mean product comes out as; taken off each. */
  readonly origin: Float32Array
}

const ROUNDS = 10

/** Principal components by subspace iteration (Halko, Martinsson and Tropp, 2011) over centred features; the same products give the same projection. */
export function fitProjection(products: readonly Described[]): Projection {
  const stats = countFeatures(products)
  const samples = products.map((product) => featuresOf(product, stats))
  const mean = new Float64Array(FEATURES)
  for (const { places, values } of samples)
    for (let k = 0; k < places.length; k++) mean[places[k]!]! += values[k]! / samples.length
  let basis = startingBasis()
  for (let round = 0; round < ROUNDS; round++) {
    basis = spreadOf(samples, mean, basis)
    orthonormalise(basis)
  }
  const rows = Float32Array.from(basis)
  const origin = new Float32Array(DIMENSIONS)
  for (let d = 0; d < DIMENSIONS; d++) {
    let sum = 0
    for (let f = 0; f < FEATURES; f++) sum += rows[d * FEATURES + f]! * mean[f]!
    origin[d] = sum
  }
  return { ...stats, products: products.length, looks: products.filter(({ look }) => look).length, rows, origin }
}

/** Signs from a fixed congruential sequence: anything that favours no direction would do. */
function startingBasis(): Float64Array {
  let state = 0x9e3779b9
  return Float64Array.from({ length: DIMENSIONS * FEATURES }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  })
}

/** The scatter matrix times each row of the basis, without ever forming the matrix. */
function spreadOf(samples: readonly Features[], mean: Float64Array, basis: Float64Array): Float64Array {
  const out = new Float64Array(basis.length)
  const along = new Float64Array(DIMENSIONS)
  const ofMean = new Float64Array(DIMENSIONS)
  for (let d = 0; d < DIMENSIONS; d++)
    for (let f = 0; f < FEATURES; f++) ofMean[d]! += basis[d * FEATURES + f]! * mean[f]!
  for (const { places, values } of samples) {
    for (let d = 0; d < DIMENSIONS; d++) {
      let sum = 0
      const row = d * FEATURES
      for (let k = 0; k < places.length; k++) sum += basis[row + places[k]!]! * values[k]!
      along[d] = sum
    }
    for (let d = 0; d < DIMENSIONS; d++) {
      const row = d * FEATURES
      for (let k = 0; k < places.length; k++) out[row + places[k]!]! += along[d]! * values[k]!
    }
  }
  for (let d = 0; d < DIMENSIONS; d++)
    for (let f = 0; f < FEATURES; f++) out[d * FEATURES + f]! -= samples.length * ofMean[d]! * mean[f]!
  return out
}

/** Gram-Schmidt, twice for the sake of rounding; a direction in which nothing varies becomes zero. */
function orthonormalise(basis: Float64Array): void {
  for (let d = 0; d < DIMENSIONS; d++) {
    const row = basis.subarray(d * FEATURES, (d + 1) * FEATURES)
    const before = lengthOf(row)
    for (let pass = 0; pass < 2; pass++)
      for (let e = 0; e < d; e++) {
        const other = basis.subarray(e * FEATURES, (e + 1) * FEATURES)
        let dot = 0
        for (let f = 0; f < FEATURES; f++) dot += row[f]! * other[f]!
        for (let f = 0; f < FEATURES; f++) row[f]! -= dot * other[f]!
      }
    const length = lengthOf(row)
    const scale = length > 1e-9 * Math.max(before, 1e-6) ? 1 / length : 0
    for (let f = 0; f < FEATURES; f++) row[f]! *= scale
  }
}

const lengthOf = (row: Float64Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))

/** Writes a product's vector at `offset` of `out`, as whole numbers from -127 to 127: its direction is what counts. */
export function project(
  product: Described,
  { rows, origin, ...stats }: Projection,
  out: Int8Array,
  offset: number,
): void {
  const { places, values } = featuresOf(product, stats)
  const exact = new Float64Array(DIMENSIONS)
  let largest = 0
  for (let d = 0; d < DIMENSIONS; d++) {
    let sum = -origin[d]!
    for (let k = 0; k < places.length; k++) sum += rows[d * FEATURES + places[k]!]! * values[k]!
    exact[d] = sum
    largest = Math.max(largest, Math.abs(sum))
  }
  for (let d = 0; d < DIMENSIONS; d++) out[offset + d] = largest > 1e-9 ? Math.round((127 * exact[d]!) / largest) : 0
}

const PARTS = ['idf', 'lookMean', 'lookScale', 'rows', 'origin'] as const
const MAGIC = 0x50534845

/** The projection as one file: magic, the numbers of products and looks, then for each part its length and its numbers, little-endian. */
export function writeProjection(projection: Projection): Uint8Array {
  const words = PARTS.reduce((sum, part) => sum + 1 + projection[part].length, 3)
  const view = new DataView(new ArrayBuffer(4 * words))
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, projection.products, true)
  view.setUint32(8, projection.looks, true)
  let at = 12
  for (const part of PARTS) {
    view.setUint32(at, projection[part].length, true)
    at += 4
    for (const value of projection[part]) {
      view.setFloat32(at, value, true)
      at += 4
    }
  }
  return new Uint8Array(view.buffer)
}

/** Undefined where the file is none, or of features that are counted otherwise today. */
export function readProjection(bytes: Uint8Array): Projection | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || view.getUint32(0, true) !== MAGIC) return undefined
  let at = 12
  const parts = PARTS.map(() => {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : 0
    at += 4
    if (at + 4 * length > bytes.length) return new Float32Array(0)
    const numbers = Float32Array.from({ length }, (_, i) => view.getFloat32(at + 4 * i, true))
    at += 4 * length
    return numbers
  })
  const [idf, lookMean, lookScale, rows, origin] = parts as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const fits = rows.length === DIMENSIONS * FEATURES && origin.length === DIMENSIONS && at === bytes.length
  return fits
    ? { products: view.getUint32(4, true), looks: view.getUint32(8, true), idf, lookMean, lookScale, rows, origin }
    : undefined
}

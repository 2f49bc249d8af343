/** A mixture of Gaussians over 3-vectors. Per component: mean (3), inverse covariance (6: xx xy xz yy yz zz), log weight. */
export type Mixture = { means: Float64Array; inverses: Float64Array; logWeights: Float64Array }

const SAMPLES = 3000
const ROUNDS = 8

const squaredDistance = (v: Float32Array, at: number, means: Float64Array, k: number) => {
  const dx = v[at]! - means[k * 3]!
  const dy = v[at + 1]! - means[k * 3 + 1]!
  const dz = v[at + 2]! - means[k * 3 + 2]!
  return dx * dx + dy * dy + dz * dz
}

/** Centres that lie far apart, chosen without chance: each next one is the sample farthest from those before. */
const spreadCentres = (v: Float32Array, samples: Int32Array, count: number): Float64Array => {
  const means = new Float64Array(count * 3)
  const nearest = new Float64Array(samples.length).fill(Infinity)
  const mean = [0, 0, 0]
  for (const i of samples) for (let c = 0; c < 3; c++) mean[c] = mean[c]! + v[i * 3 + c]! / samples.length
  for (let c = 0; c < 3; c++) means[c] = mean[c]!
  const sorted = new Float64Array(samples.length)
  for (let k = 1; k < count; k++) {
    for (let s = 0; s < samples.length; s++) {
      nearest[s] = Math.min(nearest[s]!, squaredDistance(v, samples[s]! * 3, means, k - 1))
    }
    sorted.set(nearest)
    sorted.sort()
    // The very farthest samples are outliers: the one at the 98% mark is taken instead.
    const chosen = samples[nearest.indexOf(sorted[Math.floor(samples.length * 0.98)]!)]!
    for (let c = 0; c < 3; c++) means[k * 3 + c] = v[chosen * 3 + c]!
  }
  return means
}

const nearestCentre = (v: Float32Array, at: number, means: Float64Array): number => {
  let best = 0
  let least = Infinity
  for (let k = 0; k * 3 < means.length; k++) {
    const d = squaredDistance(v, at, means, k)
    if (d < least) {
      least = d
      best = k
    }
  }
  return best
}

/** Inverse of a symmetric 3x3 matrix (xx xy xz yy yz zz) into `out`, and its determinant. */
const invert = (m: Float64Array, out: Float64Array, at: number): number => {
  const [xx, xy, xz, yy, yz, zz] = [m[0]!, m[1]!, m[2]!, m[3]!, m[4]!, m[5]!]
  const c0 = yy * zz - yz * yz
  const c1 = xz * yz - xy * zz
  const c2 = xy * yz - xz * yy
  const det = xx * c0 + xy * c1 + xz * c2
  out[at] = c0 / det
  out[at + 1] = c1 / det
  out[at + 2] = c2 / det
  out[at + 3] = (xx * zz - xz * xz) / det
  out[at + 4] = (xy * xz - xx * yz) / det
  out[at + 5] = (xx * yy - xy * xy) / det
  return det
}

/**
 * Fits `count` Gaussians to the vectors `v` (3 numbers each) that `chosen` lists, by k-means and the covariance of
 * each cluster, never narrower than `spread` (a standard deviation). `chosen` must not be empty.
 */
export const fitMixture = (v: Float32Array, chosen: Int32Array, count: number, spread: number): Mixture => {
  const step = Math.max(1, chosen.length / SAMPLES)
  const samples = Int32Array.from({ length: Math.floor(chosen.length / step) }, (_, i) => chosen[Math.floor(i * step)]!)
  const means = spreadCentres(v, samples, count)
  const owner = new Uint8Array(samples.length)
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(count * 4)
    for (let s = 0; s < samples.length; s++) {
      const at = samples[s]! * 3
      const k = nearestCentre(v, at, means)
      owner[s] = k
      for (let c = 0; c < 3; c++) sums[k * 4 + c] = sums[k * 4 + c]! + v[at + c]!
      sums[k * 4 + 3] = sums[k * 4 + 3]! + 1
    }
    for (let k = 0; k < count; k++) {
      for (let c = 0; c < 3 && sums[k * 4 + 3]! > 0; c++) means[k * 3 + c] = sums[k * 4 + c]! / sums[k * 4 + 3]!
    }
  }
  const inverses = new Float64Array(count * 6)
  const logWeights = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const m = new Float64Array(6)
    let n = 0
    for (let s = 0; s < samples.length; s++) {
      if (owner[s] !== k) continue
      n++
      const at = samples[s]! * 3
      const d = [v[at]! - means[k * 3]!, v[at + 1]! - means[k * 3 + 1]!, v[at + 2]! - means[k * 3 + 2]!]
      let j = 0
      for (let a = 0; a < 3; a++) for (let b = a; b < 3; b++, j++) m[j] = m[j]! + d[a]! * d[b]!
    }
    for (let j = 0; j < 6; j++) m[j] = m[j]! / Math.max(1, n)
    for (const j of [0, 3, 5]) m[j] = m[j]! + spread * spread
    const det = invert(m, inverses, k * 6)
    logWeights[k] = Math.log(Math.max(n, 0.5) / samples.length) - 0.5 * Math.log(det) - 1.5 * Math.log(2 * Math.PI)
  }
  return { means, inverses, logWeights }
}

/** Minus the log density of the best component at vector (x, y, z). */
export const mixtureCost = (mixture: Mixture, x: number, y: number, z: number): number => {
  const { means, inverses, logWeights } = mixture
  let least = Infinity
  for (let k = 0; k < logWeights.length; k++) {
    const dx = x - means[k * 3]!
    const dy = y - means[k * 3 + 1]!
    const dz = z - means[k * 3 + 2]!
    const i = k * 6
    const square =
      dx * (inverses[i]! * dx + 2 * (inverses[i + 1]! * dy + inverses[i + 2]! * dz)) +
      dy * (inverses[i + 3]! * dy + 2 * inverses[i + 4]! * dz) +
      inverses[i + 5]! * dz * dz
    least = Math.min(least, 0.5 * square - logWeights[k]!)
  }
  return least
}

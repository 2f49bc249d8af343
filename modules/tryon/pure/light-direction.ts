/** Relative brightness of a surface as a linear function of its normal: `mean + x nx + y ny + z nz`; x right, y down, z to the camera. */
export type BodyLight = { mean: number; x: number; y: number; z: number }

/** Soft light from above and in front, as in most photographs: what is assumed where the picture does not say. */
const USUAL: BodyLight = { mean: 0.78, x: 0, y: -0.05, z: 0.22 }

export const shade = (light: BodyLight, nx: number, ny: number): number => {
  const nz = Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny))
  return light.mean + light.x * nx + light.y * ny + light.z * nz
}

/** Solves the symmetric positive 4 x 4 system in place by Cholesky-free elimination (the ridge keeps it well posed). */
const solveFour = (matrix: number[][], right: number[]): number[] => {
  for (let k = 0; k < 4; k++) {
    for (let row = k + 1; row < 4; row++) {
      const factor = matrix[row]![k]! / matrix[k]![k]!
      for (let column = k; column < 4; column++) matrix[row]![column]! -= factor * matrix[k]![column]!
      right[row]! -= factor * right[k]!
    }
  }
  const out = [0, 0, 0, 0]
  for (let k = 3; k >= 0; k--) {
    let sum = right[k]!
    for (let column = k + 1; column < 4; column++) sum -= matrix[k]![column]! * out[column]!
    out[k] = sum / matrix[k]![k]!
  }
  return out
}

/**
 * The light that explains the brightness (relative: about 1) of samples `[nx, ny, brightness]` best, by least squares that counts outliers
 * less with every round, held near the usual light. The result is scaled so that a surface facing the camera has brightness 1.
 */
export const fitLight = (samples: Float32Array): BodyLight => {
  const count = samples.length / 3
  const prior = [USUAL.mean, USUAL.x, USUAL.y, USUAL.z]
  let fit = prior
  const ridge = [0.02, 0.03, 0.15, 0.25].map((share) => share * Math.max(50, count))
  const rounds = count >= 30 ? 4 : 0
  for (let round = 0; round < rounds; round++) {
    const matrix = ridge.map((value, k) => ridge.map((_, column) => (k === column ? value : 0)))
    const right = ridge.map((value, k) => value * prior[k]!)
    for (let i = 0; i < count; i++) {
      const nx = samples[i * 3]!
      const ny = samples[i * 3 + 1]!
      const row = [1, nx, ny, Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny))]
      const value = samples[i * 3 + 2]!
      const error = value - row.reduce((sum, term, k) => sum + term * fit[k]!, 0)
      const weight = round === 0 ? 1 : 1 / (1 + (error / 0.08) ** 2)
      for (let k = 0; k < 4; k++) {
        right[k]! += weight * row[k]! * value
        for (let column = 0; column < 4; column++) matrix[k]![column]! += weight * row[k]! * row[column]!
      }
    }
    fit = solveFour(matrix, right)
  }
  const front = Math.max(0.3, fit[0]! + fit[3]!)
  const limit = (value: number) => Math.min(0.3, Math.max(-0.3, value / front))
  const z = Math.min(0.5, Math.max(0.08, fit[3]! / front))
  return { mean: 1 - z, x: limit(fit[1]!), y: limit(fit[2]!), z }
}

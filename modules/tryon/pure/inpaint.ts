/**
 * A grid whose cells are held (their values are given), free (to be found) or outside (they do not exist and let
 * nothing through). `values` is interleaved, `channels` a cell.
 */
type MembraneGrid = {
  width: number
  height: number
  channels: number
  values: Float32Array
  /** One of `CELL` for every cell. */
  cells: Uint8Array
}

export const CELL = { outside: 0, held: 1, free: 2 } as const

const coarsen = (grid: MembraneGrid): MembraneGrid => {
  const { width, height, channels, values, cells } = grid
  const w = (width + 1) >> 1
  const h = (height + 1) >> 1
  const out = new Float32Array(w * h * channels)
  const kinds = new Uint8Array(w * h)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let held = 0
      let free = 0
      const to = y * w + x
      for (let dy = 0; dy < 2; dy++) {
        for (let dx = 0; dx < 2; dx++) {
          const sx = 2 * x + dx
          const sy = 2 * y + dy
          if (sx >= width || sy >= height) continue
          const from = sy * width + sx
          if (cells[from] === CELL.free) free++
          if (cells[from] !== CELL.held) continue
          held++
          for (let c = 0; c < channels; c++) out[to * channels + c]! += values[from * channels + c]!
        }
      }
      if (held > 0) for (let c = 0; c < channels; c++) out[to * channels + c]! /= held
      kinds[to] = held > 0 ? CELL.held : free > 0 ? CELL.free : CELL.outside
    }
  }
  return { width: w, height: h, channels, values: out, cells: kinds }
}

/** Free cells take the bilinear value of the coarser solution, leaving out coarse cells that do not exist. */
const refine = (grid: MembraneGrid, coarse: MembraneGrid): void => {
  const { width, height, channels, values, cells } = grid
  for (let y = 0; y < height; y++) {
    const y0 = Math.min(coarse.height - 1, y >> 1)
    const y1 = Math.max(0, Math.min(coarse.height - 1, y0 + (y & 1 ? 1 : -1)))
    for (let x = 0; x < width; x++) {
      const to = y * width + x
      if (cells[to] !== CELL.free) continue
      const x0 = Math.min(coarse.width - 1, x >> 1)
      const x1 = Math.max(0, Math.min(coarse.width - 1, x0 + (x & 1 ? 1 : -1)))
      const corners = [y0 * coarse.width + x0, y0 * coarse.width + x1, y1 * coarse.width + x0, y1 * coarse.width + x1]
      const weights = [9, 3, 3, 1]
      let sum = 0
      for (let k = 0; k < 4; k++) {
        if (coarse.cells[corners[k]!] === CELL.outside) weights[k] = 0
        sum += weights[k]!
      }
      for (let c = 0; c < channels; c++) {
        let value = 0
        for (let k = 0; k < 4; k++) value += weights[k]! * coarse.values[corners[k]! * channels + c]!
        values[to * channels + c] = sum > 0 ? value / sum : 0
      }
    }
  }
}

const relax = (grid: MembraneGrid, screen: number, sweeps: number): void => {
  const { width, height, channels, values, cells } = grid
  const free: number[] = []
  for (let i = 0; i < cells.length; i++) if (cells[i] === CELL.free) free.push(i)
  const neighbours = new Int32Array(free.length * 4).fill(-1)
  for (let k = 0; k < free.length; k++) {
    const i = free[k]!
    const x = i % width
    let n = k * 4
    if (x > 0 && cells[i - 1] !== CELL.outside) neighbours[n++] = i - 1
    if (x + 1 < width && cells[i + 1] !== CELL.outside) neighbours[n++] = i + 1
    if (i >= width && cells[i - width] !== CELL.outside) neighbours[n++] = i - width
    if (i + width < width * height && cells[i + width] !== CELL.outside) neighbours[n] = i + width
  }
  const over = 1.5
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = (sweep & 1) === 0
    for (let step = 0; step < free.length; step++) {
      const k = forward ? step : free.length - 1 - step
      const i = free[k]!
      for (let c = 0; c < channels; c++) {
        let sum = 0
        let count = 0
        for (let n = k * 4; n < k * 4 + 4 && neighbours[n]! >= 0; n++, count++) {
          sum += values[neighbours[n]! * channels + c]!
        }
        if (count === 0) continue
        const at = i * channels + c
        values[at]! += over * (sum / (count + screen) - values[at]!)
      }
    }
  }
}

/**
 * Fills the free cells, in place, with the smoothest surface through the held ones (Laplace's equation, nothing flows
 * through the outside). With `screen` > 0 (cells to the power -2) the surface falls back to zero away from what is held, over
 * about `1 / sqrt(screen)` cells. Free cells that no held cell reaches become 0. A pyramid from coarse to fine.
 */
export const solveMembrane = (grid: MembraneGrid, screen = 0, sweeps = 10): void => {
  const smallest = Math.min(grid.width, grid.height) <= 3
  if (smallest) {
    relax(grid, screen, 60)
    return
  }
  if (!grid.cells.includes(CELL.free)) return
  const coarse = coarsen(grid)
  if (coarse.cells.includes(CELL.free)) solveMembrane(coarse, screen * 4, sweeps)
  refine(grid, coarse)
  relax(grid, screen, sweeps)
}

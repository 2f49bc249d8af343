import type { ColourGrid } from './cutout-colour.ts'
import { fitMixture, mixtureCost, type Mixture } from './cutout-mixture.ts'
import { findRegions, openMask } from './cutout-region.ts'
import { minimumCut } from './max-flow.ts'

const GROUND_COMPONENTS = 5
const GARMENT_COMPONENTS = 6
/** Narrowest standard deviation of a colour component in OKLab: a sheet of paper still has light and sensor noise. */
const SPREAD = 0.02
/** No single pixel may be surer than this: a print of the ground's colour stays inside the garment. */
const SUREST = 8
/** Weight of the links between neighbours. */
const LINK = 12
const ROUNDS = 2
/** Shares of the picture that a garment can cover. */
const SMALLEST_SHARE = 0.02
const LARGEST_SHARE = 0.92
/** How bright the ground may stay where a shadow falls on it, and what believing in a shadow costs. */
const SHADOWS = [
  { light: 0.88, cost: 0.7 },
  { light: 0.75, cost: 1.6 },
  { light: 0.6, cost: 3 },
]

const pickIndices = (count: number, keep: (i: number) => boolean): Int32Array => {
  const out = new Int32Array(count)
  let n = 0
  for (let i = 0; i < count; i++) if (keep(i)) out[n++] = i
  return out.subarray(0, n)
}

/** Cost of a pixel being ground, in light or in the garment's shadow (a shadow scales L, a and b alike in OKLab). */
const groundCost = (ground: Mixture, lab: Float32Array, i: number): number => {
  const l = lab[i * 3]!
  const a = lab[i * 3 + 1]!
  const b = lab[i * 3 + 2]!
  let cost = mixtureCost(ground, l, a, b)
  for (const shadow of SHADOWS) {
    const lit = mixtureCost(ground, l / shadow.light, a / shadow.light, b / shadow.light) + shadow.cost
    if (lit < cost) cost = lit
  }
  return cost
}

/** Costs of cutting the links between neighbours: low across an edge of the picture (Rother et al., GrabCut, 2004). */
const createLinks = (grid: ColourGrid, strength: number) => {
  const { width, height, lab } = grid
  const count = width * height
  const square = (i: number, j: number) =>
    (lab[i * 3]! - lab[j * 3]!) ** 2 +
    (lab[i * 3 + 1]! - lab[j * 3 + 1]!) ** 2 +
    (lab[i * 3 + 2]! - lab[j * 3 + 2]!) ** 2
  let sum = 0
  for (let i = 0; i < count - width - 1; i++) sum += square(i, i + 1) + square(i, i + width)
  const beta = 1 / Math.max(1e-7, sum / (count - width - 1))
  const link = (i: number, j: number, far: number) =>
    j < count ? (strength * (0.04 + Math.exp(-beta * square(i, j)))) / far : 0
  const make = (step: number, far: number) => Float32Array.from({ length: count }, (_, i) => link(i, i + step, far))
  return {
    right: make(1, 1),
    down: make(width, 1),
    downRight: make(width + 1, Math.SQRT2),
    downLeft: make(width - 1, Math.SQRT2),
  }
}

const frameThickness = (grid: ColourGrid) => Math.max(2, Math.round(Math.min(grid.width, grid.height) * 0.035))

const isFrame = (grid: ColourGrid, i: number, thickness: number): boolean => {
  const x = i % grid.width
  const y = (i / grid.width) | 0
  return x < thickness || y < thickness || x >= grid.width - thickness || y >= grid.height - thickness
}

/** A little belief from place alone: a product picture has its garment in the middle. */
const centrePull = (grid: ColourGrid): Float32Array =>
  Float32Array.from({ length: grid.width * grid.height }, (_, i) => {
    const x = ((i % grid.width) + 0.5) / grid.width - 0.5
    const y = (((i / grid.width) | 0) + 0.5) / grid.height - 0.5
    const r = Math.max(Math.abs(x), Math.abs(y)) * 2
    return r < 0.6 ? 0.6 : 0.6 - ((r - 0.6) / 0.4) ** 2 * 2.6
  })

/** Keeps what belongs to the garment: the largest region of the mask and others nearly as large, thin lines removed. */
const keepGarment = (mask: Uint8Array, width: number, height: number): Uint8Array => {
  const opened = openMask(mask, width, height, Math.max(1, Math.min(width, height) * 0.008))
  const both = Uint8Array.from(mask, (v, i) => (v && opened[i] ? 1 : 0))
  const regions = findRegions(both, width, height)
  let largest = 0
  regions.size.forEach((size, id) => {
    if (regions.value[id] === 1 && size > largest) largest = size
  })
  return Uint8Array.from(both, (v, i) => (v && regions.size[regions.of[i]!]! >= largest * 0.12 ? 1 : 0))
}

/** Fills holes, but not those that are large and look like the ground: the gap between two legs, or sleeve and body. */
const fillHoles = (mask: Uint8Array, grid: ColourGrid, surplus: Float32Array): Uint8Array => {
  const regions = findRegions(mask, grid.width, grid.height)
  const evidence = new Float64Array(regions.size.length)
  for (let i = 0; i < mask.length; i++) evidence[regions.of[i]!]! += surplus[i]!
  const smallest = grid.width * grid.height * 0.002
  return Uint8Array.from(mask, (v, i) => {
    const id = regions.of[i]!
    if (v || regions.touchesBorder[id]) return v
    return regions.size[id]! > smallest && evidence[id]! / regions.size[id]! < -2 ? 0 : 1
  })
}

export type Segmentation = {
  width: number
  height: number
  mask: Uint8Array
  /** Cost of ground minus cost of garment per pixel, clipped: > 0 speaks for garment. */
  surplus: Float32Array
  /** Mean |surplus| agreement, 0 to 1: how well the colours tell garment from ground. */
  contrast: number
}

type Models = { ground: Mixture; garment: Mixture }

/** One graph cut: what is garment, given both colour models (or, before a garment model exists, a flat cost). */
const cutOnce = (grid: ColourGrid, ground: Mixture, garment: Mixture | number): Segmentation => {
  const { width, height, lab } = grid
  const count = width * height
  const thickness = frameThickness(grid)
  const pull = centrePull(grid)
  const surplus = new Float32Array(count)
  const terminal = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const own =
      typeof garment === 'number' ? garment : mixtureCost(garment, lab[i * 3]!, lab[i * 3 + 1]!, lab[i * 3 + 2]!)
    surplus[i] = Math.max(-SUREST, Math.min(SUREST, groundCost(ground, lab, i) - own))
    terminal[i] = surplus[i]! + pull[i]! - (isFrame(grid, i, thickness) ? 2 : 0)
  }
  const cut = minimumCut({ width, height, terminal, ...createLinks(grid, LINK) })
  const mask = fillHoles(keepGarment(cut, width, height), grid, surplus)
  let agree = 0
  for (let i = 0; i < count; i++) agree += (mask[i] ? surplus[i]! : -surplus[i]!) / SUREST
  return { width, height, mask, surplus, contrast: agree / count }
}

const fitModels = (grid: ColourGrid, mask: Uint8Array): Models => ({
  garment: fitMixture(
    grid.lab,
    pickIndices(mask.length, (i) => mask[i] === 1),
    GARMENT_COMPONENTS,
    SPREAD,
  ),
  ground: fitMixture(
    grid.lab,
    pickIndices(mask.length, (i) => mask[i] === 0),
    GROUND_COMPONENTS + 1,
    SPREAD,
  ),
})

/** The first guess: the frame of the picture is ground, and garment is whatever most of the frame would call strange. */
const firstGuess = (grid: ColourGrid): Segmentation | undefined => {
  const count = grid.width * grid.height
  const thickness = frameThickness(grid)
  const frame = pickIndices(count, (i) => isFrame(grid, i, thickness))
  const ground = fitMixture(grid.lab, frame, GROUND_COMPONENTS, SPREAD)
  const costs = Float32Array.from(frame, (i) => groundCost(ground, grid.lab, i)).toSorted()
  const strange = costs[Math.floor(costs.length * 0.9)]! + 2
  for (const ease of [0, 2, 4]) {
    const guess = cutOnce(grid, ground, strange - ease)
    if (covered(guess.mask) > SMALLEST_SHARE) return guess
  }
  return undefined
}

const covered = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0) / mask.length

/**
 * Finds the garment on its ground from colour and place alone, by iterated graph cuts over two colour mixtures: rounds
 * on the `coarse` grid settle the colours, one on the `fine` grid finds the outline. Undefined when nothing stands out.
 */
export const segmentGarment = (coarse: ColourGrid, fine: ColourGrid): Segmentation | undefined => {
  let found = firstGuess(coarse)
  for (let round = 0; round < ROUNDS && found; round++) {
    const models = fitModels(coarse, found.mask)
    const next = cutOnce(coarse, models.ground, models.garment)
    if (covered(next.mask) < SMALLEST_SHARE) break
    found = next
  }
  if (!found || covered(found.mask) > LARGEST_SHARE) return undefined
  const models = fitModels(coarse, found.mask)
  const outline = cutOnce(fine, models.ground, models.garment)
  return covered(outline.mask) < SMALLEST_SHARE ? undefined : outline
}

import type { ColourGrid } from './cutout-colour.ts'
import { fitMixture, mixtureCost, type Mixture } from './cutout-mixture.ts'
import { closeMask, distanceTo, pickIndices } from './cutout-region.ts'
import { closeSlit, dropHanger, fillHoles, keepGarment } from './cutout-tidy.ts'
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
/** Cost of a colour that is new to the garment: trims at its rim are not in its colour model. */
const UNKNOWN = 1
/** Cells of the coarse grid at the garment's edge that do not teach its colours. */
const RIM = 2.5
/** Shares of the picture that a garment can cover. */
const SMALLEST_SHARE = 0.02
const LARGEST_SHARE = 0.92
/** How bright the ground may stay where a shadow falls on it, and what believing in a shadow costs. */
const SHADOWS = [
  { light: 0.9, cost: 0.6 },
  { light: 0.82, cost: 1.1 },
  { light: 0.75, cost: 1.6 },
  { light: 0.67, cost: 2.3 },
  { light: 0.6, cost: 3 },
]

/** Cost of a colour being ground, in light or in the garment's shadow (a shadow scales L, a and b alike in OKLab). */
const groundCost = (ground: Mixture, l: number, a: number, b: number): number => {
  let cost = mixtureCost(ground, l, a, b)
  for (const shadow of SHADOWS) {
    const lit = mixtureCost(ground, l / shadow.light, a / shadow.light, b / shadow.light) + shadow.cost
    if (lit < cost) cost = lit
  }
  return cost
}

const BIN = 0.008
const L_BINS = 128
const AB_BINS = 100

/** `cost` of every pixel's colour, worked out once per distinct colour (to a step of 0.008). */
const costPerPixel = (grid: ColourGrid, cost: (l: number, a: number, b: number) => number): Float32Array => {
  const known = new Float32Array(L_BINS * AB_BINS * AB_BINS).fill(-Infinity)
  const { lab } = grid
  const out = new Float32Array(lab.length / 3)
  for (let i = 0; i < out.length; i++) {
    const l = Math.min(L_BINS - 1, Math.round(lab[i * 3]! / BIN))
    const a = Math.min(AB_BINS - 1, Math.max(0, Math.round(lab[i * 3 + 1]! / BIN) + AB_BINS / 2))
    const b = Math.min(AB_BINS - 1, Math.max(0, Math.round(lab[i * 3 + 2]! / BIN) + AB_BINS / 2))
    const key = (l * AB_BINS + a) * AB_BINS + b
    if (known[key] === -Infinity) known[key] = cost(l * BIN, (a - AB_BINS / 2) * BIN, (b - AB_BINS / 2) * BIN)
    out[i] = known[key]!
  }
  return out
}

/** Costs of cutting the links between neighbours: low across an edge of the picture (Rother et al., GrabCut, 2004). */
const createLinks = (grid: ColourGrid) => {
  const { width, height, lab } = grid
  const count = width * height
  const square = (i: number, j: number) => {
    const l = lab[i * 3]! - lab[j * 3]!
    const a = lab[i * 3 + 1]! - lab[j * 3 + 1]!
    const b = lab[i * 3 + 2]! - lab[j * 3 + 2]!
    return l * l + a * a + b * b
  }
  let sum = 0
  for (let i = 0; i < count - width - 1; i++) sum += square(i, i + 1) + square(i, i + width)
  const beta = 1 / Math.max(1e-7, sum / (count - width - 1))
  const make = (step: number, far: number) => {
    const out = new Float32Array(count)
    for (let i = 0; i < count - step; i++) out[i] = (LINK * (0.04 + Math.exp(-beta * square(i, i + step)))) / far
    return out
  }
  return {
    right: make(1, 1),
    down: make(width, 1),
    downRight: make(width + 1, Math.SQRT2),
    downLeft: make(width - 1, Math.SQRT2),
  }
}

/** 1 for the pixels near the border of the picture, where ground is expected. */
const frameOf = ({ width, height }: ColourGrid): Uint8Array => {
  const thickness = Math.max(2, Math.round(Math.min(width, height) * 0.035))
  const frame = new Uint8Array(width * height).fill(1)
  for (let y = thickness; y < height - thickness; y++) frame.fill(0, y * width + thickness, (y + 1) * width - thickness)
  return frame
}

/** A little belief from place alone: a product picture has its garment in the middle. */
const placeBelief = ({ width, height }: ColourGrid, x: number, y: number): number => {
  const r = 2 * Math.max(Math.abs((x + 0.5) / width - 0.5), Math.abs((y + 0.5) / height - 0.5))
  return r < 0.6 ? 0.6 : 0.6 - ((r - 0.6) / 0.4) ** 2 * 2.6
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
  const { width, height } = grid
  const count = width * height
  const frame = frameOf(grid)
  const surplus = costPerPixel(grid, (l, a, b) => {
    const own = typeof garment === 'number' ? garment : Math.min(UNKNOWN, mixtureCost(garment, l, a, b))
    return Math.max(-SUREST, Math.min(SUREST, groundCost(ground, l, a, b) - own))
  })
  const terminal = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    terminal[i] = surplus[i]! + placeBelief(grid, i % width, (i / width) | 0) - 2 * frame[i]!
  }
  const cut = minimumCut({ width, height, terminal, ...createLinks(grid) })
  const kept = keepGarment(cut, width, height)
  const mask = dropHanger(fillHoles(closeSlit(kept, width, height), grid, surplus), width, height)
  let agree = 0
  for (let i = 0; i < count; i++) agree += (mask[i] ? surplus[i]! : -surplus[i]!) / SUREST
  return { width, height, mask, surplus, contrast: agree / count }
}

/**
 * Colours of both sides. Narrow gaps teach neither: they may be a zip, or ground in deep shadow. Nor does the rim of
 * the garment, where its cast shadow may have been taken in.
 */
const fitModels = (grid: ColourGrid, mask: Uint8Array): Models => {
  const { width, height, lab } = grid
  const outside = closeMask(mask, width, height, Math.min(width, height) * 0.03)
  const depth = distanceTo(mask, width, height, 0)
  const core = new Uint8Array(mask.length)
  for (let i = 0; i < core.length; i++) core[i] = depth[i]! > RIM ? 1 : 0
  const whole = pickIndices(mask, 1)
  const inner = pickIndices(core, 1)
  return {
    garment: fitMixture(lab, inner.length > whole.length * 0.4 ? inner : whole, GARMENT_COMPONENTS, SPREAD),
    ground: fitMixture(lab, pickIndices(outside, 0), GROUND_COMPONENTS + 1, SPREAD),
  }
}

/** The first guess: the frame of the picture is ground, and garment is whatever most of the frame would call strange. */
const firstGuess = (grid: ColourGrid): Segmentation | undefined => {
  const frame = pickIndices(frameOf(grid), 1)
  const ground = fitMixture(grid.lab, frame, GROUND_COMPONENTS, SPREAD)
  const costs = new Float32Array(frame.length)
  frame.forEach((i, k) => {
    costs[k] = groundCost(ground, grid.lab[i * 3]!, grid.lab[i * 3 + 1]!, grid.lab[i * 3 + 2]!)
  })
  costs.sort()
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

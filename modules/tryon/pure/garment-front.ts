import { COLUMNS, type Front, readFront, ROWS } from './garment-front-patch.ts'
import type { GarmentLandmarks } from './garment.ts'
import type { Raster } from './image.ts'
import { clamp, mix } from './vector.ts'

/** Cells beside the gap that stand for the panel. */
const PANEL = 3
const NARROWEST = 4
const WIDEST = 32

/** Above this share of the length the collar's own opening is seen. */
const NECK = 0.2
/** Cells from which on a gap is wider than a zip or a button band. */
const WIDE = 6

/** An opening between the flaps of a collar: its greatest width in cells, its depth in rows and as a share of them. */
const WIDEST_COLLAR = 28
const SHALLOWEST_COLLAR = 4
const DEEPEST_COLLAR = 0.3
/** How far above its points a collar stands, at most, as a share of the length. */
const COLLAR_STANDS = 0.15

const MOST_CONTRAST = 0.12
const MOST_EDGE = 0.1
/** What a row must show to count for a gap. */
const THRESHOLD = 0.05
/** What it costs to begin or end a gap, and to move one of its edges by a cell. */
const CHANGE = 0.3
const STEP = 0.006

/** How much each row looks as though a gap ran from column l to before r: score[(v * COLUMNS + l) * COLUMNS + r]. */
const scoreRows = ({ lab }: Front): Float32Array => {
  const score = new Float32Array(ROWS * COLUMNS * COLUMNS).fill(-1)
  const sums = new Float32Array((COLUMNS + 1) * 3)
  for (let v = 0; v < ROWS; v++) {
    const row = v * COLUMNS * 3
    for (let i = 0; i < COLUMNS * 3; i++) sums[i + 3] = sums[i]! + lab[row + i]!
    const mean = (c: number, from: number, to: number) => (sums[to * 3 + c]! - sums[from * 3 + c]!) / (to - from)
    const edge = (u: number) => {
      const k = row + u * 3
      return Math.min(
        MOST_EDGE,
        Math.hypot(lab[k]! - lab[k - 3]!, lab[k + 1]! - lab[k - 2]!, lab[k + 2]! - lab[k - 1]!),
      )
    }
    for (let l = PANEL; l < COLUMNS - PANEL - NARROWEST; l++) {
      const left = edge(l)
      for (let r = l + NARROWEST; r <= Math.min(COLUMNS - PANEL, l + WIDEST); r++) {
        let [a, b, ab] = [0, 0, 0]
        for (let c = 0; c < 3; c++) {
          const inner = mean(c, l, r)
          const da = inner - mean(c, l - PANEL, l)
          const db = inner - mean(c, r, r + PANEL)
          a += da * da
          b += db * db
          ab += da * db
        }
        const contrast = Math.min(MOST_CONTRAST, Math.sqrt(Math.min(a, b)))
        const agree = ab / Math.max(1e-9, Math.sqrt(a * b))
        const edges = left + (r < COLUMNS ? edge(r) : 0)
        score[(v * COLUMNS + l) * COLUMNS + r] = contrast * agree + 0.4 * edges - THRESHOLD
      }
    }
  }
  return score
}

type FrontPath = { left: Int16Array; right: Int16Array; total: number }

/** The likeliest gap as a pair of edges per row (Viterbi over pairs); left is -1 where the front is closed. */
const tracePath = (score: Float32Array): FrontPath => {
  const states = COLUMNS * COLUMNS
  const closed = states
  let best = new Float32Array(states + 1).fill(-1e9)
  best[closed] = 0
  const from = new Int16Array(ROWS * (states + 1))
  for (let v = 0; v < ROWS; v++) {
    const next = new Float32Array(states + 1).fill(-1e9)
    next[closed] = best[closed]!
    from[v * (states + 1) + closed] = closed
    for (let l = PANEL; l < COLUMNS; l++) {
      for (let r = l + NARROWEST; r <= Math.min(COLUMNS - PANEL, l + WIDEST); r++) {
        const s = l * COLUMNS + r
        if (best[s]! - CHANGE > next[closed]!) {
          next[closed] = best[s]! - CHANGE
          from[v * (states + 1) + closed] = s
        }
        let most = best[closed]! - CHANGE
        let origin = closed
        for (let dl = -1; dl <= 1; dl++) {
          for (let dr = -1; dr <= 1; dr++) {
            const p = s + dl * COLUMNS + dr
            const value = best[p]! - STEP * (Math.abs(dl) + Math.abs(dr))
            if (value > most) {
              most = value
              origin = p
            }
          }
        }
        next[s] = most + score[v * states + s]!
        from[v * (states + 1) + s] = origin
      }
    }
    best = next
  }
  let state = closed
  for (let s = 0; s < states; s++) if (best[s]! - CHANGE > best[state]! - (state === closed ? 0 : CHANGE)) state = s
  const path = { left: new Int16Array(ROWS).fill(-1), right: new Int16Array(ROWS).fill(-1), total: best[state]! }
  for (let v = ROWS - 1; v >= 0; v--) {
    if (state !== closed) {
      path.left[v] = (state / COLUMNS) | 0
      path.right[v] = state % COLUMNS
    }
    state = from[v * (states + 1) + state]!
  }
  return path
}

/** How far (cells) a path is moved aside to ask whether the cloth looks like that everywhere: stripes and checks do. */
const SHIFTS = [-24, -20, -17, -14, -12, -10, -8, -7, -6, 6, 7, 8, 10, 12, 14, 17, 20, 24]

/** Mean score of the path moved aside by `shift` columns, over the rows where it stays in the patch. */
const meanScore = (score: Float32Array, { left, right }: FrontPath, shift: number): number => {
  let [sum, n, open] = [0, 0, 0]
  for (let v = 0; v < ROWS; v++) {
    if (left[v]! < 0) continue
    open++
    const [l, r] = [left[v]! + shift, right[v]! + shift]
    if (l < PANEL || r > COLUMNS - PANEL) continue
    sum += score[(v * COLUMNS + l) * COLUMNS + r]!
    n++
  }
  return n > open * 0.6 ? sum / n : -THRESHOLD
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** What tells a gap between two front edges from a print, a placket, a check or a fold. */
type FrontReading = {
  /** The rows of the gap: from where it begins to where it first ends. */
  start: number
  end: number
  /** Share of the rows below the neck over which it is wider than a zip or a band. */
  wide: number
  /** Mean width, and how far its middle lies from the garment's, in cells. */
  mean: number
  off: number
  /** How much the inside differs from the panels (OKLab), and the share of its rows that differ that way. */
  contrast: number
  agreed: number
  /** How much the same shape would look like a gap elsewhere on the cloth, as a share of its own strength. */
  likeness: number
  /** Mean score of its rows. */
  strength: number
}

/** Inside less panel of row `v`: L, a, b. */
const stepInwards = (lab: Float32Array, v: number, l: number, r: number): number[] =>
  [0, 1, 2].map((c) => {
    let [inner, outer] = [0, 0]
    for (let u = l; u < r; u++) inner += lab[(v * COLUMNS + u) * 3 + c]!
    for (let k = 0; k < PANEL; k++)
      outer += lab[(v * COLUMNS + l - 1 - k) * 3 + c]! + lab[(v * COLUMNS + r + k) * 3 + c]!
    return inner / (r - l) - outer / (2 * PANEL)
  })

const measureFront = ({ lab }: Front, score: Float32Array, path: FrontPath): FrontReading => {
  const { left, right } = path
  let start = 0
  while (start < ROWS && left[start]! < 0) start++
  let end = start
  while (end < ROWS && left[end]! >= 0) end++
  const from = Math.max(start, Math.round(ROWS * NECK))
  const n = Math.max(1, end - from)
  let [widths, wide, off] = [0, 0, 0]
  const steps: number[][] = []
  for (let v = from; v < end; v++) {
    const [l, r] = [left[v]!, right[v]!]
    widths += r - l
    off += (l + r - COLUMNS) / 2
    if (r - l >= WIDE) wide++
    steps.push(stepInwards(lab, v, l, r))
  }
  const typical = [0, 1, 2].map((c) => median(steps.map((step) => step[c]!)))
  const along = (step: number[]) => step.reduce((sum, value, c) => sum + value * typical[c]!, 0)
  const square = along(typical)
  const own = meanScore(score, path, 0) + THRESHOLD
  const others = Math.max(...SHIFTS.map((shift) => meanScore(score, path, shift))) + THRESHOLD
  return {
    start,
    end,
    wide: wide / (ROWS * (1 - NECK)),
    mean: widths / n,
    off: Math.abs(off / n),
    contrast: Math.sqrt(square),
    agreed: steps.filter((step) => along(step) > 0.25 * square).length / n,
    likeness: others / Math.max(1e-6, own),
    strength: own - THRESHOLD,
  }
}

/** Where a garment stops counting as closed. A weak gap must differ from the panels the same way nearly everywhere. */
const isOpen = (front: FrontReading): boolean =>
  front.start <= 0.15 * ROWS &&
  front.end >= 0.75 * ROWS &&
  front.wide >= 0.5 &&
  front.mean <= COLUMNS / 3 &&
  front.off <= COLUMNS * 0.14 &&
  front.contrast >= 0.045 &&
  front.likeness <= 0.4 &&
  front.agreed >= (front.strength >= 0.075 ? 0.7 : 0.9)

/** Rows (each way) over which an edge of the gap is averaged. */
const CALM = 3

const calmEdge = (edge: Int16Array, start: number, end: number): Float32Array =>
  Float32Array.from({ length: end - start }, (_, k) => {
    const [from, to] = [Math.max(start, start + k - CALM), Math.min(end, start + k + CALM + 1)]
    let sum = 0
    for (let v = from; v < to; v++) sum += edge[v]!
    return sum / (to - from)
  })

/** Marks what lies between the edges over rows from `start` to before `end`, and on straight from both ends to `above` and `below`, where it ends in a curve `round` rows deep. */
const markBetween = (
  cutout: Raster,
  front: Front,
  path: FrontPath,
  { start, end, above, below, round }: { start: number; end: number; above: number; below: number; round: number },
): Uint8Array => {
  const { width, height } = cutout
  const marked = new Uint8Array(width * height)
  const [left, right] = [calmEdge(path.left, start, end), calmEdge(path.right, start, end)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const { u, v } = front.toPatch(x + 0.5, y + 0.5)
      if (v < above || v > below || u < 0 || u > COLUMNS) continue
      const k = clamp(v - start - 0.5, 0, end - start - 1)
      const [i, j] = [Math.floor(k), Math.ceil(k)]
      const [l, r] = [mix(left[i]!, left[j]!, k - i), mix(right[i]!, right[j]!, k - i)]
      if (u < l || u > r) continue
      const aside = (2 * (u - l)) / (r - l) - 1
      if (v <= below - round * aside * aside) marked[y * width + x] = 255
    }
  }
  return marked
}

/** The rows of a collar's opening: wide at the top, closing within the upper third; undefined where the path shows none. */
const findOpening = ({ left, right }: FrontPath): { start: number; end: number } | undefined => {
  let start = 0
  while (start < 4 && left[start]! < 0) start++
  let end = start
  let narrowest = WIDEST_COLLAR
  while (end < ROWS * DEEPEST_COLLAR && left[end]! >= 0) {
    const wide = right[end]! - left[end]!
    if (wide <= NARROWEST || wide > narrowest + 2) break
    narrowest = Math.min(narrowest, wide)
    end++
  }
  return end - start >= SHALLOWEST_COLLAR ? { start, end } : undefined
}

export type FrontOpening = { isOpen: boolean; behind: Uint8Array | undefined }

/**
 * Reads the front of a top in its picture. A front that hangs open (an unzipped jacket, a cardigan) shows a strip from the
 * collar down to the hem with an edge on both sides, of another colour than the panels beside it. A closed one may have
 * such an opening between the flaps of its collar (`collared`). Prints, button bands, zips, checks and seams are none.
 * `behind` is 255 where the picture shows what lies behind the body, picture size.
 */
export const readFrontOpening = (cutout: Raster, landmarks: GarmentLandmarks, collared: boolean): FrontOpening => {
  const front = readFront(cutout, landmarks)
  if (!front) return { isOpen: false, behind: undefined }
  const score = scoreRows(front)
  const path = tracePath(score)
  const reading = measureFront(front, score, path)
  if (isOpen(reading)) {
    // Where the gap reaches the last row it goes on below it, past the hem.
    const below = reading.end >= ROWS - 3 ? ROWS * 1.2 : reading.end
    return {
      isOpen: true,
      behind: markBetween(cutout, front, path, { ...reading, above: reading.start, below, round: 0 }),
    }
  }
  const opening = collared ? findOpening(path) : undefined
  const rows = opening && {
    ...opening,
    above: -ROWS * COLLAR_STANDS,
    below: opening.end + 1,
    round: 0.45 * (opening.end - opening.start),
  }
  return { isOpen: false, behind: rows && markBetween(cutout, front, path, rows) }
}

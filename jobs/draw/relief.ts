import type { Point } from '../../modules/tryon/pure/image.ts'
import { densify } from './geometry.ts'
import { blurPlane, distanceInside } from './plane.ts'
import type { Coverage } from './raster.ts'
import type { Scene } from './scene.ts'

/** One soft fold: a ridge along a path (cm), with a valley on its lee side. Height and width in cm. */
export type Fold = {
  path: Point[]
  width: number
  height: number
  /** where along the path it fades: 0 both ends, 1 far end only */ root?: number
  valley?: number
}

export type Relief = {
  /** how far in from the edge the volume rounds off, and how high it stands, cm */
  round: number
  depth: number
  folds: readonly Fold[]
  /** `whole`: volume by the edge of all that is drawn, so that joined pieces make one body; `over`: laid on what is there */
  on?: 'whole' | 'over'
  /** large soft unevenness: height in cm, size across and along in cm */
  drape?: { height: number; across: number; along: number; lean?: number; sharp?: number }[]
  /** anything else, from cm of the cut (before the warp) to cm of height */
  extra?: (x: number, y: number) => number
}

const fade = (t: number, root: number): number => {
  const near = root > 0 ? 1 : Math.min(1, t * 3.2)
  const far = Math.min(1, (1 - t) * (root > 0 ? 1.25 : 3.2))
  const f = near * far
  return f * f * (3 - 2 * f)
}

/** Adds a fold to a half-resolution plane. Distance to the path by its nearest segment. */
const addFold = (plane: Float32Array, box: Box, scene: Scene, fold: Fold): void => {
  const half = scene.pxPerCm / 2
  const path = densify(fold.path, 3, false).map((p) => {
    const q = scene.place(p)
    return { x: q.x / 2 - box.left, y: q.y / 2 - box.top }
  })
  const w = fold.width * half
  const reach = w * 3.4
  const lengths = path.map((p, i) => (i === 0 ? 0 : Math.hypot(p.x - path[i - 1]!.x, p.y - path[i - 1]!.y)))
  const total = lengths.reduce((sum, n) => sum + n, 0) || 1
  const x0 = Math.max(0, Math.floor(Math.min(...path.map((p) => p.x)) - reach))
  const x1 = Math.min(box.width - 1, Math.ceil(Math.max(...path.map((p) => p.x)) + reach))
  const y0 = Math.max(0, Math.floor(Math.min(...path.map((p) => p.y)) - reach))
  const y1 = Math.min(box.height - 1, Math.ceil(Math.max(...path.map((p) => p.y)) + reach))
  const valley = fold.valley ?? 0.55
  const height = fold.height * scene.pxPerCm
  for (let y = y0; y <= y1; y++)
    for (let x = x0; x <= x1; x++) {
      let best = reach * reach
      let side = 0
      let place = 0
      let before = 0
      for (let k = 1; k < path.length; k++) {
        const a = path[k - 1]!
        const b = path[k]!
        const ex = b.x - a.x
        const ey = b.y - a.y
        const px = x - a.x
        const py = y - a.y
        const length = lengths[k]!
        let t = (px * ex + py * ey) / (length * length || 1)
        t = t < 0 ? 0 : t > 1 ? 1 : t
        const dx = px - ex * t
        const dy = py - ey * t
        const d = dx * dx + dy * dy
        if (d < best) {
          best = d
          side = ex * py - ey * px
          place = before + t * length
        }
        before += length
      }
      if (best >= reach * reach) continue
      const s = (Math.sqrt(best) / w) * (side < 0 ? -1 : 1)
      const ridge = Math.exp(-s * s * (s < 0 ? 1.6 : 0.75))
      const lee = s - 1.7
      plane[y * box.width + x]! +=
        height * fade(place / total, fold.root ?? 0) * (ridge - valley * Math.exp(-lee * lee))
    }
}

type Box = { left: number; top: number; width: number; height: number }

/** The half-resolution box and mask of a piece. */
const halve = (area: Coverage): Box & { data: Float32Array } => {
  const left = area.left >> 1
  const top = area.top >> 1
  const width = ((area.left + area.width + 1) >> 1) - left
  const height = ((area.top + area.height + 1) >> 1) - top
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const fromY = (y + top) * 2 - area.top
    if (fromY < 0 || fromY >= area.height) continue
    for (let x = 0; x < width; x++) {
      const fromX = (x + left) * 2 - area.left
      if (fromX >= 0 && fromX < area.width) data[y * width + x] = area.data[fromY * area.width + fromX]!
    }
  }
  return { left, top, width, height, data }
}

const addDrape = (plane: Float32Array, box: Box, scene: Scene, drape: NonNullable<Relief['drape']>): void => {
  const perCm = 2 / scene.pxPerCm
  for (const [k, { height, across, along, lean = 0, sharp = 0 }] of drape.entries()) {
    const h = height * scene.pxPerCm
    for (let y = 0; y < box.height; y++)
      for (let x = 0; x < box.width; x++) {
        const i = y * box.width + x
        if (plane[i]! < 0) continue
        const cx = (x + box.left) * perCm
        const cy = (y + box.top) * perCm
        const bend = scene.noise(cx / (across * 2.6) + 31.7 * k, cy / (along * 1.4) + 7.1) * 0.9
        const n = scene.noise((cx + cy * lean) / across + bend + 13.3 * k, cy / along + bend * 0.4 + 91.1)
        plane[i]! += h * (sharp > 0 ? n * (1 - sharp) + sharp * (1 - 2.2 * Math.abs(n)) : n)
      }
  }
}

/** Where anything is drawn, in a half-resolution box. */
const drawnIn = (scene: Scene, box: Box): Float32Array => {
  const drawn = new Float32Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const row = Math.min(scene.height - 1, (y + box.top) * 2) * scene.width
    for (let x = 0; x < box.width; x++)
      drawn[y * box.width + x] = scene.alpha[row + Math.min(scene.width - 1, (x + box.left) * 2)]!
  }
  return drawn
}

/** Gives a laid piece its volume and folds: replaces the coarse height where the piece lies. */
export const mould = (scene: Scene, area: Coverage, relief: Relief): void => {
  const box = halve(area)
  if (box.data.length === 0) return
  const half = scene.pxPerCm / 2
  const d =
    relief.on === 'whole'
      ? distanceInside(drawnIn(scene, box), box.width, box.height, 1e6)
      : distanceInside(box.data, box.width, box.height)
  const round = relief.round * half
  const depth = relief.depth * scene.pxPerCm
  const plane = new Float32Array(d.length)
  for (let i = 0; i < d.length; i++) {
    const t = 1 - Math.min(1, d[i]! / round)
    plane[i] = depth * (1 - t * t)
  }
  blurPlane(plane, box.width, box.height, round / 6, 2)
  if (relief.drape) addDrape(plane, box, scene, relief.drape)
  for (const fold of relief.folds) addFold(plane, box, scene, fold)
  if (relief.extra) addExtra(plane, box, scene, relief.extra)
  const wide = scene.width / 2
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++) {
      const c = box.data[y * box.width + x]!
      if (c === 0) continue
      const i = (y + box.top) * wide + x + box.left
      const h = plane[y * box.width + x]!
      if (relief.on === 'over') scene.coarse[i]! += h * c
      else if (relief.on === 'whole') scene.coarse[i] = c > 0.5 || scene.coarse[i] === 0 ? h : scene.coarse[i]!
      else scene.coarse[i] = scene.coarse[i]! * (1 - c) + h * c
    }
}

/** `extra` speaks in cm of the cut: the picture's place of the origin and scale are near enough, the warp is small. */
const addExtra = (plane: Float32Array, box: Box, scene: Scene, extra: (x: number, y: number) => number): void => {
  const origin = scene.place({ x: 0, y: 0 })
  const perCm = 2 / scene.pxPerCm
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++)
      plane[y * box.width + x]! +=
        scene.pxPerCm *
        extra((x + box.left) * perCm - origin.x / scene.pxPerCm, (y + box.top) * perCm - origin.y / scene.pxPerCm)
}

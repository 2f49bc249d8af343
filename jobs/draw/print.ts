import type { Point } from '../../modules/tryon/pure/image.ts'
import { densify } from './geometry.ts'
import type { Scene } from './scene.ts'

export type ArtName = 'sun' | 'peaks' | 'waves' | 'rings' | 'bolt' | 'bars' | 'flower' | 'compass' | 'moonlit' | 'bike'
/** A print on the chest, centred at (x, y) cm of the cut; sizes in cm. `ink` n is colour n of the colourway's inks. */
export type Print = {
  x?: number
  y: number
  text?: { line: string; height: number; y: number; ink?: number; weight?: number; spacing?: number; arch?: number }[]
  art?: { name: ArtName; size: number; y: number; ink?: number; second?: number }
}

/** Strokes of capital letters on a 4 x 6 grid: pairs of digits x y, strokes parted by spaces; our own drawing. */
const GLYPHS: Record<string, string> = {
  A: '062046 1434',
  B: '06003041423303 3343453606',
  C: '4130100105163645',
  D: '06002041452606',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '2026',
  J: '404536160504',
  K: '0006 4003 1346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 3446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  '0': '103041453616050110',
  '1': '112026 1636',
  '2': '0110304142060646',
  '3': '00402233444536160504',
  '4': '36300444',
  '5': '400002324345361605',
  '6': '30020516364544331303',
  '7': '004016',
  '8': '103041423303020110 1304051636454433',
  '9': '43130201103041444516',
  '-': '1333',
  '.': '2626',
  '&': '46112031420516364',
  '/': '4006',
  "'": '2021',
  ' ': '',
}

const strokesOf = (glyph: string): Point[][] =>
  (GLYPHS[glyph] ?? '').split(' ').map((run) => {
    const points: Point[] = []
    for (let i = 0; i + 1 < run.length; i += 2) points.push({ x: Number(run[i]), y: Number(run[i + 1]) })
    return points
  })

type Brush = { scene: Scene; origin: Point; ink: number }

/** Puts down ink where `cover` (0 to 1, from cm relative to the print's middle) says, on the body only, following the folds. */
const press = (
  { scene, origin, ink }: Brush,
  box: [x0: number, y0: number, x1: number, y1: number],
  cover: (x: number, y: number, edge: number) => number,
): void => {
  const { pxPerCm, width, height, slot, alpha, u, v, coarse } = scene
  const a = scene.place({ x: origin.x + box[0], y: origin.y + box[1] })
  const b = scene.place({ x: origin.x + box[2], y: origin.y + box[3] })
  const base = scene.place({ x: 0, y: 0 })
  const edge = 1 / pxPerCm
  const slack = Math.ceil(pxPerCm)
  const wide = width / 2
  const near = slot[Math.round((a.y + b.y) / 2) * width + Math.round((a.x + b.x) / 2)]!
  for (let y = Math.max(2, Math.floor(a.y) - slack); y < Math.min(height - 2, b.y + slack); y++)
    for (let x = Math.max(2, Math.floor(a.x) - slack); x < Math.min(width - 2, b.x + slack); x++) {
      const i = y * width + x
      if (!alpha[i] || (slot[i]! !== near && slot[i]! !== 0)) continue
      const k = (y >> 1) * wide + (x >> 1)
      const du = Math.max(-0.3, Math.min(0.3, (coarse[k + 1]! - coarse[k - 1]!) * 0.12))
      const dv = Math.max(-0.3, Math.min(0.3, (coarse[k + wide]! - coarse[k - wide]!) * 0.12))
      const worn = 0.93 + 0.07 * scene.noise(u[i]! * 2.1 + base.x, v[i]! * 2.1)
      const c = cover(u[i]! - origin.x + du, v[i]! - origin.y + dv, edge) * worn
      if (c < 0.01) continue
      const held = scene.inkShare[i]! * (1 - c)
      if (c >= held) scene.ink[i] = ink
      scene.inkShare[i] = Math.min(1, held + c)
    }
}

const lineCover = (strokes: Point[][], half: number): ((x: number, y: number, edge: number) => number) => {
  const segments = strokes.flatMap((s) =>
    s.length === 1 ? [[s[0]!, s[0]!] as const] : s.slice(1).map((p, i) => [s[i]!, p] as const),
  )
  return (x, y, edge) => {
    let best = Infinity
    for (const [a, b] of segments) {
      const ex = b.x - a.x
      const ey = b.y - a.y
      const px = x - a.x
      const py = y - a.y
      const t = Math.max(0, Math.min(1, (px * ex + py * ey) / (ex * ex + ey * ey || 1)))
      const d = (px - ex * t) ** 2 + (py - ey * t) ** 2
      if (d < best) best = d
    }
    return Math.max(0, Math.min(1, (half - Math.sqrt(best)) / edge + 0.5))
  }
}

const write = (
  scene: Scene,
  origin: Point,
  { line, height, y, ink = 0, weight = 0.16, spacing = 1, arch = 0 }: NonNullable<Print['text']>[number],
): void => {
  const unit = height / 6
  const advance = unit * (4 + 1.7 * spacing)
  const widths = [...line].map((glyph) => (glyph === ' ' ? advance * 0.6 : glyph === 'I' ? advance * 0.55 : advance))
  const total = widths.reduce((sum, w) => sum + w, 0) - unit * 1.7 * spacing
  let pen = -total / 2
  for (const [k, glyph] of [...line].entries()) {
    const left = glyph === 'I' ? pen - unit * 1.6 : pen
    const middle = pen + widths[k]! / 2 - unit
    const rise = arch * (1 - (middle / (total / 2 || 1)) ** 2)
    const strokes = strokesOf(glyph).map((stroke) =>
      densify(
        stroke.map((p) => ({ x: left + p.x * unit, y: y + (p.y - 3) * unit - rise })),
        8,
        false,
      ),
    )
    if (glyph !== ' ') {
      const half = height * weight * 0.5
      press(
        { scene, origin, ink },
        [left - half, y - height / 2 - rise - half, left + unit * 4 + half, y + height / 2 - rise + half],
        lineCover(strokes, half),
      )
    }
    pen += widths[k]!
  }
}

const inside = (d: number, edge: number): number => Math.max(0, Math.min(1, d / edge + 0.5))

/** Drawings in a box from -1 to 1; positive results are ink, the first or the second. */
const ART: Record<
  ArtName,
  [first: (x: number, y: number, e: number) => number, second: (x: number, y: number, e: number) => number]
> = {
  sun: [
    (x, y, e) => {
      const r = Math.hypot(x, y)
      const cut = y > 0.02 ? inside(Math.abs(((y * 5) % 1) - 0.5) * 0.2 - 0.016 - y * 0.045, e) : 1
      return inside(0.8 - r, e) * cut
    },
    () => 0,
  ],
  peaks: [
    (x, y, e) =>
      inside(Math.min(y + 0.62 - Math.abs(x + 0.22) * 1.15, 0.55 - y), e) *
      (1 - inside(Math.min(-0.24 - y + 0.08 * Math.sin(x * 26), 1), e)),
    (x, y, e) =>
      Math.max(
        inside(Math.min(y + 0.22 - Math.abs(x - 0.46) * 1.1, 0.55 - y), e),
        inside(0.17 - Math.hypot(x - 0.5, y + 0.55), e),
      ),
  ],
  waves: [
    (x, y, e) => {
      if (Math.abs(x) > 0.95 || y < -0.5 || y > 0.62) return 0
      const d = y + 0.11 * Math.sin(x * 9)
      return inside(0.058 - Math.abs(((d * 4.2 + 20) % 1) / 4.2 - 0.119), e)
    },
    (x, y, e) => inside(0.24 - Math.hypot(x - 0.45, y + 0.72), e),
  ],
  rings: [
    (x, y, e) => Math.max(...[0.85, 0.66, 0.47].map((r) => inside(0.035 - Math.abs(Math.hypot(x, y) - r), e))),
    (x, y, e) => inside(0.28 - Math.hypot(x, y), e),
  ],
  bolt: [
    (x, y, e) =>
      inside(
        Math.min(0.9 - Math.abs(y), y < 0.06 ? 0.3 - Math.abs(x + y * 0.42 - 0.02) - (y + 0.9) * 0.06 : -1, 1),
        e,
      ) + inside(Math.min(y > -0.14 ? 0.3 - Math.abs(x + y * 0.42 - 0.1) - (y + 0.14) * 0.29 : -1, 0.9 - y), e),
    () => 0,
  ],
  bars: [
    (x, y, e) => inside(Math.min(0.95 - Math.abs(x), 0.13 - Math.abs(y + 0.5)), e),
    (x, y, e) => Math.max(inside(Math.min(0.95 - Math.abs(x), 0.13 - Math.abs(y)), e), 0),
  ],
  flower: [
    (x, y, e) => {
      const a = Math.atan2(y, x)
      return (
        inside(0.5 + 0.36 * Math.abs(Math.cos(a * 3)) - Math.hypot(x, y), e) * (1 - inside(0.24 - Math.hypot(x, y), e))
      )
    },
    (x, y, e) => inside(0.18 - Math.hypot(x, y), e),
  ],
  compass: [
    (x, y, e) => {
      const r = Math.hypot(x, y)
      const star = inside(0.14 - Math.abs(x) * Math.abs(y) * 6 - r * 0.16, e) * inside(0.8 - r, e)
      return Math.max(star, inside(0.03 - Math.abs(r - 0.9), e), inside(0.018 - Math.abs(r - 0.8), e))
    },
    () => 0,
  ],
  moonlit: [
    (x, y, e) => inside(0.62 - Math.hypot(x, y + 0.12), e) * (1 - inside(0.52 - Math.hypot(x - 0.26, y + 0.2), e)),
    (x, y, e) =>
      Math.max(
        inside(0.03 - Math.abs(y - 0.62 - 0.04 * Math.sin(x * 12)), e),
        inside(0.03 - Math.abs(y - 0.76 - 0.04 * Math.sin(x * 12 + 2)), e),
      ) * inside(0.85 - Math.abs(x), e),
  ],
  bike: [
    (x, y, e) => {
      const wheel = (cx: number) => inside(0.035 - Math.abs(Math.hypot(x - cx, y - 0.25) - 0.36), e)
      const rods = lineCover(
        [
          [
            { x: -0.52, y: 0.25 },
            { x: -0.2, y: -0.28 },
            { x: 0.34, y: -0.28 },
            { x: 0.52, y: 0.25 },
          ],
          [
            { x: -0.2, y: -0.28 },
            { x: 0.02, y: 0.25 },
            { x: 0.34, y: -0.28 },
            { x: 0.28, y: -0.46 },
            { x: 0.46, y: -0.5 },
          ],
          [
            { x: -0.52, y: 0.25 },
            { x: 0.02, y: 0.25 },
          ],
          [
            { x: -0.3, y: -0.42 },
            { x: -0.1, y: -0.42 },
          ],
          [
            { x: -0.2, y: -0.28 },
            { x: -0.22, y: -0.42 },
          ],
        ],
        0.034,
      )
      return Math.max(wheel(-0.52), wheel(0.52), rods(x, y, e))
    },
    () => 0,
  ],
}

/** Prints words and a drawing on the body; the frame of the body must lie with its origin at the cut's origin. */
export const applyPrint = (scene: Scene, print: Print): void => {
  const middle = { x: print.x ?? 0, y: print.y }
  if (print.art) {
    const { name, size, y, ink = 0, second = 1 } = print.art
    const half = size / 2
    const [one, two] = ART[name]
    const origin = { x: middle.x, y: middle.y + y }
    press({ scene, origin, ink }, [-half, -half, half, half], (px, py, e) => one(px / half, py / half, e / half))
    press({ scene, origin, ink: second }, [-half, -half, half, half], (px, py, e) =>
      two(px / half, py / half, e / half),
    )
  }
  for (const text of print.text ?? []) write(scene, middle, text)
}

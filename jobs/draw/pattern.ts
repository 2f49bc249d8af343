import { disc, fraction, type Inked, type Inker, type MotifName, MOTIFS, soft } from './motifs.ts'
import { animalTile, bloomTile, fromTile, scatter } from './repeats.ts'
import type { Scene } from './scene.ts'

/** Ink number n of a pattern is colour n of the colourway's `inks`. Lengths in cm. */
export type Pattern =
  | {
      kind: 'stripes'
      period: number
      width: number
      along?: 'across' | 'down'
      ink?: number
      second?: { at: number; width: number; ink: number }
      from?: number
      to?: number
    }
  | { kind: 'gingham'; size: number }
  | { kind: 'tartan'; size: number }
  | { kind: 'windowpane'; size: number; width: number }
  | { kind: 'houndstooth'; size: number }
  | { kind: 'glen'; size: number }
  | { kind: 'dots'; spacing: number; radius: number }
  | { kind: 'motif'; motif: MotifName; spacing: number; size: number }
  | { kind: 'floral'; scale: number; density: number; seed: string }
  | { kind: 'leaves'; scale: number; seed: string }
  | { kind: 'animal'; scale: number; seed: string }
  | { kind: 'fairIsle'; size: number; from: number; to: number }
  | { kind: 'argyle'; size: number }
  | { kind: 'dip'; from: number; to: number }
/** How much of a pixel lies within `half` of the middle of each period; `edge` is a pixel in cm. */
const bar = (x: number, period: number, middle: number, half: number, edge: number): number => {
  const d = Math.abs(fraction(x / period - middle / period + 0.5) - 0.5) * period
  const c = (half - d) / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}
/** Interlaced colours of a woven check: two sets of bars, threads half over and half under. */
const tartan = (size: number): Inker => {
  const sett = (x: number, edge: number): [ink: number, share: number] => {
    const wide = bar(x, size, size * 0.5, size * 0.2, edge)
    const line = bar(x, size, size * 0.06, size * 0.022, edge)
    const pair = Math.max(bar(x, size, size * 0.42, size * 0.03, edge), bar(x, size, size * 0.58, size * 0.03, edge))
    if (line > 0.3) return [1, line]
    if (pair > 0.3) return [2, pair]
    return [0, wide]
  }
  return (u, v, edge, out) => {
    const warp = sett(u, edge)
    const weft = sett(v, edge)
    const over = fraction((u + v) / (edge * 4)) < 0.5
    const top = over ? warp : weft
    const other = over ? weft : warp
    const chosen = top[1] > 0.05 ? top : other
    out.ink = chosen[0]
    out.share = chosen === top ? top[1] * 0.92 : other[1] * 0.4
  }
}

const inkers: { [K in Pattern['kind']]: (pattern: Extract<Pattern, { kind: K }>) => Inker } = {
  stripes:
    ({ period, width, along = 'across', ink = 0, second, from = -1e3, to = 1e3 }) =>
    (u, v, edge, out) => {
      const x = along === 'across' ? v : u
      out.ink = ink
      out.share = v < from || v > to ? 0 : bar(x, period, period / 2, width / 2, edge)
      if (!second) return
      const other = bar(x, period, second.at, second.width / 2, edge)
      if (other > out.share) {
        out.ink = second.ink
        out.share = other
      }
    },
  gingham:
    ({ size }) =>
    (u, v, edge, out) => {
      const a = bar(u, size * 2, size / 2, size / 2, edge)
      const b = bar(v, size * 2, size / 2, size / 2, edge)
      out.ink = 0
      out.share = (a + b) * 0.5
    },
  tartan: ({ size }) => tartan(size),
  windowpane:
    ({ size, width }) =>
    (u, v, edge, out) => {
      out.ink = 0
      out.share =
        0.85 * Math.max(bar(u, size, size / 2, width / 2, edge), bar(v, size * 1.2, size * 0.6, width / 2, edge))
    },
  houndstooth:
    ({ size }) =>
    (u, v, _edge, out) => {
      const x = Math.floor((u / size) * 8)
      const y = Math.floor((v / size) * 8)
      const warpOnTop = (((x + y) % 4) + 4) % 4 < 2
      const thread = warpOnTop ? x : y
      out.ink = 0
      out.share = ((thread % 8) + 8) % 8 < 4 ? 0.97 : 0
    },
  glen:
    ({ size }) =>
    (u, v, edge, out) => {
      const a = fraction(u / size) < 0.5
      const b = fraction(v / size) < 0.5
      const pitch = size / 16
      const fine = fraction(u / pitch) < 0.5 === fraction(v / pitch) < 0.5
      const broad = fraction((a === b ? u + v : a ? v : u) / (pitch * 1.5)) < 0.5
      out.ink = 0
      out.share = a && b ? (fine ? 0.5 : 0.2) : a !== b ? (broad ? 0.32 : 0.16) : fine ? 0.22 : 0.12
      const line = Math.max(bar(u, size, size * 0.75, edge * 0.7, edge), bar(v, size, size * 0.75, edge * 0.7, edge))
      if (line > 0.4) {
        out.ink = 1
        out.share = line * 0.7
      }
    },
  dots:
    ({ spacing, radius }) =>
    (u, v, edge, out) => {
      const row = Math.floor(v / (spacing * 0.5))
      const x = u + (row % 2 === 0 ? 0 : spacing / 2)
      out.ink = 0
      out.share = disc(
        (fraction(x / spacing) - 0.5) * spacing,
        (fraction(v / (spacing * 0.5)) - 0.5) * spacing * 0.5,
        radius,
        edge,
      )
    },
  motif:
    ({ motif, spacing, size }) =>
    (u, v, edge, out) => {
      const row = Math.floor(v / (spacing * 0.62))
      const x = u + (row % 2 === 0 ? 0 : spacing / 2)
      const drawn = MOTIFS[motif](
        ((fraction(x / spacing) - 0.5) * spacing) / size,
        ((fraction(v / (spacing * 0.62)) - 0.5) * spacing * 0.62) / size,
        edge / size,
      )
      out.ink = drawn.ink
      out.share = drawn.share
    },
  floral: ({ scale, density, seed }) => fromTile(bloomTile(scatter(seed, density, 0.45, 0.86)), scale),
  leaves: ({ scale, seed }) => fromTile(bloomTile(scatter(seed, 90, 1, 0.72)), scale),
  animal: ({ scale, seed }) => fromTile(animalTile(seed), scale),
  fairIsle:
    ({ size, from, to }) =>
    (u, v, _edge, out) => {
      out.share = 0
      if (v < from || v > to) return
      const x = Math.floor((u / size) * 12)
      const y = Math.floor(((v - from) / size) * 12)
      const band = ((y % 24) + 24) % 24
      const k = Math.abs((((x % 12) + 12) % 12) - 6)
      const on =
        band < 2
          ? (x + y) % 2 === 0
          : band === 3
            ? true
            : band < 16
              ? (band > 4 && Math.abs(band - 10) + k < 6) || (k === 6 && Math.abs(band - 10) < 2)
              : band === 17
                ? true
                : band > 18 && band < 22 && (k + band) % 4 < 2
      out.ink = band < 4 || band === 17 ? 1 : 0
      out.share = on ? 0.95 : 0
    },
  argyle:
    ({ size }) =>
    (u, v, edge, out) => {
      const x = u / size
      const y = v / (size * 1.5)
      const a = Math.abs(fraction(x) - 0.5) + Math.abs(fraction(y) - 0.5)
      const odd = Math.floor(x) % 2 === 0
      out.ink = odd ? 0 : 1
      out.share = soft((0.5 - a) * size, edge)
      const cross = Math.min(Math.abs(fraction(x + y) - 0.5), Math.abs(fraction(x - y) - 0.5))
      if (cross < 0.018) {
        out.ink = 2
        out.share = 0.85
      }
    },
  dip:
    ({ from, to }) =>
    (_u, v, _edge, out) => {
      const t = Math.min(1, Math.max(0, (v - from) / (to - from)))
      out.ink = 0
      out.share = t * t * (3 - 2 * t)
    },
}

const inkerOf = <K extends Pattern['kind']>(pattern: Extract<Pattern, { kind: K }>): Inker =>
  (inkers[pattern.kind as K] as (p: Extract<Pattern, { kind: K }>) => Inker)(pattern)

/** Prints or weaves a pattern into every pixel of the slots that carry it; it follows the folds a little. */
export const applyPattern = (scene: Scene, pattern: Pattern, slots: readonly number[]): void => {
  const inker = inkerOf(pattern)
  const { alpha, slot, u, v, ink, inkShare, coarse, width, height, pxPerCm } = scene
  const edge = 1.15 / pxPerCm
  const wide = width / 2
  const out: Inked = { ink: 0, share: 0 }
  for (let y = 2; y < height - 2; y++)
    for (let x = 2; x < width - 2; x++) {
      const i = y * width + x
      if (!alpha[i] || !slots.includes(slot[i]!)) continue
      const k = (y >> 1) * wide + (x >> 1)
      const du = Math.max(-0.5, Math.min(0.5, (coarse[k + 1]! - coarse[k - 1]!) * 0.16))
      const dv = Math.max(-0.5, Math.min(0.5, (coarse[k + wide]! - coarse[k - wide]!) * 0.16))
      inker(u[i]! + du, v[i]! + dv, edge, out)
      if (out.share < 0.01) continue
      ink[i] = out.ink
      inkShare[i] = out.share
    }
}

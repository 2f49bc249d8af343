import { createRandom, seedOf } from './geometry.ts'
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
export type MotifName = 'anchor' | 'leaf' | 'star' | 'bee' | 'cherry' | 'moon' | 'heart' | 'sail'

/** Ink and how much of it at (u, v) cm. The answer is reused: read it before the next call. */
export type Inked = { ink: number; share: number }
type Inker = (u: number, v: number, edge: number, out: Inked) => void

const fraction = (x: number): number => x - Math.floor(x)
/** How much of a pixel lies within `half` of the middle of each period; `edge` is a pixel in cm. */
const bar = (x: number, period: number, middle: number, half: number, edge: number): number => {
  const d = Math.abs(fraction(x / period - middle / period + 0.5) - 0.5) * period
  const c = (half - d) / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}
const disc = (dx: number, dy: number, radius: number, edge: number): number => {
  const c = (radius - Math.sqrt(dx * dx + dy * dy)) / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}

const MOTIFS: Record<MotifName, (x: number, y: number, edge: number) => Inked> = {
  star: (x, y, e) => {
    const r = Math.hypot(x, y)
    const a = Math.atan2(x, -y)
    const k = Math.abs(fraction((a * 5) / (2 * Math.PI) + 0.5) - 0.5) * 2
    return { ink: 0, share: soft(0.42 + 0.5 * (1 - k) ** 1.3 - r - 0.02, e) }
  },
  heart: (x, y, e) => {
    const q = x * x + y * y * 0.9 - 0.42
    return { ink: 0, share: soft(-(q * q * q + x * x * y * y * y * 0.9) * 3, e * 0.8) }
  },
  moon: (x, y, e) => ({ ink: 0, share: disc(x, y, 0.75, e) * (1 - disc(x - 0.34, y - 0.1, 0.62, e)) }),
  anchor: (x, y, e) => {
    const ring = disc(x, y + 0.72, 0.22, e) * (1 - disc(x, y + 0.72, 0.1, e))
    const shank = soft(0.075 - Math.abs(x), e) * soft(0.75 - Math.abs(y - 0.12), e)
    const stock = soft(0.07 - Math.abs(y + 0.36), e) * soft(0.34 - Math.abs(x), e)
    const arms = soft(0.09 - Math.abs(Math.hypot(x, y - 0.16) - 0.66), e) * soft(y - 0.34, e)
    return { ink: 0, share: Math.max(ring, shank, stock, arms) }
  },
  leaf: (x, y, e) => {
    const u = (x + y) * 0.7
    const v = (x - y) * 0.7
    const blade = soft(0.34 * (1 - (u / 0.85) ** 2) - Math.abs(v), e)
    return { ink: 0, share: blade * (1 - 0.8 * soft(0.03 - Math.abs(v), e)) }
  },
  bee: (x, y, e) => {
    const body = soft(1 - ((x / 0.62) ** 2 + (y / 0.36) ** 2), e * 2)
    const wing = Math.max(disc(x - 0.12, y + 0.42, 0.3, e), disc(x + 0.22, y + 0.38, 0.24, e))
    if (body > 0.5) return { ink: fraction(x * 2.1) < 0.5 ? 0 : 1, share: body }
    return { ink: 2, share: wing * 0.85 }
  },
  cherry: (x, y, e) => {
    const left = disc(x + 0.38, y - 0.42, 0.32, e)
    const right = disc(x - 0.36, y - 0.5, 0.32, e)
    const stems =
      Math.max(
        soft(0.045 - Math.abs(x + 0.38 - (0.42 - y) * 0.42), e),
        soft(0.045 - Math.abs(x - 0.36 + (0.5 - y) * 0.28), e),
      ) * soft(0.42 - Math.abs(y + 0.2), e)
    if (Math.max(left, right) > 0.4) return { ink: 0, share: Math.max(left, right) }
    return { ink: 1, share: Math.max(stems, soft(0.14 - Math.abs(y + 0.68) - Math.abs(x - 0.35) * 0.4, e)) }
  },
  sail: (x, y, e) => {
    const hull = soft(0.2 - Math.abs(y - 0.6), e) * soft(0.62 - Math.abs(x) - (y - 0.6) * 0.8, e)
    const main = soft(Math.min(x - 0.04, 0.42 - y, y + 0.85 - x * 1.7), e)
    const jib = soft(Math.min(-x - 0.04, 0.42 - y, y + 0.55 + x * 1.5), e)
    return { ink: hull > 0.5 ? 1 : 0, share: Math.max(hull, main, jib) }
  },
}
function soft(inside: number, edge: number): number {
  const c = inside / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}

type Bloom = {
  x: number
  y: number
  size: number
  turn: number
  petals: number
  ink: number
  heart: number
  leaf: boolean
}

/** A repeat of scattered blossoms and leaves, placed without collisions on a torus. */
const scatter = (seed: string, count: number, leaves: number, gap: number): Bloom[] => {
  const random = createRandom(seedOf(seed))
  const blooms: Bloom[] = []
  for (let tries = 0; tries < count * 60 && blooms.length < count; tries++) {
    const leaf = random() < leaves
    const size = leaf ? 0.045 + random() * 0.05 : 0.05 + random() ** 2 * 0.09
    const [x, y] = [random(), random()]
    const clear = blooms.every((b) => {
      const dx = Math.abs(b.x - x)
      const dy = Math.abs(b.y - y)
      return Math.hypot(Math.min(dx, 1 - dx), Math.min(dy, 1 - dy)) > (b.size + size) * gap
    })
    if (!clear) continue
    blooms.push({
      x,
      y,
      size,
      turn: random() * Math.PI * 2,
      petals: 5 + Math.floor(random() * 2),
      ink: leaf ? 2 : Math.floor(random() * 2),
      heart: 3,
      leaf,
    })
  }
  return blooms
}

const bloomAt = (bloom: Bloom, dx: number, dy: number, edge: number, out: Inked): void => {
  const c = Math.cos(bloom.turn)
  const s = Math.sin(bloom.turn)
  const x = (dx * c + dy * s) / bloom.size
  const y = (dy * c - dx * s) / bloom.size
  const e = edge / bloom.size
  if (bloom.leaf) {
    const blade = soft(0.42 * (1 - x * x) - Math.abs(y), e) * (1 - 0.7 * soft(0.04 - Math.abs(y), e))
    if (blade > out.share) {
      out.ink = 2
      out.share = blade
    }
    return
  }
  const r = Math.hypot(x, y)
  const a = Math.atan2(y, x)
  const lobe = 0.68 + 0.3 * Math.abs(Math.cos((a * bloom.petals) / 2))
  const petal = soft(lobe - r, e)
  if (petal <= out.share) return
  const veins = 0.82 + 0.18 * Math.cos(a * bloom.petals * 3 + r * 4)
  const core = soft(0.24 - r, e)
  out.ink = core > 0.5 ? 3 : bloom.ink
  out.share = petal * (core > 0.5 ? 1 : veins)
}

const TILE = 512
/** Renders a repeat of blooms once; looked up afterwards. */
const bloomTile = (blooms: Bloom[]): { ink: Uint8Array; share: Float32Array } => {
  const ink = new Uint8Array(TILE * TILE)
  const share = new Float32Array(TILE * TILE)
  const out: Inked = { ink: 0, share: 0 }
  for (const bloom of blooms) {
    const reach = Math.ceil(bloom.size * 1.1 * TILE)
    const [cx, cy] = [Math.round(bloom.x * TILE), Math.round(bloom.y * TILE)]
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const i = ((cy + dy) & (TILE - 1)) * TILE + ((cx + dx) & (TILE - 1))
        out.ink = ink[i]!
        out.share = share[i]!
        bloomAt(bloom, dx / TILE, dy / TILE, 1.5 / TILE, out)
        ink[i] = out.ink
        share[i] = out.share
      }
  }
  return { ink, share }
}

/** A repeat looked up with smoothing of coverage: `size` is the repeat in cm. */
const fromTile = (tile: { ink: Uint8Array; share: Float32Array }, size: number): Inker => {
  const scale = TILE / size
  return (u, v, _edge, out) => {
    const x = u * scale + TILE * 64
    const y = v * scale + TILE * 64
    const xi = Math.floor(x)
    const yi = Math.floor(y)
    const a = (yi & (TILE - 1)) * TILE + (xi & (TILE - 1))
    out.ink = tile.ink[a]!
    const b = (yi & (TILE - 1)) * TILE + ((xi + 2) & (TILE - 1))
    const c = ((yi + 2) & (TILE - 1)) * TILE + (xi & (TILE - 1))
    if (tile.share[a]! < 0.1) out.ink = tile.share[b]! > tile.share[c]! ? tile.ink[b]! : tile.ink[c]!
    out.share = (tile.share[a]! * 2 + tile.share[b]! + tile.share[c]!) / 4
  }
}

const animalTile = (seed: string): { ink: Uint8Array; share: Float32Array } => {
  const random = createRandom(seedOf(seed))
  const ink = new Uint8Array(TILE * TILE)
  const share = new Float32Array(TILE * TILE)
  const centres: { x: number; y: number; r: number; gap: number }[] = []
  for (let tries = 0; tries < 9000 && centres.length < 150; tries++) {
    const [x, y, r] = [random(), random(), 0.024 + random() * 0.016]
    const clear = centres.every((b) => {
      const dx = Math.abs(b.x - x)
      const dy = Math.abs(b.y - y)
      return Math.hypot(Math.min(dx, 1 - dx), Math.min(dy, 1 - dy)) > (b.r + r) * 1.05
    })
    if (clear) centres.push({ x, y, r, gap: random() * 6.28 })
  }
  for (const { x, y, r, gap } of centres) {
    const reach = Math.ceil(r * 1.6 * TILE)
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const i = ((Math.round(y * TILE) + dy) & (TILE - 1)) * TILE + ((Math.round(x * TILE) + dx) & (TILE - 1))
        const a = Math.atan2(dy, dx) + gap
        const d = Math.hypot(dx, dy * 1.15) / TILE / r / (1 + 0.16 * Math.sin(3 * a) + 0.1 * Math.sin(5 * a + gap))
        const ring = soft(0.27 - Math.abs(d - 0.75), 0.16) * soft(0.55 + Math.cos(a * 1.5 + gap), 0.5)
        const core = soft(0.55 - d, 0.2)
        if (ring > share[i]! || (core > 0.5 && share[i]! < 0.5)) {
          ink[i] = ring > 0.4 ? 0 : 1
          share[i] = Math.max(ring, core)
        }
      }
  }
  return { ink, share }
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
      const fine = fraction(u / (edge * 4)) < 0.5 === fraction(v / (edge * 4)) < 0.5
      const broad = fraction(u / (edge * 8)) < 0.5
      out.ink = 0
      out.share = a && b ? (fine ? 0.75 : 0.1) : a !== b ? (broad ? 0.45 : 0.15) : fine ? 0.3 : 0.1
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
      if (alpha[i]! === 0 || !slots.includes(slot[i]!)) continue
      const k = (y >> 1) * wide + (x >> 1)
      const du = Math.max(-0.5, Math.min(0.5, (coarse[k + 1]! - coarse[k - 1]!) * 0.16))
      const dv = Math.max(-0.5, Math.min(0.5, (coarse[k + wide]! - coarse[k - wide]!) * 0.16))
      inker(u[i]! + du, v[i]! + dv, edge, out)
      if (out.share < 0.01) continue
      ink[i] = out.ink
      inkShare[i] = out.share
    }
}

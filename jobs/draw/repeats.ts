import { createRandom, seedOf } from './geometry.ts'
import { type Inked, type Inker, soft } from './motifs.ts'

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
export const scatter = (seed: string, count: number, leaves: number, gap: number): Bloom[] => {
  const random = createRandom(seedOf(seed))
  const blooms: Bloom[] = []
  const share = Math.sqrt(60 / count)
  for (let tries = 0; tries < count * 60 && blooms.length < count; tries++) {
    const leaf = random() < leaves
    const size = share * (leaf ? 0.045 + random() * 0.05 : 0.05 + random() ** 2 * 0.09)
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
export const bloomTile = (blooms: Bloom[]): { ink: Uint8Array; share: Float32Array } => {
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
export const fromTile = (tile: { ink: Uint8Array; share: Float32Array }, size: number): Inker => {
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

/** A repeat of broken rings with warm hearts, like a leopard's coat. */
export const animalTile = (seed: string): { ink: Uint8Array; share: Float32Array } => {
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

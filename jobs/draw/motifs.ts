/** Ink and how much of it at (u, v) cm. The answer is reused: read it before the next call. */
export type Inked = { ink: number; share: number }
export type Inker = (u: number, v: number, edge: number, out: Inked) => void

export const fraction = (x: number): number => x - Math.floor(x)

/** Coverage of a pixel `inside` deep within a shape, over an edge as wide as `edge`. */
export const soft = (inside: number, edge: number): number => {
  const c = inside / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}

/** Coverage of a disc. */
export const disc = (dx: number, dy: number, radius: number, edge: number): number => {
  const c = (radius - Math.sqrt(dx * dx + dy * dy)) / edge + 0.5
  return c < 0 ? 0 : c > 1 ? 1 : c
}

export type MotifName = 'anchor' | 'leaf' | 'star' | 'bee' | 'cherry' | 'moon' | 'heart' | 'sail'

/** Small drawings in a box from about -1 to 1. */
export const MOTIFS: Record<MotifName, (x: number, y: number, edge: number) => Inked> = {
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

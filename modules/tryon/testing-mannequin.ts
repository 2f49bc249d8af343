import { createRaster, type Raster } from './pure/image.ts'

type Vec = readonly [number, number, number]
/** A limb: a line from `a` to `b` with a radius at each end, in heads; x to the picture's right, y down, z away. */
type Limb = { a: Vec; b: Vec; from: number; to: number; colour: Vec }

type Facing = 'viewer' | 'away'
type Look = { facing?: Facing; width?: number; height?: number }

const LIGHT: Vec = [-0.4, -0.6, -0.69]
const SKIN: Vec = [222, 172, 140]
const SHIRT: Vec = [70, 95, 150]
const TROUSERS: Vec = [60, 58, 66]
const HAIR: Vec = [62, 42, 30]

const both = (limb: Limb): Limb[] => [
  limb,
  { ...limb, a: [-limb.a[0], limb.a[1], limb.a[2]], b: [-limb.b[0], limb.b[1], limb.b[2]] },
]

const LIMBS: Limb[] = [
  { a: [0, 0.42, 0], b: [0, 0.62, -0.02], from: 0.37, to: 0.3, colour: SKIN },
  { a: [0, 0.9, 0.05], b: [0, 1.35, 0.08], from: 0.2, to: 0.24, colour: SKIN },
  ...both({ a: [0.18, 1.6, 0.05], b: [0.72, 1.72, 0.05], from: 0.27, to: 0.25, colour: SHIRT }),
  ...both({ a: [0.3, 1.75, 0], b: [0.27, 2.6, 0], from: 0.42, to: 0.36, colour: SHIRT }),
  ...both({ a: [0.27, 2.6, 0], b: [0.3, 3.5, 0], from: 0.37, to: 0.42, colour: SHIRT }),
  ...both({ a: [0.78, 1.78, 0.05], b: [1.1, 2.5, 0.08], from: 0.24, to: 0.2, colour: SHIRT }),
  ...both({ a: [1.1, 2.5, 0.08], b: [1.25, 3.05, 0], from: 0.18, to: 0.15, colour: SKIN }),
  ...both({ a: [1.25, 3.05, 0], b: [1.35, 3.5, -0.08], from: 0.15, to: 0.11, colour: SKIN }),
  ...both({ a: [1.36, 3.6, -0.1], b: [1.38, 3.92, -0.14], from: 0.13, to: 0.08, colour: SKIN }),
  ...both({ a: [0.34, 3.7, 0], b: [0.42, 5.4, 0], from: 0.45, to: 0.26, colour: TROUSERS }),
  ...both({ a: [0.42, 5.4, 0], b: [0.46, 7, 0.08], from: 0.26, to: 0.17, colour: TROUSERS }),
  ...both({ a: [0.46, 7.15, 0.05], b: [0.56, 7.3, -0.4], from: 0.15, to: 0.13, colour: [40, 36, 34] }),
]

const dot = (a: Vec, b: Vec) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** Signed distance to a limb (a round cone whose radius runs linearly along it). */
function distance({ a, b, from, to }: Limb, p: Vec): number {
  const ab: Vec = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const ap: Vec = [p[0] - a[0], p[1] - a[1], p[2] - a[2]]
  const t = Math.max(0, Math.min(1, dot(ap, ab) / dot(ab, ab)))
  return Math.hypot(ap[0] - ab[0] * t, ap[1] - ab[1] * t, ap[2] - ab[2] * t) - (from + (to - from) * t)
}

/** Distance to the body, limbs melting into each other, and the colour of the nearest limb. */
function body(p: Vec): { distance: number; colour: Vec } {
  let [sum, best, colour] = [0, Infinity, SKIN]
  for (const limb of LIMBS) {
    const d = distance(limb, p)
    sum += Math.exp(-d * 18)
    if (d < best) [best, colour] = [d, limb.colour]
  }
  return { distance: -Math.log(sum) / 18, colour }
}

type Spot = { x: number; y: number; width: number; height: number; colour: Vec }

/** Ellipses on the right half of the face, mirrored to the left; the first that covers a point is seen. */
const FACE: Spot[] = [
  { x: 0.155, y: 0.47, width: 0.026, height: 0.026, colour: [40, 30, 28] },
  { x: 0.15, y: 0.47, width: 0.065, height: 0.032, colour: [235, 232, 228] },
  { x: 0.15, y: 0.38, width: 0.09, height: 0.018, colour: HAIR },
  { x: 0, y: 0.79, width: 0.12, height: 0.028, colour: [170, 80, 78] },
  { x: 0, y: 0.64, width: 0.06, height: 0.02, colour: [176, 126, 100] },
]

/** Hair and face are painted on the head by where they lie. */
function paint([x, y]: Vec, colour: Vec, facing: Facing): Vec {
  if (y > 0.95) return colour
  const side = Math.abs(x)
  if (facing === 'away') return y < 0.85 - side ? HAIR : colour
  if (y < 0.24 - 0.1 * Math.cos(x * 4) || (side > 0.33 && y < 0.42)) return HAIR
  return FACE.find((spot) => Math.hypot((side - spot.x) / spot.width, (y - spot.y) / spot.height) < 1)?.colour ?? colour
}

/**
 * A shaded figure of rounded limbs, standing, on a light ground: a person to the pose networks, and nobody's photo.
 * Facing away, the toes point away and hair covers the face.
 */
export function drawMannequin({ facing = 'viewer', width = 240, height = 320 }: Look = {}): Raster {
  const picture = createRaster(width, height)
  const scale = 8.4 / height
  for (let py = 0; py < height; py++)
    for (let px = 0; px < width; px++) {
      const x = (px + 0.5 - width / 2) * scale
      const y = (py + 0.5) * scale - 0.4
      const ground = 214 - (30 * py) / height
      const colour = shade(x, y, facing) ?? [ground, ground - 2, ground - 6]
      picture.data.set([...colour, 255], (py * width + px) * 4)
    }
  return picture
}

function shade(x: number, y: number, facing: Facing): Vec | undefined {
  const depth = facing === 'away' ? -1 : 1
  let z = -0.75
  for (let step = 0; step < 24 && z < 0.5; step++) {
    const here = body([x, y, z * depth])
    if (here.distance < 0.004) {
      const e = 0.01
      const slope = (dx: number, dy: number, dz: number) =>
        body([x + dx, y + dy, (z + dz) * depth]).distance - here.distance
      const normal: Vec = [slope(e, 0, 0), slope(0, e, 0), slope(0, 0, e)]
      const lit = 0.45 + 0.6 * Math.max(0, dot(normal, LIGHT) / (Math.hypot(...normal) || 1))
      const [r, g, b] = paint([x, y, z], here.colour, facing)
      return [r * lit, g * lit, b * lit]
    }
    if (here.distance > 0.8) return undefined
    z += here.distance
  }
  return undefined
}

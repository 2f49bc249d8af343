import { type Fabric, type FabricName, FABRICS, structure, type Tile } from './fabric.ts'
import { blurPlane } from './plane.ts'
import { type Scene, SLOTS, type Slot } from './scene.ts'

/** What all colours of a product share, per pixel: how much light the cloth returns, and how much it mirrors. */
export type Shading = { light: Float32Array; mirror: Float32Array }

export type Fabrics = Record<Slot, FabricName>

/** Key light from the upper left, towards the viewer; unit length. */
const LIGHT = { x: -0.5, y: -0.62, z: 0.605 }
const HALF = (() => {
  const length = Math.hypot(LIGHT.x, LIGHT.y, LIGHT.z + 1)
  return { x: LIGHT.x / length, y: LIGHT.y / length, z: (LIGHT.z + 1) / length }
})()
const AMBIENT = 0.5

/** Adds weave, ribs and stitches to the fine height, and writes the weave's lightness. */
const weave = (scene: Scene, fabrics: Fabrics, tiles: (weave: Fabric['weave']) => Tile): void => {
  const bySlot = SLOTS.map((slot) => {
    const fabric: Fabric = FABRICS[fabrics[slot]]
    const structured = fabric.rib ?? fabric.stitch ?? fabric.cable
    return { fabric, tile: tiles(fabric.weave), structured: structured !== undefined }
  })
  const { alpha, slot, u, v, fine, pxPerCm, ink, inkShare, tone } = scene
  const structureScale = pxPerCm / 12
  for (let i = 0; i < alpha.length; i++) {
    if (!alpha[i]) continue
    const { fabric, tile, structured } = bySlot[slot[i]!]!
    const x = u[i]! * pxPerCm + 4096
    const y = v[i]! * pxPerCm + 4096
    const xi = x | 0
    const yi = y | 0
    const fx = x - xi
    const fy = y - yi
    const row = (yi & 255) * 256
    const next = ((yi + 1) & 255) * 256
    const a = xi & 255
    const b = (xi + 1) & 255
    const { albedo, height } = tile
    const w00 = (1 - fx) * (1 - fy)
    const w10 = fx * (1 - fy)
    const w01 = (1 - fx) * fy
    const w11 = fx * fy
    const bright = albedo[row + a]! * w00 + albedo[row + b]! * w10 + albedo[next + a]! * w01 + albedo[next + b]! * w11
    const high = height[row + a]! * w00 + height[row + b]! * w10 + height[next + a]! * w01 + height[next + b]! * w11
    tone[i] = 1 + bright * fabric.albedo
    fine[i]! += high * fabric.grain
    if (structured) {
      const h = structure(fabric, u[i]!, v[i]!) * structureScale
      fine[i]! += h
      tone[i]! *= 1 + Math.max(-0.22, Math.min(0.05, h * 0.05))
    }
    if (fabric.melange && !inkShare[i]) {
      ink[i] = 255
      inkShare[i] = Math.max(0, bright * fabric.melange)
    }
  }
}

type Slopes = { x: Float32Array; y: Float32Array; open: Float32Array; washed: Float32Array }

/** The coarse heights carried a little beyond the cloth's edge, so that the edge itself is no cliff. */
const extended = (scene: Scene): Float32Array => {
  const width = scene.width / 2
  const height = scene.height / 2
  const plane = Float32Array.from(scene.coarse)
  const known = new Uint8Array(plane.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) known[y * width + x] = scene.alpha[y * 2 * scene.width + x * 2]! > 0.5 ? 1 : 0
  for (let pass = 2; pass < 5; pass++)
    for (let y = 1; y < height - 1; y++)
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        if (known[i]) continue
        let sum = 0
        let count = 0
        for (const k of [i - 1, i + 1, i - width, i + width]) {
          const round = known[k]!
          if (round === 0 || round >= pass) continue
          sum += plane[k]!
          count++
        }
        if (count === 0) continue
        plane[i] = sum / count
        known[i] = pass
      }
  return plane
}

/** Slopes of the large folds and how open they lie to the room, at half resolution. */
const openness = (scene: Scene): Slopes => {
  const width = scene.width / 2
  const height = scene.height / 2
  const coarse = extended(scene)
  const x = new Float32Array(coarse.length)
  const y = new Float32Array(coarse.length)
  for (let row = 1; row < height - 1; row++)
    for (let i = row * width + 1; i < (row + 1) * width - 1; i++) {
      x[i] = (coarse[i + 1]! - coarse[i - 1]!) * 0.25
      y[i] = (coarse[i + width]! - coarse[i - width]!) * 0.25
    }
  const near = Float32Array.from(coarse)
  blurPlane(near, width, height, scene.pxPerCm * 0.5)
  const far = Float32Array.from(near)
  blurPlane(far, width, height, scene.pxPerCm * 1.3)
  const open = new Float32Array(coarse.length)
  const washed = new Float32Array(coarse.length)
  const scale = 1 / scene.pxPerCm
  for (let i = 0; i < open.length; i++) {
    const deep = (near[i]! - coarse[i]!) * scale
    const wide = (far[i]! - near[i]!) * scale
    open[i] = Math.min(1.08, Math.max(0.45, 1 - deep * 0.95 - wide * 0.5))
    const bulge = (far[i]! * scale - 1.1) / 1.1
    washed[i] = Math.min(1, Math.max(0, 0.55 * (bulge > 1 ? 1 : bulge > 0 ? bulge : 0) - deep * 3.2))
  }
  return { x, y, open, washed }
}

/** Steps of a highlight's table: a power for every pixel would take a fifth of the time of a drawing. */
const GLANCES = 2048

/** By slot, how much a cloth mirrors of a glance of 0 to 1. */
const glancesOf = ({ power, gloss }: Fabric): Float32Array =>
  Float32Array.from({ length: GLANCES + 1 }, (_, step) => gloss * (step / GLANCES) ** power)

const clampSlope = (s: number): number => (s > 1.6 ? 1.6 : s < -1.6 ? -1.6 : s)

/** Height and fabric to light, once for all colours of a product. */
export const shadeScene = (scene: Scene, fabrics: Fabrics, tiles: (weave: Fabric['weave']) => Tile): Shading => {
  weave(scene, fabrics, tiles)
  const { x: sx, y: sy, open, washed } = openness(scene)
  const { width, height, alpha, fine, shade, slot, ink, inkShare, tone, light, mirror } = scene
  const wide = width / 2
  const bySlot = SLOTS.map((name): Fabric => FABRICS[fabrics[name]])
  const glances = bySlot.map(glancesOf)
  const flat = LIGHT.z
  for (let y = 1; y < height - 2; y++) {
    const hy = (y - 0.5) / 2
    const y0 = Math.max(0, hy | 0)
    const fy = Math.max(0, hy - y0)
    for (let x = 1; x < width - 2; x++) {
      const i = y * width + x
      if (!alpha[i]) continue
      const hx = (x - 0.5) / 2
      const x0 = Math.max(0, hx | 0)
      const fx = Math.max(0, hx - x0)
      const k = y0 * wide + x0
      const w00 = (1 - fx) * (1 - fy)
      const w10 = fx * (1 - fy)
      const w01 = (1 - fx) * fy
      const w11 = fx * fy
      const gx = sx[k]! * w00 + sx[k + 1]! * w10 + sx[k + wide]! * w01 + sx[k + wide + 1]! * w11
      const gy = sy[k]! * w00 + sy[k + 1]! * w10 + sy[k + wide]! * w01 + sy[k + wide + 1]! * w11
      const o = open[k]! * w00 + open[k + 1]! * w10 + open[k + wide]! * w01 + open[k + wide + 1]! * w11
      const nx = -clampSlope(
        gx + ((alpha[i + 1]! > 0 ? fine[i + 1]! : fine[i]!) - (alpha[i - 1]! > 0 ? fine[i - 1]! : fine[i]!)) * 0.5,
      )
      const ny = -clampSlope(
        gy +
          ((alpha[i + width]! > 0 ? fine[i + width]! : fine[i]!) -
            (alpha[i - width]! > 0 ? fine[i - width]! : fine[i]!)) *
            0.5,
      )
      const nz = 1 / Math.sqrt(nx * nx + ny * ny + 1)
      const key = (nx * LIGHT.x + ny * LIGHT.y + LIGHT.z) * nz
      const sky = 1 + 0.13 * -ny * nz
      const fabric = bySlot[slot[i]!]!
      const diffuse = AMBIENT * sky * (0.55 + 0.45 * nz) + ((1 - AMBIENT) * (key > 0 ? key : 0)) / flat
      light[i] = diffuse * o * shade[i]! * tone[i]!
      const toward = (nx * HALF.x + ny * HALF.y + HALF.z) * nz
      const rim = 1 - nz
      const glance = toward > 0 ? glances[slot[i]!]![Math.min(GLANCES, (toward * GLANCES + 0.5) | 0)]! : 0
      mirror[i] = (glance + fabric.sheen * rim) * o * shade[i]!
      if (fabric.wash && (inkShare[i] === 0 || ink[i] === 255)) {
        const w = washed[k]! * fabric.wash
        ink[i] = 255
        inkShare[i] = Math.min(0.8, inkShare[i]! + w * 0.5)
      }
    }
  }
  return { light, mirror }
}

import { createRaster, type Raster } from '../../modules/tryon/pure/image.ts'
import { blurPlane } from './plane.ts'
import { type Scene, SLOTS, type Slot } from './scene.ts'
import type { Shading } from './shading.ts'
import { THREAD_INK } from './stitches.ts'

/** Hex colours of one colourway: by slot (those left out follow from `main`), inks of its prints, the pale of its melange or wash. */
export type Colourway = { main: string; inks?: readonly string[]; pale?: string } & Partial<Record<Slot, string>>

const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const s = i / 255
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
})
const STEPS = 4096
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, i) => {
  const l = i / STEPS
  return Math.round(255 * (l <= 0.0031308 ? l * 12.92 : 1.055 * l ** (1 / 2.4) - 0.055))
})

type Linear = [number, number, number]
const linearOf = (hex: string): Linear => {
  const n = Number.parseInt(hex.slice(1), 16)
  return [LINEAR[n >> 16]!, LINEAR[(n >> 8) & 255]!, LINEAR[n & 255]!]
}
/** Cloth returns between 1.2% and 84% of the light: black is never 0, white never blows out. */
const cloth = ([r, g, b]: Linear): Linear => [0.012 + r * 0.828, 0.012 + g * 0.828, 0.012 + b * 0.828]
const towards = (a: Linear, b: Linear, t: number): Linear => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
]
const times = (a: Linear, t: number): Linear => [a[0] * t, a[1] * t, a[2] * t]

const WHITE: Linear = [1, 1, 1]

const slotColours = (colourway: Colourway): Linear[] => {
  const main = linearOf(colourway.main)
  const fallback: Record<Slot, Linear> = {
    main,
    second: main,
    inside: times(main, 0.86),
    label: linearOf('#efece4'),
    button: times(towards(main, WHITE, 0.15), 0.8),
    metal: linearOf('#b9b9b6'),
    thread: towards(main, WHITE, 0.06),
    trim: linearOf('#3a2a1e'),
    dark: linearOf('#1b1a1a'),
  }
  return SLOTS.map((slot) => {
    const hex = colourway[slot]
    return cloth(hex ? linearOf(hex) : fallback[slot])
  })
}

const QUARTER = 4

/** How much of the room's light the garment takes from the ground, at a quarter of the resolution: contact and cast shadow. */
const groundShadow = (scene: Scene): Float32Array => {
  const w = scene.width / QUARTER
  const h = scene.height / QUARTER
  const cast = new Float32Array(w * h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) cast[y * w + x] = scene.alpha[(y * QUARTER + 2) * scene.width + x * QUARTER + 2]!
  const near = Float32Array.from(cast)
  blurPlane(near, w, h, 2)
  blurPlane(cast, w, h, 9)
  const dark = new Float32Array(w * h)
  const shifted = (plane: Float32Array, x: number, y: number): number => plane[Math.max(0, y) * w + Math.max(0, x)]!
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      dark[y * w + x] = 0.36 * shifted(near, x - 1, y - 2) + 0.26 * shifted(cast, x - 2, y - 6)
  return dark
}

/** The ground of a picture, off-white with the garment's soft shadow: the same under every colour. RGBA. */
export const renderGround = (scene: Scene): Raster => {
  const { width, height } = scene
  const ground = createRaster(width, height)
  const w = width / QUARTER
  const h = height / QUARTER
  const dark = groundShadow(scene)
  const [red, green, blue] = linearOf('#f4f3f1')
  const { data } = ground
  for (let y = 0; y < height; y++) {
    const fy = Math.min(h - 1.001, Math.max(0, y / QUARTER - 0.375))
    const row = (fy | 0) * w
    const dy = fy - (fy | 0)
    const cy = (y / height - 0.4) ** 2
    for (let x = 0; x < width; x++) {
      const fx = Math.min(w - 1.001, Math.max(0, x / QUARTER - 0.375))
      const k = row + (fx | 0)
      const dx = fx - (fx | 0)
      const top = dark[k]! + (dark[k + 1]! - dark[k]!) * dx
      const bottom = dark[k + w]! + (dark[k + w + 1]! - dark[k + w]!) * dx
      const d = top + (bottom - top) * dy
      const cx = x / width - 0.45
      const f = (1.015 - 0.09 * (cx * cx + cy)) * (1 - d) * STEPS
      const i = (y * width + x) * 4
      data[i] = ENCODED[Math.min(STEPS, (red * f) | 0)]!
      data[i + 1] = ENCODED[Math.min(STEPS, (green * f) | 0)]!
      data[i + 2] = ENCODED[Math.min(STEPS, (blue * f * (1 + 0.01 * d)) | 0)]!
      data[i + 3] = 255
    }
  }
  return ground
}

/** Linear RGB of all slots, then of all inks: an ink that a colourway does not name is its pale. */
const palette = (colourway: Colourway): Float32Array => {
  const slots = slotColours(colourway)
  const pale = cloth(colourway.pale ? linearOf(colourway.pale) : towards(linearOf(colourway.main), WHITE, 0.28))
  const table = new Float32Array((slots.length + 256) * 3)
  for (const [k, colour] of slots.entries()) table.set(colour, k * 3)
  for (let ink = 0; ink < 256; ink++) table.set(pale, (slots.length + ink) * 3)
  for (const [ink, hex] of (colourway.inks ?? []).entries()) table.set(cloth(linearOf(hex)), (slots.length + ink) * 3)
  table.set(slots[SLOTS.indexOf('thread')]!, (slots.length + THREAD_INK) * 3)
  return table
}

export type Box = { left: number; top: number; width: number; height: number }

type Room = { scene: Scene; shading: Shading; ground: Raster; box: Box }

/** One colour of a drawn garment: the whole picture on its ground, opaque, and the box of it cut out, straight alpha. */
export const renderCloth = (room: Room, colourway: Colourway): { picture: Raster; cutout: Raster } => {
  const { scene, shading, ground, box } = room
  const table = palette(colourway)
  const picture = { width: ground.width, height: ground.height, data: ground.data.slice() }
  const cutout = createRaster(box.width, box.height)
  const { alpha, slot, slotUnder, share, ink, inkShare } = scene
  const { light, mirror } = shading
  const firstInk = SLOTS.length
  for (let y = 0; y < box.height; y++) {
    const from = (y + box.top) * scene.width + box.left
    for (let i = from; i < from + box.width; i++) {
      const a = alpha[i]!
      if (a === 0) continue
      let k = slot[i]! * 3
      let r = table[k]!
      let g = table[k + 1]!
      let b = table[k + 2]!
      const w = inkShare[i]!
      if (w > 0) {
        k = (firstInk + ink[i]!) * 3
        r += (table[k]! - r) * w
        g += (table[k + 1]! - g) * w
        b += (table[k + 2]! - b) * w
      }
      const s = share[i]!
      if (s < 1) {
        k = slotUnder[i]! * 3
        r = table[k]! + (r - table[k]!) * s
        g = table[k + 1]! + (g - table[k + 1]!) * s
        b = table[k + 2]! + (b - table[k + 2]!) * s
      }
      const l = light[i]!
      const m = mirror[i]!
      const red = (r * l + m * (0.24 + 0.76 * r)) * STEPS
      const green = (g * l + m * (0.24 + 0.76 * g)) * STEPS
      const blue = (b * l + m * (0.24 + 0.76 * b)) * STEPS
      r = ENCODED[red > STEPS ? STEPS : red | 0]!
      g = ENCODED[green > STEPS ? STEPS : green | 0]!
      b = ENCODED[blue > STEPS ? STEPS : blue | 0]!
      const cover = a >= 0.996 ? 255 : (a * 255 + 0.5) | 0
      const o = (y * box.width + i - from) * 4
      cutout.data[o] = r
      cutout.data[o + 1] = g
      cutout.data[o + 2] = b
      cutout.data[o + 3] = cover
      const p = i * 4
      const t = cover / 255
      picture.data[p] = picture.data[p]! + (r - picture.data[p]!) * t
      picture.data[p + 1] = picture.data[p + 1]! + (g - picture.data[p + 1]!) * t
      picture.data[p + 2] = picture.data[p + 2]! + (b - picture.data[p + 2]!) * t
    }
  }
  return { picture, cutout }
}

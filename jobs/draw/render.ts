import { createRaster, type Raster } from '../../modules/tryon/pure/image.ts'
import { blurPlane } from './plane.ts'
import { type Scene, SLOTS, type Slot } from './scene.ts'
import type { Shading } from './shading.ts'

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

/** The ground of a picture, off-white with the garment's soft shadow: the same under every colour. RGBA. */
export const renderGround = (scene: Scene): Raster => {
  const { width, height } = scene
  const ground = createRaster(width, height)
  const quarter = 4
  const w = width / quarter
  const h = height / quarter
  const shadow = new Float32Array(w * h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) shadow[y * w + x] = scene.alpha[(y * quarter + 2) * width + x * quarter + 2]!
  const near = Float32Array.from(shadow)
  blurPlane(near, w, h, 2)
  blurPlane(shadow, w, h, 9)
  const sample = (plane: Float32Array, x: number, y: number): number => {
    const fx = Math.min(w - 1.001, Math.max(0, x / quarter - 0.5))
    const fy = Math.min(h - 1.001, Math.max(0, y / quarter - 0.5))
    const i = (fy | 0) * w + (fx | 0)
    const [dx, dy] = [fx - (fx | 0), fy - (fy | 0)]
    return (
      (plane[i]! * (1 - dx) + plane[i + 1]! * dx) * (1 - dy) + (plane[i + w]! * (1 - dx) + plane[i + w + 1]! * dx) * dy
    )
  }
  const base = linearOf('#f4f3f1')
  const { data } = ground
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4
      const [cx, cy] = [x / width - 0.45, y / height - 0.4]
      const fall = 1.015 - 0.09 * (cx * cx + cy * cy)
      const dark = 1 - 0.36 * sample(near, x - 4, y - 9) - 0.26 * sample(shadow, x - 8, y - 24)
      const f = fall * dark * STEPS
      data[i] = ENCODED[Math.min(STEPS, (base[0] * f) | 0)]!
      data[i + 1] = ENCODED[Math.min(STEPS, (base[1] * f) | 0)]!
      data[i + 2] = ENCODED[Math.min(STEPS, (base[2] * f * (1 + 0.01 * (1 - dark))) | 0)]!
      data[i + 3] = 255
    }
  return ground
}

/** One colour of a drawn garment: straight-alpha RGBA of the whole canvas. */
export const renderCloth = (scene: Scene, shading: Shading, colourway: Colourway): Raster => {
  const slots = slotColours(colourway)
  const inks = (colourway.inks ?? []).map((hex) => cloth(linearOf(hex)))
  const pale = cloth(colourway.pale ? linearOf(colourway.pale) : towards(linearOf(colourway.main), WHITE, 0.45))
  const picture = createRaster(scene.width, scene.height)
  const { data } = picture
  const { alpha, slot, slotUnder, share, ink, inkShare } = scene
  const { light, mirror } = shading
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i]!
    if (a === 0) continue
    const base = slots[slot[i]!]!
    let r = base[0]
    let g = base[1]
    let b = base[2]
    const w = inkShare[i]!
    if (w > 0) {
      const paint = ink[i]! === 255 ? pale : (inks[ink[i]!] ?? pale)
      r += (paint[0] - r) * w
      g += (paint[1] - g) * w
      b += (paint[2] - b) * w
    }
    const s = share[i]!
    if (s < 1) {
      const under = slots[slotUnder[i]!]!
      r = under[0] + (r - under[0]) * s
      g = under[1] + (g - under[1]) * s
      b = under[2] + (b - under[2]) * s
    }
    const l = light[i]!
    const m = mirror[i]!
    const o = i * 4
    const red = (r * l + m * (0.35 + 0.65 * r)) * STEPS
    const green = (g * l + m * (0.35 + 0.65 * g)) * STEPS
    const blue = (b * l + m * (0.35 + 0.65 * b)) * STEPS
    data[o] = ENCODED[red > STEPS ? STEPS : red | 0]!
    data[o + 1] = ENCODED[green > STEPS ? STEPS : green | 0]!
    data[o + 2] = ENCODED[blue > STEPS ? STEPS : blue | 0]!
    data[o + 3] = a >= 0.996 ? 255 : (a * 255 + 0.5) | 0
  }
  return picture
}

/** Lays a straight-alpha picture over a copy of an opaque ground. */
export const composeOn = (ground: Raster, over: Raster): Raster => {
  const data = Uint8ClampedArray.from(ground.data)
  for (let i = 0; i < data.length; i += 4) {
    const a = over.data[i + 3]!
    if (a === 0) continue
    if (a === 255) {
      data[i] = over.data[i]!
      data[i + 1] = over.data[i + 1]!
      data[i + 2] = over.data[i + 2]!
      continue
    }
    for (let k = 0; k < 3; k++) data[i + k] = data[i + k]! + ((over.data[i + k]! - data[i + k]!) * a) / 255
  }
  return { width: ground.width, height: ground.height, data }
}

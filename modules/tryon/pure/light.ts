import type { Raster } from './image.ts'
import { CELL, solveMembrane } from './inpaint.ts'
import { blurWeighted, distanceTo, quantile, smoothstep } from './inpaint-field.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'
import { shade } from './light-direction.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { resizeSamples } from './resize.ts'
import { readBody, type BodyReading } from './skin-tone.ts'

/** Relative illumination in linear light for every pixel of the picture: about 1 where a surface faces the camera in usual light. */
export type Shading = { width: number; height: number; data: Float32Array }

const SHEEN = 0.015
const DARKEST = 0.55
const BRIGHTEST = 1.35

/** The picture at reduced size: linear luminance, OKLab chroma and lightness, and the label at each cell's middle. */
type Small = {
  width: number
  height: number
  step: number
  luminance: Float32Array
  lab: Float32Array
  labels: Uint8Array
}

const shrink = (picture: Raster, parts: PersonParts): Small => {
  const step = Math.max(1, Math.round(Math.max(picture.width, picture.height) / 512))
  const width = Math.ceil(picture.width / step)
  const height = Math.ceil(picture.height / step)
  const luminance = new Float32Array(width * height)
  const lab = new Float32Array(width * height * 3)
  const labels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = y * width + x
      const mx = Math.min(picture.width - 1, x * step + (step >> 1))
      const my = Math.min(picture.height - 1, y * step + (step >> 1))
      labels[to] = parts.labels[my * picture.width + mx]!
      if (labels[to] === PART.background) continue
      let r = 0
      let g = 0
      let b = 0
      let count = 0
      for (let dy = 0; dy < step && y * step + dy < picture.height; dy++) {
        for (let dx = 0; dx < step && x * step + dx < picture.width; dx++) {
          const from = ((y * step + dy) * picture.width + x * step + dx) * 4
          r += srgbToLinear(picture.data[from]!)
          g += srgbToLinear(picture.data[from + 1]!)
          b += srgbToLinear(picture.data[from + 2]!)
          count++
        }
      }
      luminance[to] = (0.2126 * r + 0.7152 * g + 0.0722 * b) / count
      linearToOklab(r / count, g / count, b / count, lab, to * 3)
    }
  }
  return { width, height, step, luminance, lab, labels }
}

/** Logarithm of the illumination that the body's shape and the light's direction alone would give; 0 off the body. */
const modelLight = (small: Small, parts: PersonParts, reading: BodyReading): Float32Array => {
  const { body } = reading
  const { light } = reading.tone
  const { nx, ny, cover } = reading.surface
  const out = new Float32Array(small.width * small.height)
  const weight = new Float32Array(out.length)
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const to = y * small.width + x
      const sx = Math.min(parts.width - 1, x * small.step + (small.step >> 1))
      const sy = Math.min(parts.height - 1, y * small.step + (small.step >> 1))
      const from = sy * parts.width + sx
      if (cover[from]! < 0.5) continue
      // Cloth stands off the body and bridges its hollows: its normals turn less than the skin's. OKLab lightness is a cube root of light.
      out[to] = 3 * 0.7 * Math.log(Math.max(0.3, shade(light, nx[from]! * 0.85, ny[from]! * 0.85)))
      weight[to] = 1
    }
  }
  const radius = Math.max(1, Math.round((0.012 * body.scale) / small.step))
  const soft = blurWeighted(out, weight, small, radius, 2)
  // Cloth wider than the body goes on as the body's edge does.
  const away = distanceTo(weight, small)
  const cells = new Uint8Array(out.length)
  for (let i = 0; i < out.length; i++) {
    if (weight[i]! > 0) cells[i] = CELL.held
    else if (away[i]! * small.step < 0.16 * body.scale) cells[i] = CELL.free
    if (cells[i] !== CELL.held) soft[i] = 0
  }
  const reach = (0.08 * body.scale) / small.step
  solveMembrane({ width: small.width, height: small.height, channels: 1, values: soft, cells }, 1 / (reach * reach), 6)
  return soft
}

type Reading = { log: Float32Array; weight: Float32Array; trust: number }

/**
 * Reads the illumination off a surface of one colour: log of its luminance over its median. Where the surface is printed, striped, or of
 * several colours, or too dark to read, `trust` falls to 0.
 */
const readSurface = (small: Small, labels: readonly number[], most: number, rim: number): Reading | undefined => {
  const { width, height, luminance, lab } = small
  const outside = new Uint8Array(width * height)
  for (let i = 0; i < outside.length; i++) outside[i] = labels.includes(small.labels[i]!) ? 0 : 1
  const inside = distanceTo(outside, small)
  const found: number[] = []
  for (let i = 0; i < inside.length; i++) if (inside[i]! > rim) found.push(i)
  if (found.length < 120) return undefined
  const middle = (c: number) =>
    quantile(
      found.map((i) => lab[i * 3 + c]!),
      0.5,
    )
  const [L, a, b] = [middle(0), middle(1), middle(2)]
  const log = new Float32Array(width * height)
  const weight = new Float32Array(width * height)
  const median = Math.max(
    1e-4,
    quantile(
      found.map((i) => luminance[i]!),
      0.5,
    ),
  )
  let strange = 0
  for (const i of found) {
    // In shade the chroma shrinks with the lightness.
    const dim = lab[i * 3]! / Math.max(0.05, L)
    const away = Math.hypot(lab[i * 3 + 1]! - a * dim, lab[i * 3 + 2]! - b * dim)
    // The sheen of cloth does not shrink with its colour: without it, folds of dark cloth would count double.
    log[i] = Math.max(-1.2, Math.min(0.9, Math.log((luminance[i]! + SHEEN) / (median + SHEEN))))
    weight[i] = 1 - smoothstep(0.025, 0.05, away)
    strange += 1 - weight[i]!
  }
  const base = blurWeighted(log, weight, small, 5, 2)
  let steep = 0
  for (const i of found) {
    // Stripes and letters are steps of brightness that no soft fold makes.
    const jump = 1 - smoothstep(0.35, 0.6, Math.abs(log[i]! - base[i]!))
    steep += 1 - jump
    weight[i]! *= jump
  }
  const plain = 1 - smoothstep(0.03, 0.1, strange / found.length)
  const even = 1 - smoothstep(0.08, 0.16, steep / found.length)
  const soft = blurWeighted(log, weight, small, 1, 1)
  for (const i of found) {
    // The new garment brings folds of its own: the old ones stay as a hint, what is broader stays whole.
    soft[i] = 0.5 * Math.tanh((base[i]! + 0.6 * (soft[i]! - base[i]!)) / 0.5)
  }
  return { log: soft, weight, trust: most * plain * even * smoothstep(0.2, 0.32, L) }
}

/** Grows the readings over the whole picture: where there is none, what the shape says, near a reading leaning to it. */
const joinReadings = (small: Small, model: Float32Array, readings: Reading[], reach: number): Float32Array => {
  const { width, height } = small
  const values = new Float32Array(width * height)
  const cells = new Uint8Array(width * height)
  for (const { log, weight, trust } of readings) {
    if (trust < 0.02) continue
    for (let i = 0; i < values.length; i++) {
      if (weight[i]! < 0.5) continue
      values[i] = trust * (log[i]! - model[i]!)
      cells[i] = CELL.held
    }
  }
  const away = distanceTo(cells, small)
  for (let i = 0; i < cells.length; i++) if (cells[i] !== CELL.held && away[i]! < 3 * reach) cells[i] = CELL.free
  if (cells.includes(CELL.held)) solveMembrane({ width, height, channels: 1, values, cells }, 1 / (reach * reach), 8)
  return values
}

/**
 * How the light falls on the person's front: folds and shade read from what is worn where that is of one colour, else from the body's
 * shape and the direction of light that the skin shows. Values lie within 0.55 and 1.35, low frequencies only.
 */
export const estimateShading = (input: {
  picture: Raster
  pose: Pose
  parts: PersonParts
  reading?: BodyReading | undefined
}): Shading => {
  const { picture, parts } = input
  const { width, height } = picture
  const small = shrink(picture, parts)
  const reading = input.reading ?? readBody(input)
  const { body } = reading
  const model = modelLight(small, parts, reading)
  const rim = Math.max(1.5, (0.012 * body.scale) / small.step)
  const readings = [
    readSurface(small, [PART.upper], 0.9, rim),
    readSurface(small, [PART.lower], 0.9, rim),
    readSurface(small, [PART.leftArm], 0.25, rim),
    readSurface(small, [PART.rightArm], 0.25, rim),
    readSurface(small, [PART.leftLeg, PART.rightLeg], 0.25, rim),
  ].filter((entry) => entry !== undefined)
  const difference = joinReadings(small, model, readings, Math.max(4, (0.06 * body.scale) / small.step))
  const relative = new Float32Array(model.length)
  for (let i = 0; i < relative.length; i++) {
    relative[i] = Math.min(BRIGHTEST, Math.max(DARKEST, Math.exp(model[i]! + difference[i]!)))
  }
  const full = { width: small.width * small.step, height: small.height * small.step }
  const wide = small.step === 1 ? relative : resizeSamples(relative, small, full, 1)
  if (full.width === width && full.height === height) return { width, height, data: wide }
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) data.set(wide.subarray(y * full.width, y * full.width + width), y * width)
  return { width, height, data }
}

/** Colour (linear) at which cloth shows half of its sheen: what is darker keeps the differences it has, and its print. */
const HALF_SHEEN = 0.012

/**
 * Light that a surface of linear colour `value` (0 to 1) sends under a relative illumination. Dark cloth is lifted by a screen of its sheen,
 * not by the product alone: black cloth under twice the light is not just twice as black. Nor is it crushed in the shade: the
 * blacker the cloth, the less of its light is sheen to be lost or won.
 */
export const lightCloth = (value: number, shading: number): number => {
  const shown = value / (value + HALF_SHEEN)
  if (shading <= 1) return Math.max(0, value * shading + 0.012 * shown * (shading - 1) * (1 - value))
  const sheen = 0.05 * shown * (shading - 1)
  const lit = value * shading
  // Bright cloth nears white without being cut off.
  const held = lit <= 0.8 ? lit : 0.8 + 0.2 * (1 - Math.exp(-(lit - 0.8) / 0.2))
  return 1 - (1 - Math.min(1, Math.max(Math.min(lit, value), held))) * (1 - sheen)
}

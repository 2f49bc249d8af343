import type { Raster } from './image.ts'
import { hashUnit, quantile } from './inpaint-field.ts'
import { linearToOklab, oklabToLinear, srgbToLinear } from './lab.ts'
import { PART, type PersonParts } from './parts.ts'
import { findGrain } from './skin-tone.ts'

/** Brings a garment's picture to a photo: `colour` changes a linear r, g, b at an offset in place, `grain` is the photo's noise as a factor about 1. */
export type PhotoMatch = {
  colour: (rgb: Float32Array, offset: number) => void
  grain: (x: number, y: number) => number
}

type Tone = { gains: [number, number, number]; black: number; white: number }

/**
 * How far black cloth is lifted to a photo's darkest light, at most and as a share of it: a photo without anything black in it is not hazy for
 * that, and what is nearly black keeps its print only where it is hardly lifted.
 */
const MOST_BLACK = 0.006
const BLACK_SHARE = 0.3

/** Colour of the light from what should be grey: pale, weakly coloured pixels; none when the picture shows hardly any. */
const readTone = (picture: Raster, parts: PersonParts): Tone => {
  const { data } = picture
  const step = Math.max(1, Math.floor(Math.sqrt((picture.width * picture.height) / 40000)))
  const lab = new Float32Array(3)
  const light: number[] = []
  const person: number[] = []
  let sumA = 0
  let sumB = 0
  let neutral = 0
  let count = 0
  for (let y = 0; y < picture.height; y += step) {
    for (let x = 0; x < picture.width; x += step) {
      const i = y * picture.width + x
      const r = srgbToLinear(data[i * 4]!)
      const g = srgbToLinear(data[i * 4 + 1]!)
      const b = srgbToLinear(data[i * 4 + 2]!)
      linearToOklab(r, g, b, lab, 0)
      const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b
      light.push(luminance)
      const label = parts.labels[i]!
      if (label !== PART.background) person.push(luminance)
      count++
      const isSkin = label !== PART.background && label !== PART.upper && label !== PART.lower && label !== PART.feet
      if (isSkin || lab[0]! < 0.4 || lab[0]! > 0.985) continue
      const weight = Math.exp(-((Math.hypot(lab[1]!, lab[2]!) / 0.03) ** 2))
      sumA += weight * (lab[1]! / lab[0]!)
      sumB += weight * (lab[2]! / lab[0]!)
      neutral += weight
    }
  }
  const sure = Math.min(1, neutral / (0.08 * count))
  const limit = (value: number) => Math.max(-0.02, Math.min(0.02, value)) * 0.5 * sure
  const tint = new Float32Array(3)
  oklabToLinear(1, neutral > 0 ? limit(sumA / neutral) : 0, neutral > 0 ? limit(sumB / neutral) : 0, tint, 0)
  const level = 0.2126 * tint[0]! + 0.7152 * tint[1]! + 0.0722 * tint[2]!
  const bright = Math.max(quantile(light, 0.985), quantile(person.length > 100 ? person : light, 0.985))
  return {
    gains: [tint[0]! / level, tint[1]! / level, tint[2]! / level],
    black: Math.min(MOST_BLACK, BLACK_SHARE * quantile(light, 0.001)),
    white: bright,
  }
}

/** How bright the garment's own picture is: its lightest cloth, so that a dim product shot is not dimmed twice. */
const readWhite = (garment: Raster): number => {
  const light: number[] = []
  const step = Math.max(1, Math.floor((garment.width * garment.height) / 20000))
  for (let i = 0; i < garment.width * garment.height; i += step) {
    if (garment.data[i * 4 + 3]! < 250) continue
    light.push(
      0.2126 * srgbToLinear(garment.data[i * 4]!) +
        0.7152 * srgbToLinear(garment.data[i * 4 + 1]!) +
        0.0722 * srgbToLinear(garment.data[i * 4 + 2]!),
    )
  }
  return light.length > 20 ? quantile(light, 0.95) : 0.8
}

/**
 * A gentle match of a garment's cut-out to the photo it goes into: tint of the photo's light (read from greys), exposure where the photo is
 * dimmer than the garment is light, the photo's black level and grain. A garment's colour must stay its colour: no step goes far.
 */
export const matchPhoto = (input: { garment: Raster; picture: Raster; parts: PersonParts }): PhotoMatch => {
  const { garment, picture, parts } = input
  const { gains, black, white } = readTone(picture, parts)
  // Cloth cannot be brighter than the photo's white; a tenth of headroom, and never more than a fifth darker.
  const exposure = Math.min(1.04, Math.max(0.8, ((white * 1.1) / Math.max(0.3, readWhite(garment))) ** 0.6))
  const grain = findGrain(picture, parts) * 3
  return {
    colour: (rgb, offset) => {
      for (let c = 0; c < 3; c++)
        rgb[offset + c] = black + (1 - black) * Math.min(1, rgb[offset + c]! * gains[c]! * exposure)
    },
    grain: (x, y) =>
      1 +
      grain * (hashUnit(y * 8191 + x) + hashUnit(y * 8191 + x + 0x5bd1e9) + hashUnit(y * 8191 + x + 0x2c1b3c6d) - 1.5),
  }
}

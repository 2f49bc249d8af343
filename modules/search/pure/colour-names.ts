import { familyOf } from './colour-family.ts'

/** Hue in degrees, saturation and lightness 0 to 1 (CSS Color 4, 8). */
function hslOf(hex: string): [hue: number, saturation: number, lightness: number] {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number]
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const [lightness, range] = [(most + least) / 2, most - least]
  if (range === 0) return [0, 0, lightness]
  const saturation = range / (1 - Math.abs(2 * lightness - 1))
  const sixth = most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4
  return [sixth * 60, saturation, lightness]
}

/** Up to which hue a colour has this name, when it is neither grey nor a shade that has a name of its own. */
const HUES: readonly [number, string][] = [
  [16, 'red'],
  [42, 'orange'],
  [68, 'yellow'],
  [168, 'green'],
  [190, 'turquoise'],
  [258, 'blue'],
  [308, 'purple'],
  [338, 'pink'],
  [360, 'red'],
]

/**
 * The plain names of a colour, whatever poetic one its maker gave it: `#24304d` is blue. That of its family is among them, so
 * that words find what the filter finds. `hex` as `#rrggbb`.
 */
export const colourNames = (hex: string): string[] => [...new Set([...namesOf(hex), familyOf(hex)])]

function namesOf(hex: string): string[] {
  const [hue, saturation, lightness] = hslOf(hex)
  if (lightness < 0.1 || (lightness < 0.2 && saturation < 0.15)) return ['black']
  if (lightness > 0.93 || (lightness > 0.88 && saturation < 0.35)) return ['white']
  if (saturation < 0.12) return ['grey', 'gray']
  const warm = hue > 16 && hue < 52
  if (warm && lightness > 0.68 && saturation < 0.6) return ['beige']
  if (warm && (lightness < 0.42 || saturation < 0.4)) return lightness > 0.55 ? ['beige', 'brown'] : ['brown']
  const name = HUES.find(([up]) => hue <= up)?.[1] ?? 'red'
  return name === 'red' && lightness > 0.62 ? ['pink'] : [name]
}

/** Families of colours as shoppers look for them, each with the dot that stands for it: a shop names a hundred colours. */
export const COLOUR_FAMILIES = [
  { slug: 'black', name: 'Black', hex: '#1b1b1b' },
  { slug: 'grey', name: 'Grey', hex: '#8d8f92' },
  { slug: 'white', name: 'White', hex: '#fbfaf7' },
  { slug: 'beige', name: 'Beige', hex: '#dccbb0' },
  { slug: 'brown', name: 'Brown', hex: '#7a5638' },
  { slug: 'blue', name: 'Blue', hex: '#35589a' },
  { slug: 'green', name: 'Green', hex: '#4a6b4c' },
  { slug: 'yellow', name: 'Yellow', hex: '#e3b93f' },
  { slug: 'orange', name: 'Orange', hex: '#c8693a' },
  { slug: 'red', name: 'Red', hex: '#9c2b35' },
  { slug: 'pink', name: 'Pink', hex: '#e0a3ad' },
  { slug: 'purple', name: 'Purple', hex: '#7a5a95' },
] as const

export type ColourFamily = (typeof COLOUR_FAMILIES)[number]['slug']

/** Lightness 0 to 1, hue in degrees. */
type Oklch = { light: number; chroma: number; hue: number }

/** `#rrggbb` in OKLCH (Ottosson, 2020). */
function oklchOf(hex: string): Oklch {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const light = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return { light, chroma: Math.hypot(a, bb), hue: (Math.atan2(bb, a) * (180 / Math.PI) + 360) % 360 }
}

/** Where one chromatic family ends and the next begins, by hue. */
const HUES: readonly [upTo: number, family: ColourFamily][] = [
  [8, 'pink'],
  [38, 'red'],
  [68, 'orange'],
  [108, 'yellow'],
  [200, 'green'],
  [290, 'blue'],
  [345, 'purple'],
  [361, 'pink'],
]

/** The family a colour belongs to: first what has hardly any colour, then the earths, then the hues. */
export function familyOf(hex: string): ColourFamily {
  const colour = oklchOf(hex)
  return neutralOf(colour) ?? earthOf(colour) ?? hueOf(colour)
}

function neutralOf({ light, chroma, hue }: Oklch): ColourFamily | undefined {
  if (chroma < 0.018) return light > 0.9 ? 'white' : light < 0.36 ? 'black' : 'grey'
  return light > 0.94 && chroma < 0.035 && hue > 30 && hue < 115 ? 'white' : undefined
}

function earthOf({ light, chroma, hue }: Oklch): ColourFamily | undefined {
  if (hue <= 30 || hue >= 115) return undefined
  if (light > 0.7) return hue > 45 && chroma < (hue > 98 ? 0.055 : 0.092) ? 'beige' : undefined
  if (chroma >= 0.1) return undefined
  return hue > 100 && light > 0.4 ? 'green' : 'brown'
}

function hueOf({ light, hue }: Oklch): ColourFamily {
  const family = HUES.find(([upTo]) => hue < upTo)?.[1] ?? 'red'
  if (family === 'red' && light > 0.68) return 'pink'
  return family === 'pink' && light < 0.5 ? 'red' : family
}

type Cluster = { red: number; green: number; blue: number; weight: number }

const MOST_SAMPLES = 40_000
/** Of pixels, below which a colour is a button and not the cloth. */
const LEAST_SHARE = 0.05
/** In OKLab: a little more than the eye needs to call two patches different. */
const SAME = 0.09

const linear = (value: number) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)

/** Björn Ottosson, "A perceptual color space for image processing", 2020. */
function oklab({ red, green, blue, weight }: Cluster): [number, number, number] {
  const [r, g, b] = [linear(red / weight), linear(green / weight), linear(blue / weight)]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** Light and shade of one cloth differ in lightness most, so that counts half. */
function distance(a: Cluster, b: Cluster): number {
  const [p, q] = [oklab(a), oklab(b)]
  return Math.hypot((p[0] - q[0]) / 2, p[1] - q[1], p[2] - q[2])
}

const hexOf = ({ red, green, blue, weight }: Cluster) =>
  `#${[red, green, blue]
    .map((sum) =>
      Math.round(sum / weight)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/**
 * The colours of the opaque pixels of an RGBA picture, most of them first, at most `most`, as `#rrggbb`; empty when
 * nothing is opaque.
 */
export function paletteOf({ data }: { data: ArrayLike<number> }, most = 5): string[] {
  const bins = new Map<number, Cluster>()
  const step = 4 * Math.max(1, Math.floor(data.length / 4 / MOST_SAMPLES))
  let total = 0
  for (let i = 0; i + 3 < data.length; i += step) {
    if (data[i + 3]! < 200) continue
    const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!]
    const key = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3)
    const bin = bins.get(key) ?? { red: 0, green: 0, blue: 0, weight: 0 }
    bins.set(key, { red: bin.red + red, green: bin.green + green, blue: bin.blue + blue, weight: bin.weight + 1 })
    total += 1
  }
  const clusters: Cluster[] = []
  for (const bin of [...bins.values()].toSorted((a, b) => b.weight - a.weight)) {
    const near = clusters.find((cluster) => distance(cluster, bin) < SAME)
    if (!near) clusters.push({ ...bin })
    else {
      near.red += bin.red
      near.green += bin.green
      near.blue += bin.blue
      near.weight += bin.weight
    }
  }
  const large = clusters
    .toSorted((a, b) => b.weight - a.weight)
    .filter(({ weight }, place) => place === 0 || weight >= total * LEAST_SHARE)
  return large.slice(0, most).map(hexOf)
}

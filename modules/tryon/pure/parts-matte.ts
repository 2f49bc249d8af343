import { colourLogs, fitColours, paletteWeights, type Palette } from './colour-model.ts'
import { minimumCut } from './max-flow.ts'
import { inHead, type PersonFrame } from './parts-frame.ts'
import { clamp } from './vector.ts'

/** Signed distance to the edge of `inside` in pixels, positive inside; chamfer 3-4, off by at most 6 %. */
export const signedDistance = (inside: (i: number) => boolean, width: number, height: number): Float32Array => {
  const out = new Float32Array(width * height)
  const far = 1e6
  for (const side of [true, false]) {
    const distance = new Float32Array(width * height)
    for (let i = 0; i < distance.length; i++) distance[i] = inside(i) === side ? far : 0
    const relax = (i: number, j: number, step: number) => {
      const through = distance[j]! + step
      if (through < distance[i]!) distance[i] = through
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x
        if (x > 0) relax(i, i - 1, 1)
        if (y === 0) continue
        relax(i, i - width, 1)
        if (x > 0) relax(i, i - width - 1, 4 / 3)
        if (x + 1 < width) relax(i, i - width + 1, 4 / 3)
      }
    }
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const i = y * width + x
        if (x + 1 < width) relax(i, i + 1, 1)
        if (y + 1 === height) continue
        relax(i, i + width, 1)
        if (x > 0) relax(i, i + width - 1, 4 / 3)
        if (x + 1 < width) relax(i, i + width + 1, 4 / 3)
      }
    }
    for (let i = 0; i < out.length; i++) {
      if (inside(i) === side) out[i] = side ? distance[i]! - 0.5 : 0.5 - distance[i]!
    }
  }
  return out
}

/** Cost of an edge between neighbours of each direction: near 1 where colours agree, near 0 across a sharp edge. */
export type Links = { right: Float32Array; down: Float32Array; downRight: Float32Array; downLeft: Float32Array }

/** `lab` is interleaved; the scale of "sharp" is the picture's own mean difference between neighbours. */
export const contrastLinks = (lab: Float32Array, width: number, height: number): Links => {
  const count = width * height
  const difference = (i: number, j: number): number => {
    const L = lab[i * 3]! - lab[j * 3]!
    const a = lab[i * 3 + 1]! - lab[j * 3 + 1]!
    const b = lab[i * 3 + 2]! - lab[j * 3 + 2]!
    return L * L + 2 * (a * a) + 2 * (b * b)
  }
  let sum = 0
  for (let i = 0; i + width < count; i++) sum += Math.min(0.01, difference(i, i + width))
  const gain = 1 / (2.5 * Math.max(2e-4, sum / count))
  const links: Links = {
    right: new Float32Array(count),
    down: new Float32Array(count),
    downRight: new Float32Array(count),
    downLeft: new Float32Array(count),
  }
  const cost = (i: number, j: number): number => 0.06 + 0.94 * Math.exp(-gain * difference(i, j))
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x + 1 < width) links.right[i] = cost(i, i + 1)
      if (y + 1 === height) continue
      links.down[i] = cost(i, i + width)
      if (x + 1 < width) links.downRight[i] = cost(i, i + width + 1) * Math.SQRT1_2
      if (x > 0) links.downLeft[i] = cost(i, i + width - 1) * Math.SQRT1_2
    }
  }
  return links
}

const scaled = (costs: Float32Array, by: number): Float32Array => costs.map((cost) => cost * by)

/** Clears what does not hang together with the bulk of the person. */
const keepAttached = (inside: Uint8Array, core: (i: number) => boolean, width: number): void => {
  const state = new Uint8Array(inside.length)
  const stack: number[] = []
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i] || !core(i) || state[i]) continue
    state[i] = 1
    stack.push(i)
  }
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    for (const j of [i - 1, i + 1, i - width, i + width]) {
      if (!inside[j] || state[j]) continue
      state[j] = 1
      stack.push(j)
    }
  }
  inside.set(state)
}

/** Per palette entry how much more likely its colour is in the person than in the ground, in nats, -5 to 5. */
const colourEvidence = (
  palette: Palette,
  person: (i: number) => number,
  ground: (i: number) => number,
): Float32Array => {
  const own = colourLogs(palette, fitColours(palette, paletteWeights(palette, person), 7))
  const other = colourLogs(palette, fitColours(palette, paletteWeights(palette, ground), 7))
  return own.map((log, entry) => clamp(log - other[entry]!, -5, 5))
}

/**
 * The person at work size, 1 inside: the network's mask, whose edge is right to a few pixels only, moved onto the
 * picture's own edges by colour models of person and ground. Above the face the ground is not taken for granted,
 * because the network leaves hats out.
 */
export const cutPerson = (frame: PersonFrame, palette: Palette, links: Links): Uint8Array => {
  const { width, height, mask, head } = frame
  const count = width * height
  const distance = signedDistance((i) => mask.data[i]! > 127, width, height)
  const band = Math.max(3, Math.max(width, height) * 0.012)
  const mayBeHat = new Float32Array(count)
  const nearHead = new Float32Array(count)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const { across, rise } = inHead(head, x + 0.5, y + 0.5)
      if (rise < -1 || rise > 5 || Math.abs(across) > 4.5) continue
      nearHead[i] = 1
      if (distance[i]! > 0 || rise > 3.3 || Math.abs(across) > 2.8) continue
      mayBeHat[i] = clamp((3.3 - rise) * 0.8, 0, 1) * clamp((2.8 - Math.abs(across)) * 2, 0, 1) * clamp(rise + 1, 0, 1)
    }
  }
  const deep = (i: number) => (distance[i]! > band ? 1 : 0)
  const outside = (i: number) => distance[i]! < -band && mayBeHat[i] === 0
  const colour = colourEvidence(palette, deep, (i) => (outside(i) ? (distance[i]! > -40 ? 1 : 0.25) : 0))
  const headColour = colourEvidence(
    palette,
    (i) => (nearHead[i]! > 0 && distance[i]! > 0 ? nearHead[i]! : 0),
    (i) => (outside(i) ? nearHead[i]! : 0),
  )
  const terminal = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const entry = palette.index[i]!
    const m = clamp(mask.data[i]! / 255, 0.01, 0.95)
    const prior = Math.log(m / (1 - m))
    const d = distance[i]!
    const hat = mayBeHat[i]!
    if (hat > 0) terminal[i] = 0.8 * headColour[entry]! - 2.5 * (1 - hat) - 0.2 + 0.1 * Math.max(-3, prior)
    else if (d < -2.5 * band) terminal[i] = -20
    else if (d > 4 * band) terminal[i] = 12
    else terminal[i] = 0.48 * prior + 0.52 * colour[entry]! + clamp(d / band, -2, 3) * (d > 0 ? 0.8 : 1.2)
  }
  const pull = 2.2
  const inside = minimumCut({
    width,
    height,
    terminal,
    right: scaled(links.right, pull),
    down: scaled(links.down, pull),
    downRight: scaled(links.downRight, pull),
    downLeft: scaled(links.downLeft, pull),
  })
  keepAttached(inside, (i) => distance[i]! > band, width)
  return inside
}

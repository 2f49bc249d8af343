import type { Ground } from './fill.ts'
import { hashUnit } from './inpaint-field.ts'

const RADIUS = 3

/** One level of the pyramid. `known` may be compared with, `wanted` is synthesised, `centres` lists where a whole patch is known. */
type Level = {
  width: number
  height: number
  rgb: Float32Array
  known: Uint8Array
  wanted: Uint8Array
  centres: Int32Array
  isCentre: Uint8Array
  /** Pixels whose patch touches what is wanted. */
  targets: Int32Array
}

/** Pixels whose square window holds at least `least` set pixels; outside the picture nothing is set. */
const countWindow = (mask: Uint8Array, width: number, height: number, radius: number, least: number): Uint8Array => {
  const stride = width + 1
  const sums = new Int32Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x]) row++
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row
    }
  }
  const out = new Uint8Array(mask.length)
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius) * stride
    const bottom = Math.min(height, y + radius + 1) * stride
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius)
      const right = Math.min(width, x + radius + 1)
      const count = sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!
      out[y * width + x] = count >= least ? 1 : 0
    }
  }
  return out
}

const listOf = (mask: Uint8Array): Int32Array => {
  const list: number[] = []
  for (let i = 0; i < mask.length; i++) if (mask[i]) list.push(i)
  return Int32Array.from(list)
}

const createLevel = (
  width: number,
  height: number,
  rgb: Float32Array,
  known: Uint8Array,
  wanted: Uint8Array,
): Level => {
  const isCentre = countWindow(known, width, height, RADIUS, (2 * RADIUS + 1) ** 2)
  const inside = new Uint8Array(width * height)
  for (let y = RADIUS; y < height - RADIUS; y++) inside.fill(1, y * width + RADIUS, (y + 1) * width - RADIUS)
  const touched = countWindow(wanted, width, height, RADIUS, 1)
  for (let i = 0; i < touched.length; i++) touched[i]! &= inside[i]!
  return { width, height, rgb, known, wanted, centres: listOf(isCentre), isCentre, targets: listOf(touched) }
}

/** Half the size: a pixel is known when all of it was, wanted when any of it was. */
const halve = (level: Omit<Level, 'centres' | 'isCentre' | 'targets'>): Level => {
  const width = level.width >> 1
  const height = level.height >> 1
  const rgb = new Float32Array(width * height * 3)
  const known = new Uint8Array(width * height)
  const wanted = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = y * width + x
      const from = 2 * y * level.width + 2 * x
      const four = [from, from + 1, from + level.width, from + level.width + 1]
      let sources = 0
      for (const i of four) {
        sources += level.known[i]!
        if (level.wanted[i]) wanted[to] = 1
      }
      known[to] = sources === 4 ? 1 : 0
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (const i of four) sum += level.rgb[i * 3 + c]!
        rgb[to * 3 + c] = sum / 4
      }
    }
  }
  return createLevel(width, height, rgb, known, wanted)
}

/** Mean squared difference between the patch at `target` (what is known or wanted of it) and the one at `source`. */
const patchDistance = (level: Level, target: number, source: number, limit: number): number => {
  const { width, rgb, known, wanted } = level
  let sum = 0
  let count = 0
  const bound = limit * (2 * RADIUS + 1) ** 2
  for (let dy = -RADIUS; dy <= RADIUS; dy++) {
    const row = dy * width
    for (let dx = -RADIUS; dx <= RADIUS; dx++) {
      const t = target + row + dx
      if (!known[t] && !wanted[t]) continue
      const a = t * 3
      const b = (source + row + dx) * 3
      const r = rgb[a]! - rgb[b]!
      const g = rgb[a + 1]! - rgb[b + 1]!
      const l = rgb[a + 2]! - rgb[b + 2]!
      const weight = known[t] ? 2 : 1
      sum += weight * (r * r + g * g + l * l)
      count += weight
    }
    if (sum > bound * 2) return limit + 1
  }
  return count > 0 ? sum / count : 0
}

type Matches = { at: Int32Array; distance: Float32Array }

/**
 * Barnes et al., "PatchMatch" (2009): good matches spread to neighbours, random tries around the best escape dead ends. `round` alternates the
 * direction and seeds the tries.
 */
const matchPatches = (level: Level, matches: Matches, round: number): void => {
  const { width, height, targets, isCentre } = level
  const { at, distance } = matches
  const forward = (round & 1) === 0
  const side = forward ? -1 : 1
  for (let step = 0; step < targets.length; step++) {
    const t = targets[forward ? step : targets.length - 1 - step]!
    const attempt = (source: number) => {
      if (source < 0 || source >= isCentre.length || !isCentre[source] || source === at[t]) return
      const d = patchDistance(level, t, source, distance[t]!)
      if (d >= distance[t]!) return
      distance[t] = d
      at[t] = source
    }
    if (at[t + side]! >= 0) attempt(at[t + side]! - side)
    const above = t + side * width
    if (above >= 0 && above < at.length && at[above]! >= 0) attempt(at[above]! - side * width)
    const bestX = at[t]! % width
    const bestY = Math.floor(at[t]! / width)
    let seed = t * 31 + round * 977
    for (let reach = Math.max(width, height) / 2; reach >= 1; reach /= 2.5) {
      const x = Math.round(bestX + (hashUnit(seed++) * 2 - 1) * reach)
      const y = Math.round(bestY + (hashUnit(seed++) * 2 - 1) * reach)
      if (x >= 0 && y >= 0 && x < width && y < height) attempt(y * width + x)
    }
  }
}

/** Every wanted pixel becomes the mean of what the overlapping matched patches say, good matches counting most. */
const vote = (level: Level, matches: Matches): void => {
  const { width, rgb, wanted, targets } = level
  const sum = new Float32Array(wanted.length * 3)
  const total = new Float32Array(wanted.length)
  for (const t of targets) {
    const source = matches.at[t]!
    const weight = 1 / (30 + matches.distance[t]!)
    for (let dy = -RADIUS; dy <= RADIUS; dy++) {
      for (let dx = -RADIUS; dx <= RADIUS; dx++) {
        const to = t + dy * width + dx
        if (!wanted[to]) continue
        const from = (source + dy * width + dx) * 3
        const share = weight / (1 + dx * dx + dy * dy)
        total[to]! += share
        for (let c = 0; c < 3; c++) sum[to * 3 + c]! += share * rgb[from + c]!
      }
    }
  }
  for (let i = 0; i < wanted.length; i++) {
    if (!wanted[i] || total[i] === 0) continue
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = sum[i * 3 + c]! / total[i]!
  }
}

const measure = (level: Level, matches: Matches): void => {
  for (const t of level.targets) matches.distance[t] = patchDistance(level, t, matches.at[t]!, 1e9)
}

const startMatches = (level: Level, coarse: Level | undefined, old: Matches | undefined): Matches => {
  const at = new Int32Array(level.width * level.height).fill(-1)
  for (const t of level.targets) {
    let guess = -1
    if (coarse && old) {
      const x = Math.min(coarse.width - 1, (t % level.width) >> 1)
      const y = Math.min(coarse.height - 1, Math.floor(t / level.width) >> 1)
      const from = old.at[y * coarse.width + x]!
      if (from >= 0) {
        const dx = 2 * ((from % coarse.width) - x)
        const dy = 2 * (Math.floor(from / coarse.width) - y)
        const x1 = (t % level.width) + dx
        const y1 = Math.floor(t / level.width) + dy
        if (x1 >= 0 && y1 >= 0 && x1 < level.width && y1 < level.height) guess = y1 * level.width + x1
      }
    }
    if (guess < 0 || !level.isCentre[guess]) guess = level.centres[Math.floor(hashUnit(t) * level.centres.length)]!
    at[t] = guess
  }
  return { at, distance: new Float32Array(at.length) }
}

/** Copies the finest matches up to full size: each pixel is the weighted mean of where its neighbours' patches point. */
const copyFull = (ground: Ground, level: Level, matches: Matches, out: Float32Array): void => {
  const { width, height, hole, source, rgb } = ground
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (!hole[i]) continue
      const hx = Math.min(level.width - 1, x >> 1)
      const hy = Math.min(level.height - 1, y >> 1)
      let total = 0
      let r = 0
      let g = 0
      let b = 0
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const nx = hx + dx
          const ny = hy + dy
          if (nx < 0 || ny < 0 || nx >= level.width || ny >= level.height) continue
          const n = ny * level.width + nx
          if (matches.at[n]! < 0) continue
          const sx = x + 2 * ((matches.at[n]! % level.width) - nx)
          const sy = y + 2 * (Math.floor(matches.at[n]! / level.width) - ny)
          if (sx < 0 || sy < 0 || sx >= width || sy >= height || !source[sy * width + sx]) continue
          const weight = (dx === 0 && dy === 0 ? 4 : 1 / (dx * dx + dy * dy)) / (30 + matches.distance[n]!)
          const from = (sy * width + sx) * 3
          total += weight
          r += weight * rgb[from]!
          g += weight * rgb[from + 1]!
          b += weight * rgb[from + 2]!
        }
      }
      if (total === 0) continue
      out[i * 3] = r / total
      out[i * 3 + 1] = g / total
      out[i * 3 + 2] = b / total
    }
  }
}

/**
 * Textured ground for every pixel of the hole, copied from patches of source that agree with each other and with the rim (Wexler et al.,
 * "Space-time completion of video", 2007, from coarse to fine). `start` is a first guess (same layout), returned where no patch is found.
 */
export const fillPatches = (ground: Ground, start: Float32Array): Float32Array => {
  const rgb = Float32Array.from(ground.rgb)
  for (let i = 0; i < ground.hole.length; i++) {
    if (!ground.hole[i]) continue
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = start[i * 3 + c]!
  }
  const { width, height } = ground
  const levels = [halve({ width, height, rgb, known: ground.source, wanted: ground.hole })]
  const out = Float32Array.from(start)
  if (levels[0]!.centres.length === 0 || levels[0]!.targets.length === 0) return out
  while (levels.length < 4) {
    const next = halve(levels.at(-1)!)
    if (next.centres.length < 200 || Math.min(next.width, next.height) < 16 || next.targets.length === 0) break
    levels.push(next)
  }
  let matches: Matches | undefined
  for (let n = levels.length - 1; n >= 0; n--) {
    const level = levels[n]!
    matches = startMatches(level, levels[n + 1], matches)
    const coarsest = n === levels.length - 1
    if (!coarsest) vote(level, matches)
    const rounds = n === 0 ? 1 : coarsest ? 6 : 2
    for (let round = 0; round < rounds; round++) {
      measure(level, matches)
      matchPatches(level, matches, 2 * round)
      matchPatches(level, matches, 2 * round + 1)
      vote(level, matches)
    }
  }
  copyFull(ground, levels[0]!, matches!, out)
  return out
}

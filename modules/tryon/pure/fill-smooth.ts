import type { Ground } from './fill.ts'
import { CELL, solveMembrane } from './inpaint.ts'
import { distanceTo, findBox, hashUnit } from './inpaint-field.ts'

const STEP = 4
const BLOCK = 24

type Coarse = { width: number; height: number; values: Float32Array }

/** The ground without grain: averages over small cells, diffused through everything that may not be copied. */
const diffuse = (ground: Ground): Coarse => {
  const width = Math.ceil(ground.width / STEP)
  const height = Math.ceil(ground.height / STEP)
  const values = new Float32Array(width * height * 3)
  const count = new Float32Array(width * height)
  for (let y = 0; y < ground.height; y++) {
    for (let x = 0; x < ground.width; x++) {
      const i = y * ground.width + x
      if (!ground.source[i]) continue
      const to = Math.floor(y / STEP) * width + Math.floor(x / STEP)
      count[to]! += 1
      for (let c = 0; c < 3; c++) values[to * 3 + c]! += ground.rgb[i * 3 + c]!
    }
  }
  const cells = new Uint8Array(width * height)
  for (let i = 0; i < cells.length; i++) {
    const held = count[i]! >= STEP
    cells[i] = held ? CELL.held : CELL.free
    for (let c = 0; c < 3; c++) values[i * 3 + c] = held ? values[i * 3 + c]! / count[i]! : 0
  }
  if (!cells.includes(CELL.held)) return levelOut(ground, width, height)
  solveMembrane({ width, height, channels: 3, values, cells }, 0, 12)
  return { width, height, values }
}

/** Hardly any source: its mean everywhere. */
const levelOut = (ground: Ground, width: number, height: number): Coarse => {
  const mean = [0, 0, 0]
  let count = 0
  for (let i = 0; i < ground.source.length; i++) {
    if (!ground.source[i]) continue
    count++
    for (let c = 0; c < 3; c++) mean[c]! += ground.rgb[i * 3 + c]!
  }
  const values = new Float32Array(width * height * 3)
  for (let i = 0; i < values.length; i++) values[i] = mean[i % 3]! / Math.max(1, count)
  return { width, height, values }
}

/** Writes the bilinear value of the coarse ground at a pixel. */
const sampleCoarse = (coarse: Coarse, x: number, y: number, out: Float32Array, at: number): void => {
  const { width, height, values } = coarse
  const cx = Math.min(width - 1, Math.max(0, (x + 0.5) / STEP - 0.5))
  const cy = Math.min(height - 1, Math.max(0, (y + 0.5) / STEP - 0.5))
  const x0 = Math.floor(cx)
  const y0 = Math.floor(cy)
  const x1 = Math.min(width - 1, x0 + 1)
  const y1 = Math.min(height - 1, y0 + 1)
  const fx = cx - x0
  const fy = cy - y0
  for (let c = 0; c < 3; c++) {
    const upper = values[(y0 * width + x0) * 3 + c]! * (1 - fx) + values[(y0 * width + x1) * 3 + c]! * fx
    const lower = values[(y1 * width + x0) * 3 + c]! * (1 - fx) + values[(y1 * width + x1) * 3 + c]! * fx
    out[at + c] = upper * (1 - fy) + lower * fy
  }
}

/** A shift from this block to the nearest place where all of it is source; undefined when there is none. */
const findShift = (ground: Ground, clear: Float32Array, x: number, y: number) => {
  const { width, height } = ground
  const centreX = x + BLOCK / 2
  const centreY = y + BLOCK / 2
  const seed = y * width + x
  for (let ring = 1; ring <= 14; ring++) {
    const turn = hashUnit(seed + ring * 7919)
    for (let k = 0; k < 12; k++) {
      const angle = ((k + turn) / 12) * 2 * Math.PI
      const dx = Math.round(Math.cos(angle) * ring * BLOCK)
      const dy = Math.round(Math.sin(angle) * ring * BLOCK)
      const toX = centreX + dx
      const toY = centreY + dy
      if (toX < BLOCK || toY < BLOCK || toX >= width - BLOCK || toY >= height - BLOCK) continue
      if (clear[toY * width + toX]! > BLOCK * 0.75) return dy * width + dx
    }
  }
  return undefined
}

/**
 * Smooth ground, grain included, for every pixel of the hole (elsewhere 0); interleaved r, g, b. Grain is copied in
 * blocks from the nearest clear source, so it has the picture's own noise and compression pattern.
 */
export const fillSmooth = (ground: Ground): Float32Array => {
  const { width, height, rgb, hole, source } = ground
  const coarse = diffuse(ground)
  const out = new Float32Array(width * height * 3)
  const base = new Float32Array(3)
  const blocked = new Uint8Array(source.length)
  for (let i = 0; i < blocked.length; i++) blocked[i] = source[i] ? 0 : 1
  const clear = distanceTo(blocked, ground)
  const box = findBox(hole, ground, 0)
  if (!box) return out
  for (let by = box.y0; by < box.y1; by += BLOCK) {
    for (let bx = box.x0; bx < box.x1; bx += BLOCK) {
      let shift: number | undefined
      let sought = false
      for (let y = by; y < Math.min(by + BLOCK, box.y1, height); y++) {
        for (let x = bx; x < Math.min(bx + BLOCK, box.x1, width); x++) {
          const i = y * width + x
          if (!hole[i]) continue
          if (!sought) shift = findShift(ground, clear, bx, by)
          sought = true
          sampleCoarse(coarse, x, y, out, i * 3)
          if (shift === undefined) continue
          const from = i + shift
          if (!source[from]) continue
          sampleCoarse(coarse, from % width, Math.floor(from / width), base, 0)
          for (let c = 0; c < 3; c++) {
            const grain = rgb[from * 3 + c]! - base[c]!
            out[i * 3 + c]! += Math.max(-8, Math.min(8, grain))
          }
        }
      }
    }
  }
  return out
}

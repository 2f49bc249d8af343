import { fillPatches } from './fill-patch.ts'
import { fillSmooth } from './fill-smooth.ts'
import type { Mask, Raster } from './image.ts'
import { CELL, solveMembrane } from './inpaint.ts'
import { blurWeighted, distanceTo, findBox, quantile, smoothstep, type Box } from './inpaint-field.ts'

/** A cut of the picture around a hole: interleaved r, g, b (0 to 255), and per pixel 1 where it must be filled and where it may be copied from. */
export type Ground = {
  width: number
  height: number
  rgb: Float32Array
  hole: Uint8Array
  source: Uint8Array
}

/** Local deviations (8-bit steps, at half size) under which a ground counts as smooth, and over which as textured. */
const SMOOTH = 2
const TEXTURED = 4.5

const cutGround = (picture: Raster, hole: Mask, source: Mask, box: Box): Ground => {
  const width = box.x1 - box.x0
  const height = box.y1 - box.y0
  const ground: Ground = {
    width,
    height,
    rgb: new Float32Array(width * height * 3),
    hole: new Uint8Array(width * height),
    source: new Uint8Array(width * height),
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y + box.y0) * picture.width + x + box.x0
      const to = y * width + x
      for (let c = 0; c < 3; c++) ground.rgb[to * 3 + c] = picture.data[from * 4 + c]!
      if (hole.data[from]! > 0) ground.hole[to] = 1
      else if (source.data[from]! > 127) ground.source[to] = 1
    }
  }
  return ground
}

/** How textured the ground is: 0 smooth to 1 textured for every pixel at half size, carried into the hole. */
const findTexture = (ground: Ground): { width: number; height: number; texture: Float32Array; most: number } => {
  const width = (ground.width + 1) >> 1
  const height = (ground.height + 1) >> 1
  const size = { width, height }
  const luma = new Float32Array(width * height)
  const weight = new Float32Array(width * height)
  const hole = new Uint8Array(width * height)
  for (let y = 0; y < ground.height; y++) {
    for (let x = 0; x < ground.width; x++) {
      const i = y * ground.width + x
      const to = (y >> 1) * width + (x >> 1)
      if (ground.hole[i]) hole[to] = 1
      if (!ground.source[i]) continue
      weight[to]! += 1
      luma[to]! += 0.299 * ground.rgb[i * 3]! + 0.587 * ground.rgb[i * 3 + 1]! + 0.114 * ground.rgb[i * 3 + 2]!
    }
  }
  for (let i = 0; i < luma.length; i++) {
    if (weight[i]! < 4) weight[i] = 0
    else {
      luma[i]! /= 4
      weight[i] = 1
    }
  }
  const base = blurWeighted(luma, weight, size, 4)
  const square = new Float32Array(luma.length)
  for (let i = 0; i < luma.length; i++) square[i] = weight[i]! * (luma[i]! - base[i]!) ** 2
  const local = blurWeighted(square, weight, size, 6)
  const away = distanceTo(hole, size)
  const near: number[] = []
  const values = new Float32Array(local.length)
  const cells = new Uint8Array(local.length)
  for (let i = 0; i < local.length; i++) {
    cells[i] = weight[i]! > 0 ? CELL.held : CELL.free
    values[i] = Math.sqrt(local[i]!)
    if (weight[i]! > 0 && away[i]! < 30) near.push(values[i]!)
  }
  const most = near.length > 0 ? quantile(near, 0.85) : 0
  if (most > SMOOTH) solveMembrane({ width, height, channels: 1, values, cells }, 0, 4)
  for (let i = 0; i < values.length; i++) values[i] = smoothstep(SMOOTH, TEXTURED, values[i]!)
  return { width, height, texture: values, most }
}

/**
 * The picture with its hole (any value > 0; softer than 255 is blended) filled by believable background: smooth ground by diffusion
 * with the grain of its surroundings, textured ground by patches. Only pixels where `source` is over 127 are looked at or copied, so
 * it must keep clear of the person's soft edge. With no source near, the picture comes back as it is. A new raster.
 */
export const fillBackground = (picture: Raster, hole: Mask, source: Mask): Raster => {
  const out: Raster = { width: picture.width, height: picture.height, data: new Uint8ClampedArray(picture.data) }
  const tight = findBox(hole.data, hole, 0)
  if (!tight) return out
  const reach = Math.round(Math.max(48, 0.1 * Math.max(picture.width, picture.height)))
  const box = findBox(hole.data, hole, reach)!
  let ground = cutGround(picture, hole, source, box)
  if (!ground.source.includes(1)) {
    Object.assign(box, { x0: 0, y0: 0, x1: picture.width, y1: picture.height })
    ground = cutGround(picture, hole, source, box)
    if (!ground.source.includes(1)) return out
  }
  const { texture, width: half, most } = findTexture(ground)
  const smooth = fillSmooth(ground)
  const patches = most > SMOOTH ? fillPatches(ground, smooth) : smooth
  for (let y = 0; y < ground.height; y++) {
    for (let x = 0; x < ground.width; x++) {
      const i = y * ground.width + x
      if (!ground.hole[i]) continue
      const to = (y + box.y0) * picture.width + x + box.x0
      const share = hole.data[to]! / 255
      const rough = most > SMOOTH ? texture[(y >> 1) * half + (x >> 1)]! : 0
      for (let c = 0; c < 3; c++) {
        const value = smooth[i * 3 + c]! + rough * (patches[i * 3 + c]! - smooth[i * 3 + c]!)
        out.data[to * 4 + c] = picture.data[to * 4 + c]! + share * (value - picture.data[to * 4 + c]!)
      }
    }
  }
  return out
}

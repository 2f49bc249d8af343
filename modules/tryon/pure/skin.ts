import type { Mask, Raster } from './image.ts'
import { CELL, solveMembrane } from './inpaint.ts'
import { blurWeighted, findBox, hashUnit, type Box } from './inpaint-field.ts'
import { linearToSrgb, oklabToLinear } from './lab.ts'
import { shade } from './light-direction.ts'
import type { PersonParts } from './parts.ts'
import { modelDetail } from './skin-detail.ts'
import { compareSkin, matchLimbs, type SkinView } from './skin-match.ts'
import type { SkinTone } from './skin-tone.ts'
import { composeBody, SURFACE_PARTS, type BareBody, type BodySurface } from './undress-body.ts'

/** Bare skin over a box: interleaved r, g, b (0 to 255), and how much of each pixel is body (0 to 1). */
export type PaintedSkin = { box: Box; rgb: Float32Array; cover: Float32Array; surface: BodySurface }

/** Smooth noise from -1 to 1 over the box, with features of about `cell` pixels. */
const createMottle = (box: Box, cell: number, seed: number): Float32Array => {
  const width = box.x1 - box.x0
  const height = box.y1 - box.y0
  const columns = Math.ceil(width / cell) + 2
  const lattice = Float32Array.from(
    { length: columns * (Math.ceil(height / cell) + 2) },
    (_, k) => hashUnit(k * 2654435 + seed * 104729) * 2 - 1,
  )
  const out = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    const gy = Math.floor(y / cell)
    const fy = y / cell - gy
    const sy = fy * fy * (3 - 2 * fy)
    for (let x = 0; x < width; x++, i++) {
      const gx = Math.floor(x / cell)
      const fx = x / cell - gx
      const sx = fx * fx * (3 - 2 * fx)
      const k = gy * columns + gx
      const upper = lattice[k]! + (lattice[k + 1]! - lattice[k]!) * sx
      const lower = lattice[k + columns]! + (lattice[k + columns + 1]! - lattice[k + columns]!) * sx
      out[i] = upper + (lower - upper) * sy
    }
  }
  return out
}

/** The skin as the model alone says it: colour of the part, light on its normal, soft variation. OKLab, interleaved. */
const paintModel = (surface: BodySurface, body: BareBody, tone: SkinTone): Float32Array => {
  const { box, cover, nx, ny, part, share } = surface
  const lab = new Float32Array(cover.length * 3)
  const cell = Math.max(4, 0.035 * body.scale)
  const broad = createMottle(box, cell, 1)
  const fine = createMottle(box, cell / 3, 2)
  const flush = createMottle(box, cell, 3)
  const detail = modelDetail(body, surface)
  for (let i = 0; i < cover.length; i++) {
    if (cover[i] === 0) continue
    const own = tone.colour[SURFACE_PARTS[part[i]!] ?? 'torso']
    const { torso } = tone.colour
    const mix = share[i]!
    const colour = {
      L: torso.L + mix * (own.L - torso.L),
      a: torso.a + mix * (own.a - torso.a),
      b: torso.b + mix * (own.b - torso.b),
    }
    const variation = 0.008 * broad[i]! + 0.005 * fine[i]!
    const L = colour.L * (shade(tone.light, nx[i]!, ny[i]!) + detail[i]!) + variation
    lab[i * 3] = L
    lab[i * 3 + 1] = colour.a + tone.redder * (L - colour.L) + 0.002 * flush[i]!
    lab[i * 3 + 2] = colour.b + tone.yellower * (L - colour.L)
  }
  return lab
}

/**
 * How the visible skin differs from the model, carried from its border into what is painted and fading there, so that painted and
 * photographed skin meet without a seam. At half size; OKLab differences, interleaved.
 */
const findCorrection = (view: SkinView, scale: number) => {
  const { box, cover } = view.surface
  const boxWidth = box.x1 - box.x0
  const boxHeight = box.y1 - box.y0
  const width = (boxWidth + 1) >> 1
  const height = (boxHeight + 1) >> 1
  const sums = [new Float32Array(width * height), new Float32Array(width * height), new Float32Array(width * height)]
  const held = new Float32Array(width * height)
  const cells = new Uint8Array(width * height)
  const difference = new Float32Array(3)
  for (let y = 0; y < boxHeight; y++) {
    for (let x = 0; x < boxWidth; x++) {
      const i = y * boxWidth + x
      if (cover[i]! < 0.5) continue
      const to = (y >> 1) * width + (x >> 1)
      cells[to] = CELL.free
      if (!compareSkin(view, x + box.x0, y + box.y0, i, difference)) continue
      held[to]! += 1
      for (let c = 0; c < 3; c++) sums[c]![to]! += difference[c]!
    }
  }
  const weight = new Float32Array(width * height)
  for (let i = 0; i < held.length; i++) {
    if (held[i]! < 2) continue
    weight[i] = 1
    for (const sum of sums) sum[i]! /= held[i]!
  }
  // A single dark hair or highlight at the border must not be drawn out into a streak.
  const soft = sums.map((sum) => blurWeighted(sum, weight, { width, height }, 2, 2))
  const values = new Float32Array(width * height * 3)
  for (let i = 0; i < held.length; i++) {
    if (weight[i] === 0) continue
    cells[i] = CELL.held
    for (let c = 0; c < 3; c++) values[i * 3 + c] = Math.max(-0.25, Math.min(0.25, soft[c]![i]!))
  }
  const reach = 0.2 * scale * 0.5
  solveMembrane({ width, height, channels: 3, values, cells }, 1 / (reach * reach), 8)
  return { width, height, values }
}

/** Paints the bare body over the box of `region`; `region` tells which pixels of the picture are not to be trusted as skin. */
export const paintBody = (
  picture: Raster,
  parts: PersonParts,
  body: BareBody,
  tone: SkinTone,
  region: Mask,
): PaintedSkin | undefined => {
  const box = findBox(region.data, region, Math.max(12, Math.round(0.06 * body.scale)))
  if (!box) return undefined
  const surface = composeBody(body, box)
  const model = paintModel(surface, body, tone)
  const view = { picture, parts, region, surface, model }
  matchLimbs(view, body)
  const correction = findCorrection(view, body.scale)
  const boxWidth = box.x1 - box.x0
  const rgb = new Float32Array(model.length)
  const light = new Float32Array(3)
  for (let i = 0; i < surface.cover.length; i++) {
    if (surface.cover[i] === 0) continue
    const x = i % boxWidth
    const y = Math.floor(i / boxWidth)
    if (region.data[(y + box.y0) * picture.width + x + box.x0] === 0) continue
    const value = [0, 0, 0]
    // Bilinear between half-size cells, so that no 2 x 2 steps show.
    const cx = Math.max(0, Math.min(correction.width - 1.001, (x - 0.5) / 2))
    const cy = Math.max(0, Math.min(correction.height - 1.001, (y - 0.5) / 2))
    const x0 = Math.floor(cx)
    const y0 = Math.floor(cy)
    const fx = cx - x0
    const fy = cy - y0
    for (let c = 0; c < 3; c++) {
      const at = (dx: number, dy: number) =>
        correction.values[
          (Math.min(correction.height - 1, y0 + dy) * correction.width + Math.min(correction.width - 1, x0 + dx)) * 3 +
            c
        ]!
      const upper = at(0, 0) * (1 - fx) + at(1, 0) * fx
      value[c] = upper * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy
    }
    const seed = (y + box.y0) * 8191 + x + box.x0
    const grain = tone.grain * 1.7 * (hashUnit(seed) + hashUnit(seed + 0x5bd1e9) + hashUnit(seed ^ 0x2c1b3c6d) - 1.5)
    oklabToLinear(
      model[i * 3]! + value[0]! + grain,
      model[i * 3 + 1]! + value[1]!,
      model[i * 3 + 2]! + value[2]!,
      light,
      0,
    )
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = linearToSrgb(light[c]!)
  }
  return { box, rgb, cover: surface.cover, surface }
}

import { createTexture } from '../modules/tryon/pure/cloth-layer.ts'
import type { PreparedGarment } from '../modules/tryon/pure/garment.ts'
import type { Mask, Raster } from '../modules/tryon/pure/image.ts'
import { faceOval } from '../modules/tryon/pure/parts-frame.ts'
import { PART, type PersonParts } from '../modules/tryon/pure/parts.ts'
import { type Patch, rasterizePatch } from '../modules/tryon/pure/patch.ts'
import { POSE, type Pose } from '../modules/tryon/pure/pose.ts'
import type { Rendered } from '../modules/tryon/pure/render-try-on.ts'

/** Pixels that differ from the input although the edit mask says that they may not. The bar is 0. */
export function countChangedOutside(before: Raster, after: Raster, edit: Mask): number {
  let changed = 0
  for (let i = 0; i < edit.data.length; i++) {
    if (edit.data[i] !== 0) continue
    for (let c = 4 * i; c < 4 * i + 4; c++) {
      if (before.data[c] === after.data[c]) continue
      changed++
      break
    }
  }
  return changed
}

/** Share of hair and hands that cloth lies on, and pixels of the face oval under cloth. */
export function coverOfBody(
  parts: PersonParts,
  pose: Pose,
  cloth: Mask,
): { face: number; hair: number; hands: number } {
  const oval = faceOval(pose)
  const cover = { face: 0, hair: 0, hands: 0 }
  const area = { hair: 0, hands: 0 }
  for (let y = 0; y < parts.height; y++) {
    for (let x = 0; x < parts.width; x++) {
      const i = y * parts.width + x
      const on = (cloth.data[i] ?? 0) > 127 ? 1 : 0
      const label = parts.labels[i]
      if (label === PART.hair) {
        area.hair++
        cover.hair += on
      } else if (label === PART.leftHand || label === PART.rightHand) {
        area.hands++
        cover.hands += on
      }
      if (on && label === PART.face && isInside(oval, x + 0.5, y + 0.5)) cover.face++
    }
  }
  return { face: cover.face, hair: cover.hair / Math.max(1, area.hair), hands: cover.hands / Math.max(1, area.hands) }
}

function isInside(polygon: readonly { x: number; y: number }[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[i], polygon[j]]
    if (a && b && a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/** Median distance of the pose landmarks found on the result from those of the input, in shoulder widths. */
export function poseDrift(before: Pose, after: Pose | undefined): number {
  if (!after) return Infinity
  const [left, right] = [before.landmarks[POSE.leftShoulder], before.landmarks[POSE.rightShoulder]]
  const shoulders = left && right ? Math.hypot(left.x - right.x, left.y - right.y) : 1
  const moved = before.landmarks
    .map((p, i) => ({ p, q: after.landmarks[i] }))
    .filter(({ p }) => p.visibility > 0.5)
    .map(({ p, q }) => (q ? Math.hypot(p.x - q.x, p.y - q.y) / shoulders : Infinity))
    .toSorted((a, b) => a - b)
  return moved[Math.floor(moved.length / 2)] ?? Infinity
}

const swap = (patch: Patch, scale: number): Patch => ({
  ...patch,
  source: patch.target,
  target: patch.source.map((value) => value * scale),
})

/**
 * Mean SSIM (Wang et al. 2004, 8x8 windows on luma) between the garment's picture at the scale it is drawn at and the result
 * warped back onto it, over windows that lie wholly in cloth that shows.
 */
export function printFidelity(garment: PreparedGarment, rendered: Rendered): number {
  const { picture: texture, scale } = createTexture(
    garment,
    rendered.layers.map((layer) => layer.patch),
  )
  const owner = topLayers(garment, rendered)
  let [sum, count] = [0, 0]
  for (const [layer, { patch }] of rendered.layers.entries()) {
    const map = rasterizePatch(swap(patch, scale), texture.width, texture.height)
    if (!map) continue
    const back = new Float32Array(map.width * map.height).fill(Number.NaN)
    const own = new Float32Array(map.width * map.height)
    for (let i = 0; i < back.length; i++) {
      const [x, y] = [map.x[i] ?? Number.NaN, map.y[i] ?? 0]
      if (Number.isNaN(x)) continue
      const at = (map.top + Math.floor(i / map.width)) * texture.width + map.left + (i % map.width)
      if ((texture.data[4 * at + 3] ?? 0) < 250) continue
      const read = lumaAt(rendered, { owner, layer }, x, y)
      if (read === undefined) continue
      back[i] = read
      own[i] = luma(texture, at)
    }
    const ssim = meanSsim(own, back, map.width, map.height)
    sum += ssim.sum
    count += ssim.count
  }
  return count === 0 ? Number.NaN : sum / count
}

/** Which layer shows at each pixel: a sleeve that hangs over the front hides what is printed there. */
function topLayers({ cutout }: PreparedGarment, { layers, picture }: Rendered): Int8Array {
  const owner = new Int8Array(picture.width * picture.height).fill(-1)
  for (const [layer, { patch }] of layers.entries()) {
    const map = rasterizePatch(patch, picture.width, picture.height)
    if (!map) continue
    for (let i = 0; i < map.x.length; i++) {
      const x = map.x[i] ?? Number.NaN
      if (Number.isNaN(x)) continue
      const from = Math.floor(map.y[i] ?? 0) * cutout.width + Math.floor(x)
      if ((cutout.data[4 * from + 3] ?? 0) < 64) continue
      owner[(map.top + Math.floor(i / map.width)) * picture.width + map.left + (i % map.width)] = layer
    }
  }
  return owner
}

const luma = ({ data }: Raster, i: number): number =>
  0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0)

function lumaAt(
  { picture, cloth }: Rendered,
  { owner, layer }: { owner: Int8Array; layer: number },
  x: number,
  y: number,
): number | undefined {
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
  if (x0 < 0 || y0 < 0 || x0 + 1 >= picture.width || y0 + 1 >= picture.height) return undefined
  const [tx, ty] = [x - 0.5 - x0, y - 0.5 - y0]
  let value = 0
  for (let k = 0; k < 4; k++) {
    const i = (y0 + (k >> 1)) * picture.width + x0 + (k & 1)
    if ((cloth.data[i] ?? 0) < 254 || owner[i] !== layer) return undefined
    value += (k & 1 ? tx : 1 - tx) * (k >> 1 ? ty : 1 - ty) * luma(picture, i)
  }
  return value
}

function meanSsim(a: Float32Array, b: Float32Array, width: number, height: number): { sum: number; count: number } {
  let [sum, count] = [0, 0]
  for (let y = 0; y + 8 <= height; y += 4) {
    for (let x = 0; x + 8 <= width; x += 4) {
      const value = windowSsim(a, b, y * width + x, width)
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
  }
  return { sum, count }
}

function windowSsim(a: Float32Array, b: Float32Array, from: number, stride: number): number {
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0]
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const [p, q] = [a[from + y * stride + x] ?? 0, b[from + y * stride + x] ?? Number.NaN]
      sa += p
      sb += q
      saa += p * p
      sbb += q * q
      sab += p * q
    }
  }
  const [ma, mb] = [sa / 64, sb / 64]
  const [va, vb, cov] = [saa / 64 - ma * ma, sbb / 64 - mb * mb, sab / 64 - ma * mb]
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2]
  return ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
}

/** Share of the old garment's pixels that still show as they were: neither cloth nor anything new lies there. */
export function leakOf(parts: PersonParts, before: Raster, rendered: Rendered, worn: number): number {
  let [all, left] = [0, 0]
  for (let i = 0; i < parts.labels.length; i++) {
    if (parts.labels[i] !== worn) continue
    all++
    if (showsAsBefore(before, rendered, i)) left++
  }
  return left / Math.max(1, all)
}

/** Whether pixel `i` was not edited, or was edited to next to nothing where no cloth lies. Red and green tell enough. */
function showsAsBefore(before: Raster, { edit, cloth, picture }: Rendered, i: number): boolean {
  if ((edit.data[i] ?? 0) === 0) return true
  if ((cloth.data[i] ?? 0) >= 128) return false
  return [4 * i, 4 * i + 1].every((c) => Math.abs((before.data[c] ?? 0) - (picture.data[c] ?? 0)) < 2)
}

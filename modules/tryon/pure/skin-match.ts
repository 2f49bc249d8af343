import type { Mask, Raster } from './image.ts'
import { quantile, smoothstep } from './inpaint-field.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'
import { PART, type PersonParts } from './parts.ts'
import { SURFACE_PARTS, type BareBody, type BodySurface } from './undress-body.ts'
import type { BodyLayer } from './undress-limb.ts'

const SKIN = new Uint8Array(16)
for (const label of [
  PART.neck,
  PART.torso,
  PART.leftArm,
  PART.rightArm,
  PART.leftLeg,
  PART.rightLeg,
  PART.leftHand,
  PART.rightHand,
])
  SKIN[label] = 1

/** Whether a chroma may be the same skin in other light: of like hue, and neither much paler nor much more vivid. */
const isSkinHue = (a: number, b: number, modelA: number, modelB: number): boolean => {
  const chroma = Math.sqrt(a * a + b * b)
  const expected = Math.sqrt(modelA * modelA + modelB * modelB)
  return (
    chroma > 0.35 * expected && chroma < 2.2 * expected + 0.02 && a * modelA + b * modelB > 0.82 * chroma * expected
  )
}

/** What visible skin is compared with: the picture, where it may be trusted, and the model painted so far. */
export type SkinView = { picture: Raster; parts: PersonParts; region: Mask; surface: BodySurface; model: Float32Array }

const seen = new Float32Array(3)

/**
 * How the photographed skin at a pixel of the surface differs from the model, in OKLab, written to `out`; false where no plain skin
 * shows (clothes, edges, what is to be painted, a cuff taken for skin).
 */
export const compareSkin = (view: SkinView, x: number, y: number, i: number, out: Float32Array): boolean => {
  const { picture, parts, region, surface, model } = view
  const at = y * picture.width + x
  if (surface.cover[i]! < 1 || region.data[at]! > 0 || !SKIN[parts.labels[at]!] || parts.alpha.data[at]! < 250)
    return false
  if (!SKIN[parts.labels[at - 2] ?? 0] || !SKIN[parts.labels[at + 2] ?? 0]) return false
  const { data } = picture
  linearToOklab(srgbToLinear(data[at * 4]!), srgbToLinear(data[at * 4 + 1]!), srgbToLinear(data[at * 4 + 2]!), seen, 0)
  if (!isSkinHue(seen[1]!, seen[2]!, model[i * 3 + 1]!, model[i * 3 + 2]!)) return false
  for (let c = 0; c < 3; c++) out[c] = seen[c]! - model[i * 3 + c]!
  return true
}

const BINS = 15

/** Calls `visit` for every pixel of a limb's layer that is that limb on the surface. */
const eachPixel = (
  surface: BodySurface,
  layer: BodyLayer,
  code: number,
  visit: (x: number, y: number, i: number, bin: number, along: number) => void,
): void => {
  const { box } = surface
  const own = layer.box
  const width = box.x1 - box.x0
  for (let y = Math.max(box.y0, own.y0); y < Math.min(box.y1, own.y1); y++) {
    for (let x = Math.max(box.x0, own.x0); x < Math.min(box.x1, own.x1); x++) {
      const i = (y - box.y0) * width + x - box.x0
      if (surface.part[i] !== code) continue
      const from = (y - own.y0) * (own.x1 - own.x0) + x - own.x0
      const covers = layer.cover[from]! > 0
      if (covers) visit(x, y, i, ((layer.across[from]! + 1) / 2) * (BINS - 1), layer.along[from]!)
    }
  }
}

/** A hand turns differently from the arm it ends. */
const isHand = (label: number): boolean => label === PART.leftHand || label === PART.rightHand

/** Mean difference for each place across the limb, near its border with what is painted; undefined when hardly any of it shows. */
const readProfile = (view: SkinView, layer: BodyLayer, code: number): Float32Array | undefined => {
  const found: number[] = []
  const alongs: number[] = []
  const difference = new Float32Array(3)
  eachPixel(view.surface, layer, code, (x, y, i, bin, along) => {
    if (((x + y) & 1) === 1 || isHand(view.parts.labels[y * view.picture.width + x]!)) return
    if (!compareSkin(view, x, y, i, difference)) return
    found.push(bin, along, difference[0]!, difference[1]!, difference[2]!)
    alongs.push(along)
  })
  if (alongs.length < 100) return undefined
  const border = quantile(alongs, 0.05)
  const sums = new Float32Array(BINS * 4)
  for (let k = 0; k < found.length; k += 5) {
    const near = 1 / (0.05 + Math.abs(found[k + 1]! - border)) ** 2
    const low = Math.min(BINS - 2, Math.floor(found[k]!))
    const share = found[k]! - low
    for (let n = 0; n < 2; n++) {
      const weight = near * (n === 0 ? 1 - share : share)
      sums[(low + n) * 4 + 3]! += weight
      for (let c = 0; c < 3; c++) sums[(low + n) * 4 + c]! += weight * found[k + 2 + c]!
    }
  }
  // Bins at the very edges have few pixels: each leans on its neighbours.
  const profile = new Float32Array(BINS * 3)
  for (let bin = 0; bin < BINS; bin++) {
    const total = [0, 0, 0, 0]
    for (let n = 0; n < BINS; n++) {
      const weight = 1 / (0.3 + (n - bin) ** 4)
      for (let c = 0; c < 4; c++) total[c]! += weight * sums[n * 4 + c]!
    }
    for (let c = 0; c < 3; c++) {
      const most = c === 0 ? 0.25 : 0.04
      profile[bin * 3 + c] = Math.max(-most, Math.min(most, total[c]! / total[3]!))
    }
  }
  return profile
}

/**
 * Carries the light across a limb (a dark inner side, a lit edge) from where its skin shows along the limb into what is painted, in place in
 * the model; it fades towards the trunk.
 */
export const matchLimbs = (view: SkinView, body: BareBody): void => {
  for (const { part, layer } of body.layers) {
    if (part === 'torso') continue
    const code = SURFACE_PARTS.indexOf(part)
    const profile = readProfile(view, layer, code)
    if (!profile) continue
    const isArm = part === 'leftArm' || part === 'rightArm'
    eachPixel(view.surface, layer, code, (_x, _y, i, bin, along) => {
      const low = Math.min(BINS - 2, Math.floor(bin))
      const share = bin - low
      const fade = smoothstep(isArm ? 0.3 : 0.1, isArm ? 0.75 : 0.6, along)
      for (let c = 0; c < 3; c++) {
        const value = profile[low * 3 + c]! * (1 - share) + profile[(low + 1) * 3 + c]! * share
        view.model[i * 3 + c]! += fade * value
      }
    })
  }
}

import { buildPalette } from './colour-model.ts'
import { guidedUpsample } from './guided-filter.ts'
import type { Raster } from './image.ts'
import { rasterToOklab } from './lab.ts'
import { labelClasses } from './parts-classes.ts'
import { createPersonFrame } from './parts-frame.ts'
import { contrastLinks, cutPerson } from './parts-matte.ts'
import { findPlaces } from './parts-prior.ts'
import { divideSkin } from './parts-skin.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'

const WORK_SIZE = 384

export { faceOval } from './parts-frame.ts'

/** Finds every part of one person, using nothing but the pose and the picture itself as its training set. */
export const segmentPerson = (picture: Raster, pose: Pose): PersonParts => {
  const frame = createPersonFrame(picture, pose, WORK_SIZE)
  const { width, height } = frame
  const palette = buildPalette(frame.picture)
  const lab = rasterToOklab(frame.picture)
  const links = contrastLinks(lab, width, height)
  const inside = cutPerson(frame, palette, links)
  const places = findPlaces(frame, inside)
  const classes = labelClasses(frame, palette, links, inside, places)
  const small = divideSkin(frame, places, classes)
  const labels = new Uint8Array(picture.width * picture.height)
  const alpha = new Uint8Array(labels.length)
  const cropW = Math.min(picture.width - frame.left, Math.round(width * frame.scale))
  const cropH = Math.min(picture.height - frame.top, Math.round((height * cropW) / width))
  const guide = new Float32Array(cropW * cropH * 3)
  for (let y = 0, o = 0; y < cropH; y++) {
    let p = ((frame.top + y) * picture.width + frame.left) * 4
    for (let x = 0; x < cropW; x++, o += 3, p += 4) {
      guide[o] = picture.data[p]! / 255
      guide[o + 1] = picture.data[p + 1]! / 255
      guide[o + 2] = picture.data[p + 2]! / 255
    }
  }
  const smallGuide = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) smallGuide[i * 3 + c] = frame.picture.data[i * 4 + c]! / 255
  }
  const matte = guidedUpsample(
    { width, height, guide: smallGuide, input: Float32Array.from(inside) },
    { width: cropW, height: cropH, guide },
    3,
    1e-4,
  )
  for (let y = 0; y < cropH; y++) {
    for (let x = 0; x < cropW; x++) {
      const to = (frame.top + y) * picture.width + frame.left + x
      const value = matte[y * cropW + x]!
      alpha[to] = Math.max(0, Math.min(255, 255 * value))
      const from =
        Math.min(height - 1, Math.floor((y / cropH) * height)) * width +
        Math.min(width - 1, Math.floor((x / cropW) * width))
      labels[to] = value < 0.5 ? PART.background : small[from]!
    }
  }
  return {
    width: picture.width,
    height: picture.height,
    labels,
    alpha: { width: picture.width, height: picture.height, data: alpha },
  }
}

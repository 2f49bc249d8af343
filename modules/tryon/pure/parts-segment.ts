import { buildPalette } from './colour-model.ts'
import type { Raster } from './image.ts'
import { rasterToOklab } from './lab.ts'
import { labelClasses } from './parts-classes.ts'
import { moveBeltToLower } from './parts-belt.ts'
import { createPersonFrame } from './parts-frame.ts'
import { contrastLinks, cutPerson } from './parts-matte.ts'
import { hidePocketedHands } from './parts-pocket.ts'
import { CLASS_COUNT, findPlaces } from './parts-prior.ts'
import { refineLabels } from './parts-refine.ts'
import { nameParts } from './parts-skin.ts'
import { tidyClasses } from './parts-tidy.ts'
import type { PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'

/** The longer side of the picture that is cut; its edges are found again at full size afterwards. */
const WORK_SIZE = 384

/** Finds every part of one person, using nothing but the pose and the picture itself as its training set. */
export const segmentPerson = (picture: Raster, pose: Pose): PersonParts => {
  const frame = createPersonFrame(picture, pose, WORK_SIZE)
  const palette = buildPalette(frame.picture)
  const lab = rasterToOklab(frame.picture)
  const links = contrastLinks(lab, frame.width, frame.height)
  const inside = cutPerson(frame, palette, links)
  const places = findPlaces(frame, inside)
  const classes = labelClasses(frame, palette, links, inside, places)
  tidyClasses(frame, places, classes)
  moveBeltToLower(frame, places, classes, lab)
  const full = refineLabels({
    picture,
    left: frame.left,
    top: frame.top,
    cropWidth: frame.cropWidth,
    cropHeight: frame.cropHeight,
    small: frame.picture,
    labels: classes,
    labelCount: CLASS_COUNT + 1,
    background: CLASS_COUNT,
  })
  nameParts(frame, places, classes, picture, full.labels)
  hidePocketedHands(full.labels, picture.width, pose)
  const { width, height } = picture
  return { width, height, labels: full.labels, alpha: { width, height, data: full.alpha } }
}

import type { Raster } from './image.ts'
import { quantile, smoothstep, type Box } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import type { TorsoShape } from './undress-torso.ts'

/** The lower garment where the old top hid it: interleaved r, g, b (0 to 255) and cover (0 to 1) over a box; `shadow` is what its edge throws on the skin above. */
export type LowerPiece = { box: Box; rgb: Float32Array; cover: Float32Array; shadow: Float32Array }

/** `depth` is how far the lower garment can be followed down from the edge, in pixels. */
type Edge = { first: number; rows: Float32Array; depth: Float32Array; left: number; right: number }

/** The row (along the trunk) where the lower garment begins to show, for each pixel across; undefined when hardly any shows. */
const findEdge = (parts: PersonParts, torso: TorsoShape): Edge | undefined => {
  const { origin, down, across, length, scale } = torso
  const reach = Math.ceil(0.35 * scale)
  const from = Math.floor(0.55 * length)
  const to = Math.ceil(length + 0.35 * scale)
  const found = new Float32Array(2 * reach + 1).fill(-1)
  const labelAt = (side: number, row: number) => {
    const x = Math.floor(origin.x + across.x * side + down.x * row)
    const y = Math.floor(origin.y + across.y * side + down.y * row)
    return x >= 0 && y >= 0 && x < parts.width && y < parts.height ? parts.labels[y * parts.width + x]! : -1
  }
  for (let side = -reach; side <= reach; side++) {
    for (let row = from; row < to; row++) {
      if (labelAt(side, row) !== PART.lower) continue
      if (labelAt(side, row + 4) === PART.lower && labelAt(side, row - 3) === PART.upper) found[side + reach] = row
      break
    }
  }
  const sides: number[] = []
  found.forEach((row, k) => {
    if (row >= 0) sides.push(k - reach)
  })
  if (sides.length < 0.06 * scale) return undefined
  // Single columns are ragged; a hem is not.
  const rows = new Float32Array(found.length)
  for (let k = 0; k < rows.length; k++) {
    const near: number[] = []
    for (let span = 4; near.length < 3 && span < 4 * rows.length; span *= 2) {
      near.length = 0
      for (let n = Math.max(0, k - span); n <= Math.min(rows.length - 1, k + span); n++)
        if (found[n]! >= 0) near.push(found[n]!)
    }
    rows[k] = quantile(near, 0.5)
  }
  const depth = new Float32Array(rows.length)
  for (let k = 0; k < rows.length; k++) {
    const most = 0.1 * scale
    while (depth[k]! < most && labelAt(k - reach, rows[k]! + 4 + depth[k]!) === PART.lower) depth[k]!++
  }
  return { first: -reach, rows, depth, left: sides.at(-1)!, right: -sides[0]! }
}

/** Median colour of the lower garment just below its edge, for each pixel across (interleaved r, g, b), and how far its pixels usually lie from that. */
const findColours = (
  picture: Raster,
  parts: PersonParts,
  torso: TorsoShape,
  edge: Edge,
): { colours: Float32Array; spread: number } => {
  const { origin, down, across } = torso
  const count = edge.rows.length
  const colours = new Float32Array(count * 3)
  const offs: number[] = []
  const all: number[][] = [[], [], []]
  const read = (column: number, row: number): number => {
    const side = column + edge.first
    const x = Math.floor(origin.x + across.x * side + down.x * row)
    const y = Math.floor(origin.y + across.y * side + down.y * row)
    if (x < 0 || y < 0 || x >= parts.width || y >= parts.height) return -1
    return parts.labels[y * parts.width + x] === PART.lower ? y * parts.width + x : -1
  }
  const blank: number[] = []
  for (let k = 0; k < count; k++) {
    const values: number[][] = [[], [], []]
    for (let n = Math.max(0, k - 6); n <= Math.min(count - 1, k + 6); n += 3) {
      for (let step = 3; step < edge.depth[n]!; step += 3) {
        const at = read(n, edge.rows[n]! + step)
        if (at >= 0) for (let c = 0; c < 3; c++) values[c]!.push(picture.data[at * 4 + c]!)
      }
    }
    if (values[0]!.length < 4) blank.push(k)
    for (let c = 0; c < 3 && values[0]!.length >= 4; c++) {
      colours[k * 3 + c] = quantile(values[c]!, 0.5)
      all[c]!.push(colours[k * 3 + c]!)
      offs.push(
        quantile(
          values[c]!.map((value) => Math.abs(value - colours[k * 3 + c]!)),
          0.6,
        ),
      )
    }
  }
  for (const k of blank)
    for (let c = 0; c < 3; c++) colours[k * 3 + c] = all[c]!.length > 0 ? quantile(all[c]!, 0.5) : 90
  return { colours, spread: offs.length > 0 ? quantile(offs, 0.5) : 0 }
}

/** Brightness of the waistband's edge, stitches and seam, by the distance below its upper edge. */
const sewBand = (row: number, band: number): number => {
  if (row < 1.5) return 1.06
  if (Math.abs(row - band) < 1.2) return 0.82
  return Math.abs(row - band + 3) < 0.8 || Math.abs(row - 4) < 0.8 ? 0.93 : 1
}

/** Index of the pixel whose cloth continues the lower garment at this place: mirrored at its edge, to and fro when little shows; -1 for none. */
const mirrorBelow = (parts: PersonParts, torso: TorsoShape, edge: Edge, side: number, row: number): number => {
  const at = Math.round(side) - edge.first
  const start = edge.rows[at]! + 3
  const span = edge.depth[at]!
  if (span < 4) return -1
  const beyond = Math.abs(row - start) % (2 * span)
  const target = row >= start ? row : start + (beyond > span ? 2 * span - beyond : beyond)
  const x = Math.floor(torso.origin.x + torso.across.x * side + torso.down.x * target)
  const y = Math.floor(torso.origin.y + torso.across.y * side + torso.down.y * target)
  if (x < 0 || y < 0 || x >= parts.width || y >= parts.height) return -1
  const index = y * parts.width + x
  const isLower = (place: number) => parts.labels[place] === PART.lower
  return isLower(index) && isLower(index - 2) && isLower(index + 2) ? index : -1
}

/**
 * The lower garment continued upward from where the old top's hem lay to the waist: what lies just below is mirrored, ends in a waistband, and
 * narrows from the hips to the waist. Undefined when too little of it shows to be continued.
 */
export const extendLower = (
  picture: Raster,
  parts: PersonParts,
  torso: TorsoShape,
  box: Box,
): LowerPiece | undefined => {
  const edge = findEdge(parts, torso)
  if (!edge) return undefined
  const { origin, down, across, length, scale, top } = torso
  const { colours, spread } = findColours(picture, parts, torso, edge)
  // A top that ends near the waist hid only its own hem's width; a longer one hid all up to the waist.
  const hem = quantile(edge.rows, 0.1)
  const waist = hem < length - 0.04 * scale ? hem - 0.006 * scale : Math.min(length - 0.1 * scale, hem - 0.006 * scale)
  const band = 0.036 * scale
  const width = box.x1 - box.x0
  const count = width * (box.y1 - box.y0)
  const piece: LowerPiece = {
    box,
    rgb: new Float32Array(count * 3),
    cover: new Float32Array(count),
    shadow: new Float32Array(count),
  }
  const low = quantile(edge.rows, 0.9)
  for (let y = box.y0, i = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, i++) {
      const px = x + 0.5 - origin.x
      const py = y + 0.5 - origin.y
      const row = px * down.x + py * down.y
      const side = px * across.x + py * across.y
      if (row < waist - 0.03 * scale || row > low + 12) continue
      const at = Math.round(side) - edge.first
      if (at < 0 || at >= edge.rows.length) continue
      const k = Math.min(torso.left.length - 1, Math.max(0, Math.round(row - top)))
      const body = (side > 0 ? torso.left : torso.right)[k]! + 0.006 * scale
      const seen = side > 0 ? edge.left : edge.right
      const rise = smoothstep(edge.rows[at]!, waist, row)
      const half = Math.min(seen + (body - seen) * rise, Math.max(body, seen))
      const sideCover = Math.min(1, Math.max(0, half - Math.abs(side) + 0.5))
      // A waistband dips a little in front.
      const lift = waist + 0.012 * scale * (1 - (side / Math.max(1, half)) ** 2)
      const cover = sideCover * Math.min(1, Math.max(0, row - lift + 0.5))
      piece.shadow[i] = sideCover * (1 - smoothstep(0, 0.014 * scale, lift - row)) * 0.35
      if (cover === 0) continue
      piece.cover[i] = cover
      const from = mirrorBelow(parts, torso, edge, side, row)
      const inBand = row - lift
      const tone = sewBand(inBand, band) * (1 - 0.1 * (Math.abs(side) / Math.max(1, half)) ** 4)
      // A button or a pocket's corner must not appear twice: on plain cloth what stands out is left out.
      let isPlain = from >= 0
      for (let c = 0; c < 3 && isPlain; c++) {
        isPlain = Math.abs(picture.data[from * 4 + c]! - colours[at * 3 + c]!) < 20 + 3 * spread
      }
      for (let c = 0; c < 3; c++) {
        piece.rgb[i * 3 + c] = (isPlain ? picture.data[from * 4 + c]! : colours[at * 3 + c]!) * tone
      }
    }
  }
  return piece
}

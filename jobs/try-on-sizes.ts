import type { PreparedGarment } from '../modules/tryon/pure/garment.ts'
import type { Measures } from '../modules/tryon/pure/garment-size.ts'
import type { Raster } from '../modules/tryon/pure/image.ts'
import type { PersonParts } from '../modules/tryon/pure/parts.ts'
import type { Pose } from '../modules/tryon/pure/pose.ts'
import { type Rendered, renderTryOn } from '../modules/tryon/pure/render-try-on.ts'

type Person = { name: string; picture: Raster; pose: Pose; parts: PersonParts }

/** Statures of the rendered people, from their `meta.json`. */
const HEIGHT_CM: Record<string, number> = { f_avg: 160.5, f_plus: 160.5, m_avg: 174.8, m_dark: 181.5 }

const SIZES: Record<string, Measures> = {
  S: { chest: 98, length: 66, shoulder: 43, sleeve: 20 },
  M: { chest: 104, length: 70, shoulder: 45, sleeve: 21.5 },
  L: { chest: 110, length: 74, shoulder: 47, sleeve: 23 },
}

export type SizeRow = {
  person: string
  size: string
  lengthCm: number
  drawnCm: number
  sleeveCm: number
  drawnSleeveCm: number
  chestWidthCm: number
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y)

/** The lowest cloth under the middle of the collar, read off the picture's mask and not off the plan. */
function drawnLength(rendered: Rendered): number {
  const { collarLeft, collarRight, hemCentre } = rendered.placement
  if (!collarLeft || !collarRight || !hemCentre) return Number.NaN
  const x = Math.round(hemCentre.x)
  const { width, height, data } = rendered.cloth
  let bottom = 0
  for (let y = 0; y < height; y++) if ((data[y * width + x] ?? 0) > 127) bottom = y + 1
  return (bottom - (collarLeft.y + collarRight.y) / 2) / rendered.pixelsPerCm
}

/** Draws one tee in three sizes on people of known stature: the picture's own centimetres beside the chart's. */
export function measureSizes(
  people: readonly Person[],
  garments: readonly { name: string; garment: PreparedGarment }[],
) {
  const tee = garments.find(({ garment }) => garment.cut === 'short-sleeve' && garment.category === 'top')
  const rows: SizeRow[] = []
  for (const person of people) {
    const heightCm = HEIGHT_CM[person.name]
    if (!tee || heightCm === undefined) continue
    for (const [size, measures] of Object.entries(SIZES)) {
      const { picture, pose, parts } = person
      const rendered = renderTryOn({ picture, pose, parts, garment: tee.garment, measures, body: { heightCm } })
      const { shoulderLeft, cuffOuterLeft, armpitLeft, armpitRight } = rendered.placement
      const cm = rendered.pixelsPerCm
      rows.push({
        person: person.name,
        size,
        lengthCm: measures.length ?? Number.NaN,
        drawnCm: round(drawnLength(rendered)),
        sleeveCm: measures.sleeve ?? Number.NaN,
        drawnSleeveCm: shoulderLeft && cuffOuterLeft ? round(distance(shoulderLeft, cuffOuterLeft) / cm) : Number.NaN,
        chestWidthCm: armpitLeft && armpitRight ? round(distance(armpitLeft, armpitRight) / cm) : Number.NaN,
      })
    }
  }
  const lines = rows.map(
    (row) =>
      `${row.person} ${row.size}: length ${row.lengthCm} drawn ${row.drawnCm}, sleeve ${row.sleeveCm} drawn ${row.drawnSleeveCm}, chest width ${row.chestWidthCm}`,
  )
  return { rows, text: ['size honesty, cm', ...lines].join('\n') }
}

const round = (value: number) => Math.round(value * 10) / 10

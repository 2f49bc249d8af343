import type { SizeMeasures } from '../../modules/catalog/pure/size-chart.ts'
import { type SleeveCut, type TopCut, type TopShape, hangSleeve, shapeTop } from './cut-top.ts'
import { between, type Random } from './geometry.ts'
import type { TopSpec } from './spec.ts'

/** A wide skirt hangs in waves; what it is wider than its waist decides how many. */
const wavesOf = (spec: TopSpec, m: SizeMeasures, waist: number): Pick<TopCut, 'waves'> => {
  const flare = spec.type === 'dress' && m.hem ? m.hem / 2 / waist - 1.25 : 0
  if (flare <= 0.05 || spec.flare === 0) return {}
  return { waves: { count: Math.round(2.4 + flare * 2.2), depth: Math.min(1.1, 0.3 + flare * 0.55) } }
}

/** The hem of a top whose chart does not say, as a share of its chest. */
const hemShare = (spec: TopSpec): number => (spec.type === 'dress' ? 1.2 : spec.hem === 'rib' ? 0.92 : 1)

type Body = Omit<TopCut, 'sleeves'>

/** Flat widths and lengths of the middle size, from the chart where it speaks and the usual cut where it does not. */
const cutBody = (spec: TopSpec, m: SizeMeasures): Body => {
  const dress = spec.type === 'dress'
  const chest = (m.chest ?? 100) / 2
  const length = m.length ?? (dress ? 100 : 68)
  const waistY = spec.waistY ?? (dress ? 39 : Math.min(length * 0.62, 43))
  const waist = m.waist ? m.waist / 2 : chest * (spec.waistShare ?? (dress ? 0.86 : 0.97))
  const hemShape = spec.hemShape ?? 'straight'
  const usual = {
    neckWidth: 17.5,
    neckDepth: 8.5,
    neckSquare: 2.1,
    backDrop: 1.8,
    slope: 4.2,
    armhole: 14.5 + chest * 0.16,
  }
  const { neckWidth, neckDepth, neckSquare, backDrop, slope, armhole } = { ...usual, ...spec }
  return {
    neckWidth,
    neckDepth,
    neckSquare,
    backDrop,
    slope,
    armhole,
    shoulder: m.shoulder ?? chest * 0.86,
    chest,
    waistY,
    waist,
    ...(m.hip && dress ? { hip: { y: waistY + 20, width: m.hip / 2 } } : {}),
    hem: m.hem ? m.hem / 2 : chest * hemShare(spec),
    ...(spec.hem === 'rib' ? { gather: 6.5 } : {}),
    ...(spec.neck === 'straps' ? { straps: 9 } : {}),
    ...wavesOf(spec, m, waist),
    length,
    hemShape,
    hemDrop: spec.hemDrop ?? (hemShape === 'shirttail' ? 5.5 : 1.2),
  }
}

/** One sleeve as it happens to lie: no two hang alike. */
const cutSleeve = (spec: TopSpec, m: SizeMeasures, body: Body, random: Random): SleeveCut => {
  const { chest, shoulder } = body
  const puff = spec.puff ?? 0.9
  if (spec.sleeve === 'short') {
    const cuff = spec.cuffWidth ?? chest * 0.32
    const angle = (spec.sleeveAngle ?? 40) + between(random, -1.5, 1.5)
    return { length: m.sleeve ?? 20, angle, forearmAngle: angle - 5, elbow: cuff, cuff, puff }
  }
  const cuff = (spec.cuffWidth ?? 10.5) * 0.92
  const elbow = Math.max(cuff + 0.6, (spec.elbowWidth ?? chest * 0.265) * 0.82)
  const forearmAngle = (spec.sleeveAngle ?? 8.5 + (chest - shoulder) * 0.5) + between(random, -1.2, 1.2)
  return hangSleeve(body, { length: m.sleeve ?? 61, forearmAngle, elbow, cuff, puff }, 0.2)
}

/** The curves of a top or dress in its middle size. */
export const shapeOfTop = (spec: TopSpec, measures: SizeMeasures, random: Random): TopShape => {
  const body = cutBody(spec, measures)
  if (spec.sleeve === 'none') return shapeTop({ ...body, sleeves: null })
  const left = cutSleeve(spec, measures, body, random)
  const right = cutSleeve(spec, measures, body, random)
  return shapeTop({ ...body, sleeves: { left, right } })
}

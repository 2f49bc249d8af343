import { compareSizes } from './size-order.ts'

export const CHART_CATEGORIES = ['top', 'bottom', 'dress'] as const
export type ChartCategory = (typeof CHART_CATEGORIES)[number]

/** Every measure a chart may give, in cm of the finished garment. */
export const ZONES = [
  'chest',
  'waist',
  'hip',
  'length',
  'shoulder',
  'sleeve',
  'inseam',
  'outseam',
  'thigh',
  'hem',
] as const
export type Zone = (typeof ZONES)[number]
export type SizeMeasures = Partial<Record<Zone, number>>

/**
 * Finished garment measures by size. Girths (chest, waist, hip, thigh, hem) are full circumferences; length runs from
 * the high point of the shoulder to the hem, sleeve from the shoulder point to the cuff.
 */
export type SizeChart = { unit: 'cm'; category: ChartCategory; sizes: Record<string, SizeMeasures> }

/** Which zones a category may give. A skirt is a bottom whose length is its `length` or `outseam`. */
export const ZONES_OF: Record<ChartCategory, readonly Zone[]> = {
  top: ['chest', 'length', 'shoulder', 'sleeve', 'waist', 'hem', 'hip'],
  bottom: ['waist', 'hip', 'inseam', 'outseam', 'length', 'thigh', 'hem'],
  dress: ['chest', 'waist', 'hip', 'length', 'shoulder', 'sleeve', 'hem'],
}

/** The zones without which a size cannot be told from the next; one of each group is enough. */
const NEEDED: Record<ChartCategory, readonly (readonly Zone[])[]> = {
  top: [['chest'], ['length']],
  bottom: [['waist'], ['outseam', 'length', 'inseam']],
  dress: [['chest'], ['length']],
}

/** No garment measure lies outside these; one that does was given in inches, millimetres or half girths of nothing. */
const RANGE_CM = { least: 1, most: 300 }

export type ChartIssue = { size: string; zone?: Zone; message: string }

function issuesOfSize(category: ChartCategory, size: string, measures: SizeMeasures): ChartIssue[] {
  const issues: ChartIssue[] = []
  for (const zone of ZONES) {
    const cm = measures[zone]
    if (cm === undefined) continue
    if (!ZONES_OF[category].includes(zone)) issues.push({ size, zone, message: `a ${category} has no ${zone}` })
    else if (!Number.isFinite(cm) || cm < RANGE_CM.least || cm > RANGE_CM.most)
      issues.push({ size, zone, message: `${cm} cm is not between ${RANGE_CM.least} and ${RANGE_CM.most}` })
  }
  for (const group of NEEDED[category])
    if (!group.some((zone) => measures[zone] !== undefined))
      issues.push({ size, zone: group[0]!, message: `${group.join(' or ')} is missing` })
  return issues
}

/** What makes a chart unusable: no size, a zone its category does not have, a measure no garment has, a needed one missing. */
export function sizeChartErrors({ category, sizes }: SizeChart): ChartIssue[] {
  const names = Object.keys(sizes)
  if (names.length === 0) return [{ size: '', message: 'a size chart needs at least one size' }]
  return names.flatMap((size) => issuesOfSize(category, size, sizes[size]!))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MOST_SIZES = 60

const refuse = (message: string) => ({ ok: false as const, issues: [{ size: '', message }] })

/** A chart out of JSON that anyone may have written; the issues are all that is wrong with it, in its order. */
export function readSizeChart(value: unknown): { ok: true; chart: SizeChart } | { ok: false; issues: ChartIssue[] } {
  if (!isRecord(value)) return refuse('a size chart is an object with unit, category and sizes')
  const { unit, category, sizes, ...others } = value
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) return refuse(`a size chart has no ${stranger}`)
  if (unit !== 'cm') return refuse('unit must be "cm"')
  const known = CHART_CATEGORIES.find((one) => one === category)
  if (!known) return refuse(`category must be one of ${CHART_CATEGORIES.join(', ')}`)
  if (!isRecord(sizes)) return refuse('sizes must be an object of measures by size')
  if (Object.keys(sizes).length > MOST_SIZES) return refuse(`a size chart has at most ${MOST_SIZES} sizes`)
  const issues: ChartIssue[] = []
  const chart: SizeChart = { unit, category: known, sizes: {} }
  for (const [written, measures] of Object.entries(sizes)) {
    const size = written.trim()
    if (size === '' || size.length > 20 || size in {}) issues.push({ size, message: 'is no name of a size' })
    else if (!isRecord(measures)) issues.push({ size, message: 'must be an object of measures in cm' })
    else chart.sizes[size] = readMeasures(size, measures, issues)
  }
  issues.push(...(issues.length === 0 ? sizeChartErrors(chart) : []))
  return issues.length === 0 ? { ok: true, chart } : { ok: false, issues }
}

function readMeasures(size: string, measures: Record<string, unknown>, issues: ChartIssue[]): SizeMeasures {
  const read: SizeMeasures = {}
  for (const [name, cm] of Object.entries(measures)) {
    const zone = ZONES.find((one) => one === name)
    if (!zone) issues.push({ size, message: `there is no measure called ${name}` })
    else if (typeof cm !== 'number') issues.push({ size, zone, message: 'must be a number of cm' })
    else read[zone] = cm
  }
  return read
}

/** What is odd but may be true: a measure that shrinks from one size to the next larger one. */
export function sizeChartWarnings({ sizes }: SizeChart): ChartIssue[] {
  const names = Object.keys(sizes).toSorted(compareSizes)
  const warnings: ChartIssue[] = []
  for (const zone of ZONES) {
    const given = names.filter((size) => sizes[size]![zone] !== undefined)
    for (let i = 1; i < given.length; i++) {
      const [size, before] = [given[i]!, given[i - 1]!]
      if (sizes[size]![zone]! < sizes[before]![zone]!)
        warnings.push({ size, zone, message: `${zone} of ${size} is smaller than of ${before}` })
    }
  }
  return warnings
}

/** The size in the middle of the chart, which is taken when nobody says one; of an even number the smaller of the two. */
export function middleSize({ sizes }: SizeChart): string | undefined {
  const names = Object.keys(sizes).toSorted(compareSizes)
  return names[Math.floor((names.length - 1) / 2)]
}

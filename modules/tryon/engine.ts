import type { Pictures } from '../media/index.ts'
import { middleSize, type SizeChart } from '../catalog/pure/size-chart.ts'
import type { PoseEstimator } from './pose.ts'
import { prepareGarment } from './prepare-garment.ts'
import type { GarmentCategory, PreparedGarment } from './pure/garment.ts'
import { type BodyInput, DEFAULT_HEIGHT_CM, type Measures } from './pure/garment-size.ts'
import type { Mask, Raster } from './pure/image.ts'
import { toFullSize, toWorkSize } from './pure/full-size.ts'
import { judgePose, legsHang } from './pure/judge-pose.ts'
import { renderTryOn } from './pure/render-try-on.ts'
import { segmentPerson } from './pure/parts-segment.ts'
import { type Refusal, REFUSALS, type Report } from './schema.ts'

/** Stages in the order they run; a listener hears each as it begins. */
export const STAGES = ['read', 'garment', 'pose', 'parts', 'render'] as const
export type Stage = (typeof STAGES)[number]

export type TryOnJob = {
  person: Uint8Array
  garment: { picture: Uint8Array; category?: GarmentCategory | undefined } | { prepared: PreparedGarment }
  chart?: SizeChart | undefined
  size?: string | undefined
  body?: BodyInput | undefined
}

export type TryOnOutcome =
  | { ok: true; picture: Raster; edit: Mask; cloth: Mask; report: Report }
  | { ok: false; reason: Refusal; report: Report }

export type Engine = {
  run(job: TryOnJob, onStage?: (stage: Stage) => void): Promise<TryOnOutcome>
  close(): Promise<void>
}

/** The person picture is worked on up to this many pixels; its result has the picture's own size in any case. */
const LIMITS = { maxPixels: 24_000_000, minSide: 200 }
const GARMENT_LIMITS = { maxPixels: 24_000_000, minSide: 120 }

const LEGS_APART = 'The legs are too far apart for what hangs on them. Stand upright for trousers, skirts and dresses.'

class Refused extends Error {
  readonly reason: Refusal
  constructor(reason: Refusal, detail?: string) {
    super(detail ?? REFUSALS[reason])
    this.reason = reason
  }
}

/** Runs the whole pipeline on this thread; nothing is stored and nothing of the pictures is logged. */
export function createEngine({
  pictures,
  estimator,
  device,
}: {
  pictures: Pictures
  estimator: PoseEstimator
  device: string
}): Engine {
  return {
    async run(job, onStage = () => {}) {
      const report: Report = { status: 'ok', landmarks: [], timingsMs: {}, device }
      const began = performance.now()
      const timed = async <T>(stage: Stage, work: () => Promise<T> | T): Promise<T> => {
        onStage(stage)
        const start = performance.now()
        try {
          return await work()
        } finally {
          report.timingsMs[stage] = tenths(performance.now() - start)
        }
      }
      try {
        const result = await perform(job, report, { pictures, estimator, timed })
        report.timingsMs['total'] = tenths(performance.now() - began)
        return { ok: true, ...result, report }
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        report.timingsMs['total'] = tenths(performance.now() - began)
        return {
          ok: false,
          reason: error.reason,
          report: { ...report, status: 'refused', reason: error.reason, message: error.message },
        }
      }
    },
    close: async () => estimator.close(),
  }
}

type Tools = {
  pictures: Pictures
  estimator: PoseEstimator
  timed: <T>(stage: Stage, work: () => Promise<T> | T) => Promise<T>
}

const clock = () => performance.now()

async function perform(job: TryOnJob, report: Report, { pictures, estimator, timed }: Tools) {
  const picture = await timed('read', async () => {
    const read = await pictures.read(job.person, LIMITS)
    if (!read.ok) throw new Refused(read.reason)
    return read.picture
  })
  const { work, scale } = toWorkSize(picture)
  const looking = estimator.apart ? estimator.estimate(work) : undefined
  // Awaited below; a garment that is refused first must not leave its failure unheard.
  looking?.catch(() => {})
  const garment = await timed('garment', () => getGarment(job.garment, pictures))
  report.garment = {
    category: garment.category,
    cut: garment.cut,
    openFront: garment.openFront,
    confidence: garment.confidence,
    landmarks: garment.landmarks as Record<string, { x: number; y: number }>,
  }
  const { size, measures } = chooseSize(job.chart, job.size)
  const pose = await timed('pose', async () => {
    const judged = judgePose(await (looking ?? estimator.estimate(work)), work.width, work.height)
    if (!judged.ok) throw new Refused(judged.reason)
    if (garment.category !== 'top' && !legsHang(judged.person)) throw new Refused('pose_unsupported', LEGS_APART)
    return judged.person
  })
  report.landmarks = pose.landmarks.map(({ x, y, visibility }) => ({ x: x / scale, y: y / scale, visibility }))
  const parts = await timed('parts', () => segmentPerson(work, pose))
  const body: BodyInput = { ...job.body, heightCm: job.body?.heightCm ?? DEFAULT_HEIGHT_CM }
  return timed('render', () => {
    const rendered = renderTryOn({ picture: work, pose, parts, garment, measures, body, clock })
    Object.assign(report.timingsMs, rendered.timingsMs)
    report.heightCm = body.heightCm
    report.heightAssumed = !job.body
    report.pixelsPerCm = rendered.pixelsPerCm / scale
    report.scaleSource = rendered.scaleSource
    report.size = size
    report.measuresCm = rendered.measuresCm
    report.fit = rendered.fit
    report.placement = Object.fromEntries(
      Object.entries(rendered.placement).map(([name, { x, y }]) => [name, { x: x / scale, y: y / scale }]),
    )
    return toFullSize(picture, work, rendered)
  })
}

async function getGarment(from: TryOnJob['garment'], pictures: Pictures): Promise<PreparedGarment> {
  if ('prepared' in from) return from.prepared
  const read = await pictures.read(from.picture, GARMENT_LIMITS)
  if (!read.ok) throw new Refused(read.reason, `The garment picture: ${REFUSALS[read.reason]}`)
  const prepared = await prepareGarment(read.picture, from.category ? { category: from.category } : {})
  if (!prepared.ok) throw new Refused('garment_not_found')
  return prepared.garment
}

/** The size that was asked for, else the middle one; without a chart the picture's own proportions are drawn. */
export function chooseSize(
  chart: SizeChart | undefined,
  asked: string | undefined,
): { size: string | null; measures: Measures } {
  if (!chart) return { size: null, measures: {} }
  const size = asked ?? middleSize(chart)
  const measures = size === undefined ? undefined : chart.sizes[size]
  if (size === undefined || !measures)
    throw new Refused(
      'size_unknown',
      `The size chart has no ${asked ?? 'size'}; it has ${Object.keys(chart.sizes).join(', ')}.`,
    )
  return { size, measures }
}

/** Up to the next tenth of a millisecond: what took any time says so. */
const tenths = (ms: number) => Math.ceil(ms * 10) / 10

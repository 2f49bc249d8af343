import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import type { SizeChart } from '../catalog/pure/size-chart.ts'
import { createPictures } from '../media/index.ts'
import { createEngine, type Stage, STAGES, type TryOnJob, type TryOnOutcome } from './engine.ts'
import { createPoseEstimator } from './pose.ts'
import { createRaster, type Raster } from './pure/image.ts'
import { POSE } from './pure/pose.ts'
import { cutGarment, photographGarment } from './pure/drawn-garment.ts'
import { REFUSALS, ReportSchema } from './schema.ts'
import { drawMannequin } from './testing-mannequin.ts'

// The networks take a second to load, and longer on a busy machine.
setDefaultTimeout(120_000)

const pictures = createPictures()
const estimator = createPoseEstimator({ modelsDir: join(import.meta.dir, '../../var/models') })
const engine = createEngine({ pictures, estimator, device: 'cpu' })
afterAll(() => engine.close())

const WIDTH = 300
const HEIGHT = 400
const mannequin = drawMannequin({ width: WIDTH, height: HEIGHT })
const png = (picture: Raster) => pictures.encode(picture, 'png')
const person = await png(mannequin)
const tee = cutGarment('tee')
const garment = { picture: await png(photographGarment(tee)) }
const chart: SizeChart = {
  unit: 'cm',
  category: 'top',
  sizes: {
    S: { chest: 98, length: 64, shoulder: 42, sleeve: 19 },
    M: { chest: 104, length: 68, shoulder: 44, sleeve: 21 },
    L: { chest: 110, length: 72, shoulder: 46, sleeve: 23 },
  },
}

const run = (job: Partial<TryOnJob> = {}, onStage?: (stage: Stage) => void) =>
  engine.run({ person, garment, ...job }, onStage)

type Drawn = Extract<TryOnOutcome, { ok: true }>
const drawn = async (job: Partial<TryOnJob> = {}, onStage?: (stage: Stage) => void): Promise<Drawn> => {
  const outcome = await run(job, onStage)
  if (!outcome.ok) throw new Error(`refused: ${outcome.reason}`)
  return outcome
}

/** The report of a refusal, which is as whole as a report can be by then. */
async function refusal(job: Partial<TryOnJob>) {
  const outcome = await run(job)
  if (outcome.ok) throw new Error('It was drawn')
  const { reason, report } = outcome
  expect(ReportSchema.parse(report)).toEqual(report)
  expect(report).toMatchObject({ status: 'refused', reason, device: 'cpu' })
  expect(Object.keys(REFUSALS)).toContain(reason)
  expect(report.timingsMs['total']).toBeGreaterThan(0)
  return report
}

/** Two pictures beside each other. */
function beside(left: Raster, right: Raster): Raster {
  const both = createRaster(left.width + right.width, left.height)
  for (let y = 0; y < left.height; y++) {
    both.data.set(left.data.subarray(y * left.width * 4, (y + 1) * left.width * 4), y * both.width * 4)
    const row = right.data.subarray(y * right.width * 4, (y + 1) * right.width * 4)
    both.data.set(row, (y * both.width + left.width) * 4)
  }
  return both
}

const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()

describe('a person and a garment picture', () => {
  const heard: Stage[] = []
  const outcome = drawn({ chart, size: 'L', body: { heightCm: 168 } }, (stage) => heard.push(stage))

  test('give a picture and masks of the size of the person', async () => {
    const { picture, edit, cloth } = await outcome
    for (const one of [picture, edit, cloth]) expect([one.width, one.height]).toEqual([WIDTH, HEIGHT])
    let [outside, shown] = [0, 0]
    for (let i = 0; i < edit.data.length; i++) {
      if (cloth.data[i]! > 127) shown++
      for (let c = 4 * i; c < 4 * i + 4; c++) if (edit.data[i] === 0 && picture.data[c] !== mannequin.data[c]) outside++
    }
    expect(outside).toBe(0)
    expect(shown).toBeGreaterThan(0.04 * WIDTH * HEIGHT)
  })

  test('give a report with all that it promises', async () => {
    const { report } = await outcome
    expect(ReportSchema.parse(report)).toEqual(report)
    expect(report).toMatchObject({ status: 'ok', device: 'cpu', size: 'L', heightCm: 168, heightAssumed: false })
    expect(report).toMatchObject({ measuresCm: chart.sizes['L']!, garment: { category: 'top', cut: 'short-sleeve' } })
    expect(report.landmarks).toHaveLength(33)
    const [left, right] = [report.landmarks[POSE.leftShoulder]!, report.landmarks[POSE.rightShoulder]!]
    expect(left.x).toBeGreaterThan(right.x)
    expect(left.visibility).toBeGreaterThan(0.5)
    for (const name of ['collar', 'shoulder', 'armpit', 'cuffOuter', 'cuffInner', 'hem'])
      for (const side of ['Left', 'Right']) {
        const { x, y } = report.placement![`${name}${side}`]!
        expect(x > 0 && x < WIDTH && y > 0 && y < HEIGHT).toBe(true)
      }
    // The figure is 7.7 of the picture's 8.4 heads tall.
    expect(Math.abs(report.pixelsPerCm! - (HEIGHT * 7.5) / 8.4 / 168)).toBeLessThan(0.15)
    for (const timed of [...STAGES, 'total']) expect(report.timingsMs[timed]).toBeGreaterThanOrEqual(0)
    expect(report.timingsMs['total']).toBeGreaterThan(report.timingsMs['render']!)
  })

  test('tell where the garment was found in its own picture', async () => {
    const { report } = await outcome
    for (const name of ['collarLeft', 'armpitRight', 'hemLeft', 'cuffOuterRight'] as const) {
      const [found, truth] = [report.garment!.landmarks[name]!, tee.landmarks[name]!]
      expect(Math.hypot(found.x - truth.x, found.y - truth.y)).toBeLessThan(0.06 * tee.cutout.height)
    }
  })

  test('are heard of stage by stage, in order', async () => {
    await outcome
    expect(heard).toEqual([...STAGES])
  })
})

test('without a size the middle one is drawn, without a chart none, and a height that is not known is said to be assumed', async () => {
  const prepared = { prepared: { ...tee, openFront: true } }
  const middle = (await drawn({ garment: prepared, chart })).report
  expect([middle.size, middle.heightAssumed]).toEqual(['M', true])
  expect(middle.measuresCm).toMatchObject(chart.sizes['M']!)
  const none = (await drawn({ garment: prepared })).report
  expect(none.size).toBeNull()
  expect(none.measuresCm!['chest']).toBeGreaterThan(90)
})

test('a photo that is marked as turned comes back upright, in the size that people see', async () => {
  const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 4 as const } }
  const turned = await sharp(new Uint8Array(mannequin.data.buffer), raw)
    .rotate(-90)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 92 })
    .toBuffer()
  expect((await sharp(turned).metadata()).width).toBe(HEIGHT)
  const { picture, report } = await drawn({ person: turned, garment: { prepared: { ...tee, openFront: true } } })
  expect([picture.width, picture.height]).toEqual([WIDTH, HEIGHT])
  expect(report.landmarks[POSE.nose]!.y).toBeLessThan(report.landmarks[POSE.leftHip]!.y)
})

describe('what is refused, with a reason', () => {
  test('is a picture of nobody', async () => {
    expect((await refusal({ person: garment.picture })).reason).toBe('no_person')
    const report = await refusal({ person: await plain(300, 400, '#8899aa') })
    expect(report.reason).toBe('no_person')
    expect(report.garment?.category).toBe('top')
    expect(report.landmarks).toEqual([])
  })

  test('is somebody seen from behind', async () => {
    const away = await png(drawMannequin({ facing: 'away' }))
    expect((await refusal({ person: away })).reason).toBe('person_from_behind')
  })

  test('is a picture of two', async () => {
    expect((await refusal({ person: await png(beside(mannequin, mannequin)) })).reason).toBe('several_people')
  })

  test.each([
    ['text', async () => new TextEncoder().encode('not a picture at all')],
    ['nothing', async () => new Uint8Array()],
    ['half a picture', async () => person.slice(0, person.length / 2)],
  ])('is a file of %s', async (_what, bytes) => {
    const report = await refusal({ person: await bytes() })
    expect(report.reason).toBe('image_unreadable')
    expect(Object.keys(report.timingsMs).toSorted()).toEqual(['read', 'total'])
  })

  test('is a picture too small or too large to work with, told by its header', async () => {
    expect((await refusal({ person: await plain(199, 400, '#888') })).reason).toBe('image_too_small')
    const bomb = Buffer.from(await plain(64, 64, '#888'))
    bomb.writeUInt32BE(40_000, 16)
    bomb.writeUInt32BE(40_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    expect((await refusal({ person: bomb })).reason).toBe('image_too_large')
  })

  test('is a garment picture without a garment, and the message says that it is the garment’s', async () => {
    expect((await refusal({ garment: { picture: await plain(300, 400, '#999') } })).reason).toBe('garment_not_found')
    const torn = await refusal({ garment: { picture: garment.picture.slice(0, 300) } })
    expect([torn.reason, torn.message?.startsWith('The garment picture')]).toEqual(['image_unreadable', true])
  })

  test('is a size that the chart does not have, and the message names those it has', async () => {
    const report = await refusal({ chart, size: 'XXL', garment: { prepared: tee } })
    expect(report.reason).toBe('size_unknown')
    for (const size of ['XXL', 'S, M, L']) expect(report.message).toContain(size)
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import sharp from 'sharp'
import { createPoseEstimator } from './pose.ts'
import type { Raster } from './pure/image.ts'
import { faceOval } from './pure/parts-frame.ts'
import { segmentPerson } from './pure/parts-segment.ts'
import { PART } from './pure/parts.ts'

setDefaultTimeout(120_000)

const PHOTOS = process.env['PHOTOS_DIR'] ?? join(import.meta.dir, '../../../shared/photos')
const estimator = createPoseEstimator({ modelsDir: join(import.meta.dir, '../../var/models') })
afterAll(() => estimator.close())

const read = async (path: string): Promise<Raster> => {
  const { data, info } = await sharp(join(PHOTOS, path))
    .flatten({ background: '#fff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) }
}

const segment = async (picture: Raster) => {
  const pose = (await estimator.estimate(picture))[0]
  if (!pose) throw new Error('no person found')
  return { pose, parts: segmentPerson(picture, pose) }
}

const at = (parts: { width: number; labels: Uint8Array }, x: number, y: number) => parts.labels[y * parts.width + x]

/** The grey value that the truth gives this part. */
const kindOf = (label: number) => {
  if (label === PART.background) return 0
  return label === PART.upper ? 160 : label === PART.lower ? 240 : 80
}

const count = (into: Map<number, number>, kind: number) => into.set(kind, (into.get(kind) ?? 0) + 1)

describe.skipIf(!existsSync(join(PHOTOS, 'persons-synthetic')))('parts of the synthetic people', () => {
  for (const name of ['f_avg', 'f_plus', 'm_avg', 'm_dark']) {
    test(`${name}: skin, top and trousers overlap the truth by 95 %, the silhouette by 98 %`, async () => {
      const picture = await read(`persons-synthetic/${name}.png`)
      const truth = await read(`persons-synthetic/${name}.seg.png`)
      const { parts } = await segment(picture)
      const shared = new Map<number, number>()
      const either = new Map<number, number>()
      let both = 0
      let any = 0
      for (let i = 0; i < parts.labels.length; i++) {
        const found = kindOf(parts.labels[i]!)
        const wanted = truth.data[i * 4]!
        if (found === wanted) count(shared, found)
        count(either, found)
        if (found !== wanted) count(either, wanted)
        if (found > 0 && wanted > 0) both++
        if (found > 0 || wanted > 0) any++
      }
      for (const kind of [0, 80, 160, 240]) expect(shared.get(kind)! / either.get(kind)!).toBeGreaterThan(0.95)
      expect(both / any).toBeGreaterThan(0.98)
    })
  }
})

/** Points whose part is plain to the eye, in pixels of the photo. */
const SEEN: Record<string, [keyof typeof PART, [number, number][]][]> = {
  catvton_men_model_7: [
    [
      'upper',
      [
        [384, 400],
        [300, 300],
        [470, 600],
      ],
    ],
    [
      'rightArm',
      [
        [230, 400],
        [215, 600],
      ],
    ],
    [
      'leftArm',
      [
        [560, 400],
        [570, 560],
      ],
    ],
    [
      'lower',
      [
        [384, 800],
        [300, 950],
      ],
    ],
    ['neck', [[400, 235]]],
    ['hair', [[405, 35]]],
    [
      'background',
      [
        [60, 500],
        [700, 300],
      ],
    ],
  ],
  fashn_man_tee: [
    [
      'upper',
      [
        [300, 600],
        [260, 430],
        [300, 690],
      ],
    ],
    ['leftHand', [[390, 810]]],
    ['leftArm', [[500, 620]]],
    [
      'lower',
      [
        [200, 820],
        [330, 840],
      ],
    ],
    [
      'background',
      [
        [20, 300],
        [460, 600],
      ],
    ],
  ],
  ootd_model_1: [
    [
      'upper',
      [
        [384, 500],
        [490, 550],
        [300, 650],
      ],
    ],
    [
      'hair',
      [
        [400, 50],
        [325, 250],
        [480, 130],
      ],
    ],
    ['torso', [[400, 697]]],
    ['leftArm', [[540, 450]]],
    ['lower', [[400, 800]]],
  ],
  rembg_runway_full: [
    [
      'hair',
      [
        [325, 55],
        [268, 95],
        [388, 100],
      ],
    ],
    [
      'lower',
      [
        [330, 468],
        [320, 600],
      ],
    ],
    ['upper', [[330, 380]]],
    ['feet', [[325, 960]]],
    [
      'background',
      [
        [550, 150],
        [120, 700],
      ],
    ],
  ],
  omnitry_top_cloth: [
    [
      'upper',
      [
        [340, 600],
        [190, 800],
        [510, 800],
        [300, 925],
      ],
    ],
    ['lower', [[340, 980]]],
    ['face', [[390, 280]]],
  ],
}

describe.skipIf(!existsSync(join(PHOTOS, 'persons')))('parts of photographed people', () => {
  for (const [name, wanted] of Object.entries(SEEN)) {
    test(`${name}: what is plain to the eye has the right name, and no garment covers the face`, async () => {
      const picture = await read(`persons/${name}.png`)
      const { pose, parts } = await segment(picture)
      for (const [part, points] of wanted) {
        for (const [x, y] of points) expect([part, x, y, at(parts, x, y)]).toEqual([part, x, y, PART[part]])
      }
      for (const { x, y } of faceOval(pose)) {
        const inner = at(
          parts,
          Math.round(0.85 * x + 0.15 * pose.landmarks[0]!.x),
          Math.round(0.85 * y + 0.15 * pose.landmarks[0]!.y),
        )
        expect([PART.face, PART.hair] as number[]).toContain(inner!)
      }
    })
  }
})

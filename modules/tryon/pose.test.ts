import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import sharp from 'sharp'
import { createPoseEstimator } from './pose.ts'
import { createRaster, type Raster } from './pure/image.ts'
import { judgePose } from './pure/judge-pose.ts'
import { POSE } from './pure/pose.ts'
import { drawMannequin } from './testing-mannequin.ts'

setDefaultTimeout(120_000)

const estimator = createPoseEstimator({ modelsDir: join(import.meta.dir, '../../var/models') })
afterAll(() => estimator.close())

const PHOTOS = process.env['PHOTOS_DIR'] ?? join(import.meta.dir, '../../../shared/photos')
const photographed = existsSync(join(PHOTOS, 'persons'))

async function photo(path: string): Promise<Raster> {
  const small = sharp(join(PHOTOS, path)).resize(1024, 1024, { fit: 'inside', withoutEnlargement: true })
  const { data, info } = await small
    .flatten({ background: '#fff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) }
}

/** What becomes of a picture: ok, or the reason. */
async function judge(picture: Raster): Promise<string> {
  const verdict = judgePose(await estimator.estimate(picture), picture.width, picture.height)
  return verdict.ok ? 'ok' : verdict.reason
}

/** `picture` drawn onto `ground` with its corner at (left, top). */
function paste(ground: Raster, picture: Raster, left: number, top: number): Raster {
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4)
    ground.data.set(row, ((y + top) * ground.width + left) * 4)
  }
  return ground
}

/** The part of `picture` from (left, top). */
function crop(
  picture: Raster,
  left: number,
  top: number,
  { width, height }: { width: number; height: number },
): Raster {
  const out = createRaster(width, height)
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * picture.width + left) * 4
    out.data.set(picture.data.subarray(from, from + width * 4), y * width * 4)
  }
  return out
}

const figure = drawMannequin()

test('a figure is found where it was drawn, with a mask that covers it and nothing else', async () => {
  const poses = await estimator.estimate(figure)
  expect(judgePose(poses, figure.width, figure.height).ok).toBe(true)
  const [{ landmarks, mask }] = poses as [(typeof poses)[number]]
  const [left, right] = [landmarks[POSE.leftShoulder]!, landmarks[POSE.rightShoulder]!]
  expect(left.x).toBeGreaterThan(right.x)
  expect((left.x + right.x) / 2).toBeCloseTo(120, -0.5)
  const inside = (x: number, y: number) => mask.data[y * mask.width + x]!
  expect([inside(120, 30), inside(120, 110), inside(105, 200)].every((value) => value > 200)).toBe(true)
  expect([inside(10, 10), inside(230, 110), inside(120, 300)].every((value) => value < 40)).toBe(true)
})

test('a figure seen from behind is told from one that faces the camera', async () => {
  expect(await judge(figure)).toBe('ok')
  expect(await judge(drawMannequin({ facing: 'away' }))).toBe('person_from_behind')
})

test('two figures side by side are several people', async () => {
  const two = paste(paste(createRaster(480, 320), figure, 0, 0), figure, 240, 0)
  expect(await judge(two)).toBe('several_people')
})

test('a figure cut off above the hips is cropped', async () => {
  expect(await judge(crop(figure, 0, 0, { width: 240, height: 130 }))).toBe('person_cropped')
})

test('a figure whose head lies beyond the edge is found all the same', async () => {
  const [pose] = await estimator.estimate(crop(figure, 0, 62, { width: 240, height: 240 }))
  expect(pose!.landmarks[POSE.leftShoulder]!.y).toBeLessThan(40)
})

test('a figure far away in a large picture is found', async () => {
  const field = createRaster(1800, 1300)
  field.data.fill(212)
  const [pose] = await estimator.estimate(paste(field, figure, 1330, 760))
  expect(pose!.landmarks[POSE.nose]!.x).toBeGreaterThan(1330)
  expect(pose!.landmarks[POSE.nose]!.y).toBeGreaterThan(760)
})

test('pictures given at once get the answers that each gets alone', async () => {
  const wall = createRaster(300, 400)
  const alone = await estimator.estimate(figure)
  const together = await Promise.all([figure, wall, figure].map((picture) => estimator.estimate(picture)))
  expect(together).toEqual([alone, [], alone])
})

test('an estimator whose models cannot be put in place says so, each time it is asked', async () => {
  const nowhere = createPoseEstimator({ modelsDir: join(import.meta.path, 'models') })
  await expect(nowhere.load()).rejects.toThrow()
  await expect(nowhere.estimate(figure)).rejects.toThrow()
  nowhere.close()
})

test('an empty picture holds nobody', async () => {
  const wall = createRaster(300, 400)
  wall.data.fill(180)
  expect(await judge(wall)).toBe('no_person')
})

test.skipIf(!photographed).each([
  ['catvton_men_model_7', 'ok'],
  ['omnitry_top_cloth', 'ok'],
  ['rembg_runway_full', 'ok'],
  ['tfjs_yoga', 'ok'],
  ['nasa_astronaut', 'person_cropped'],
  ['tfjs_three_people', 'several_people'],
])('the photo %s is judged %s', async (name, expected) => {
  expect(await judge(await photo(`persons/${name}.png`))).toBe(expected)
})

// The garments that resemble people most.
test
  .skipIf(!photographed)
  .each(['saleor_blue-hoodie', 'cc0_longsleeve_04', 'cc0_shorts_02', 'saleor_ascii-shirt-front'])(
  'the garment %s is nobody',
  async (name) => {
    expect(await judge(await photo(`garments/${name}.png`))).toBe('no_person')
  },
)

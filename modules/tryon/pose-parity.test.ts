import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { pullModels } from './models.ts'
import { createPoseEstimator, type PoseEstimator } from './pose.ts'
import { createRaster, type Raster } from './pure/image.ts'
import { POSE, type Pose } from './pure/pose.ts'
import { drawMannequin } from './testing-mannequin.ts'

setDefaultTimeout(120_000)

const PHOTOS = process.env['PHOTOS_DIR'] ?? join(import.meta.dir, '../../../shared/photos')
const photos = ['catvton_men_model_7.png', 'omnitry_top_cloth.png', 'rembg_runway_full.png'].filter((name) =>
  existsSync(join(PHOTOS, 'persons', name)),
)

type BrowserPose = { landmarks: { x: number; y: number; visibility: number }[]; mask: number[] }

/** Runs in the page: MediaPipe's own landmarker on the pixels that the server sees, masks on a coarse grid. */
const PAGE = `<!doctype html><script type="module">
import { FilesetResolver, PoseLandmarker } from '/vision_bundle.mjs'
const files = await FilesetResolver.forVisionTasks('/wasm')
const baseOptions = { modelAssetPath: '/pose.task', delegate: 'CPU' }
const landmarker = await PoseLandmarker.createFromOptions(files, { baseOptions, numPoses: 3, outputSegmentationMasks: true })
window.detect = async (path, grid) => {
  const bitmap = await createImageBitmap(await (await fetch(path)).blob())
  const { landmarks, segmentationMasks } = landmarker.detect(bitmap)
  const { width, height } = bitmap
  const poses = landmarks.map((points, i) => {
    const mask = segmentationMasks[i].getAsFloat32Array()
    const cells = []
    for (let y = grid / 2; y < height; y += grid) for (let x = grid / 2; x < width; x += grid) cells.push(mask[y * width + x])
    return { landmarks: points.map((p) => ({ x: p.x * width, y: p.y * height, visibility: p.visibility })), mask: cells }
  })
  return poses
}
window.ready = true
</script>`

const GRID = 8
const pictures = new Map<string, Buffer>()
let modelsDir: string
let browser: Browser
let page: Page
let server: ReturnType<typeof Bun.serve>
let estimator: PoseEstimator

const chromiumPath = () =>
  [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  )

function serve(path: string): Response {
  const vision = dirname(createRequire(import.meta.url).resolve('@mediapipe/tasks-vision'))
  if (path === '/') return new Response(PAGE, { headers: { 'content-type': 'text/html' } })
  if (path === '/pose.task') return new Response(Bun.file(join(modelsDir, 'pose_landmarker_full.task')))
  const picture = pictures.get(path)
  if (picture) return new Response(new Uint8Array(picture), { headers: { 'content-type': 'image/png' } })
  if (path === '/vision_bundle.mjs' || path.startsWith('/wasm/')) return new Response(Bun.file(join(vision, path)))
  return new Response('', { status: 404 })
}

beforeAll(async () => {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('The parity test needs Chromium: install it, or name it in CHROMIUM_PATH')
  modelsDir = await mkdtemp(join(tmpdir(), 'models-'))
  await pullModels(modelsDir)
  estimator = createPoseEstimator({ modelsDir })
  server = Bun.serve({ port: 0, fetch: (request) => serve(new URL(request.url).pathname) })
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage()
  await page.goto(server.url.href)
  await page.waitForFunction('window.ready', undefined, { timeout: 90_000 })
})

afterAll(async () => {
  await browser?.close()
  estimator?.close()
  await server?.stop(true)
  await rm(modelsDir, { recursive: true, force: true })
})

/** One picture through both paths. */
async function both(name: string, picture: Raster): Promise<{ here: Pose[]; there: BrowserPose[] }> {
  const raw = { width: picture.width, height: picture.height, channels: 4 as const }
  pictures.set(`/picture/${name}`, await sharp(picture.data, { raw }).png().toBuffer())
  const here = await estimator.estimate(picture)
  const there = await page.evaluate<BrowserPose[]>(`detect('/picture/${encodeURIComponent(name)}', ${GRID})`)
  return { here, there }
}

const apart = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y)
const shoulders = ({ landmarks }: { landmarks: { x: number; y: number }[] }) =>
  apart(landmarks[POSE.leftShoulder]!, landmarks[POSE.rightShoulder]!)

/**
 * Distances of the visible landmarks in parts of the shoulder width, smallest first. They are never quite 0: MediaPipe on the CPU samples half
 * an input pixel off, about 2% of the shoulder width; mirrored pictures show that ours lie in the middle.
 */
function distances(here: Pose, there: BrowserPose): number[] {
  const visible = here.landmarks.flatMap((point, i) => (point.visibility > 0.6 ? [i] : []))
  return visible.map((i) => apart(here.landmarks[i]!, there.landmarks[i]!) / shoulders(here)).toSorted((a, b) => a - b)
}

/** Intersection over union of the two masks on the grid. */
function maskOverlap({ mask: { data, width, height } }: Pose, there: BrowserPose): number {
  let [shared, either, i] = [0, 0, 0]
  for (let y = GRID / 2; y < height; y += GRID)
    for (let x = GRID / 2; x < width; x += GRID) {
      const [a, b] = [data[y * width + x]! > 127, there.mask[i++]! > 0.5]
      if (a && b) shared++
      if (a || b) either++
    }
  return shared / either
}

function expectSame(here: Pose, there: BrowserPose): void {
  if (process.env['PP'])
    console.log(
      distances(here, there)
        .map((x) => x.toFixed(3))
        .join(' '),
      maskOverlap(here, there),
    )
  const gaps = distances(here, there)
  expect(gaps[Math.floor(gaps.length / 2)]!).toBeLessThan(0.03)
  expect(gaps.at(-1)!).toBeLessThan(0.15)
  expect(maskOverlap(here, there)).toBeGreaterThan(0.93)
}

describe("the server's poses and MediaPipe's own in the browser", () => {
  test('are the same for a drawn figure', async () => {
    const { here, there } = await both('mannequin', drawMannequin())
    expect([here.length, there.length]).toEqual([1, 1])
    expectSame(here[0]!, there[0]!)
  })

  test('are none for an empty room', async () => {
    const room = createRaster(320, 240)
    room.data.fill(255)
    for (let i = 0; i < 320 * 100 * 4; i += 4) room.data.set([150, 170, 190], i)
    expect(await both('room', room)).toEqual({ here: [], there: [] })
  })

  test.skipIf(photos.length === 0)('are the same for people in photos', async () => {
    for (const file of photos) {
      const path = join(PHOTOS, 'persons', file)
      const { width, height } = await sharp(path).metadata()
      // MediaPipe's masks abort in the browser when the width is no multiple of 4.
      const crop = { left: 0, top: 0, width: width - (width % 4), height }
      const decoded = sharp(path).extract(crop).removeAlpha().ensureAlpha().raw()
      const { data, info } = await decoded.toBuffer({ resolveWithObject: true })
      const { here, there } = await both(file, {
        width: info.width,
        height: info.height,
        data: new Uint8ClampedArray(data),
      })
      expect([here.length, there.length]).toEqual([1, 1])
      expectSame(here[0]!, there[0]!)
    }
  })
})

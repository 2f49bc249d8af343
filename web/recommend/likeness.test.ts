import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { rankByTaste } from '../../modules/recommend/pure/profile-vector.ts'
import { likenessHere, nearestSeen, spaceOf } from './likeness.ts'

setDefaultTimeout(120_000)

/** Chromium with a WebGPU that is computed in software, so that no graphics card is needed. */
const ARGS = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)

const build = await Bun.build({
  entrypoints: [join(import.meta.dir, 'likeness.ts')],
  target: 'browser',
  splitting: true,
  minify: true,
  naming: { entry: '[name].[ext]', chunk: '[name]-[hash].[ext]' },
})
const files = new Map(build.outputs.map((file) => [`/${file.path.split('/').at(-1)}`, file]))
const asked: string[] = []
const server = Bun.serve({
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    const file = files.get(pathname)
    return file
      ? new Response(file, { headers: { 'content-type': 'text/javascript' } })
      : new Response('<!doctype html><title>-</title>', { headers: { 'content-type': 'text/html' } })
  },
})
afterAll(() => server.stop(true))

const [ITEMS, DIMENSIONS] = [600, 64]
const LIKED = [
  { item: 3, weight: 1 },
  { item: 40, weight: 0.5 },
  { item: 400, weight: 0.25 },
]

/** Vectors that are the same wherever they are made. */
function drawVectors(items: number, dimensions: number): Int8Array {
  let state = 12_345
  return Int8Array.from({ length: items * dimensions }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return ((state >>> 16) % 255) - 127
  })
}

const data = drawVectors(ITEMS, DIMENSIONS)
const ids = Array.from({ length: ITEMS }, (_, item) => `item-${item}`)
const items = ids.map((_, item) => item)
const space = spaceOf({ dimensions: DIMENSIONS, ids, data })

type Way = 'likenessHere' | 'likenessOnGpu' | 'likenessOf'
type Loaded = Record<Way, (...given: unknown[]) => number[] | Promise<number[]>> & { spaceOf: typeof spaceOf }

/** The likeness of all, worked out in the browser one way or another; an error's words where it could not be. */
async function inBrowser(args: string[], way: Way): Promise<number[] | string> {
  if (!executablePath) throw new Error('This test needs Chromium: install it, or name it in CHROMIUM_PATH')
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage()
    await page.goto(server.url.href)
    return await page.evaluate(
      async (given) => {
        const script = '/likeness.js'
        const loaded = (await import(script)) as Loaded
        const made = loaded.spaceOf({ ...given, data: Int8Array.from(given.data) })
        try {
          return await loaded[given.way](made, given.liked, given.items)
        } catch (error) {
          return (error as Error).message
        }
      },
      { dimensions: DIMENSIONS, ids, items, data: [...data], liked: LIKED, way },
    )
  } finally {
    await browser.close()
  }
}

const here = likenessHere(space, LIKED, items)

test('a browser works out to the last bit what the server does', async () => {
  expect(await inBrowser(['--no-sandbox'], 'likenessHere')).toEqual(here)
})

test('the GPU puts everything in the same order, each likeness within a hundred thousandth', async () => {
  const there = await inBrowser(ARGS, 'likenessOnGpu')
  if (typeof there === 'string') throw new Error(there)
  expect(Math.max(...there.map((value, item) => Math.abs(value - (here[item] ?? 0))))).toBeLessThan(1e-5)
  expect(rankByTaste(there, 1)).toEqual(rankByTaste(here, 1))
})

test('so little as a listing never loads TensorFlow.js, and a device without a GPU says so and is answered all the same', async () => {
  asked.length = 0
  expect(await inBrowser(['--no-sandbox', '--disable-gpu'], 'likenessOf')).toEqual(here)
  expect(asked.filter((path) => path.includes('gpu'))).toEqual([])
  expect(await inBrowser(['--no-sandbox', '--disable-gpu'], 'likenessOnGpu')).toBe('No WebGPU on this device')
})

test('the reason given is the piece that counts most, and none where nothing speaks for it', () => {
  const now = Date.now()
  const seen = (item: number) => ({ id: `item-${item}`, slug: '', name: '', brand: '', category: '', at: now })
  expect(nearestSeen(space, [seen(5), seen(9)], 9, now)?.id).toBe('item-9')
  expect(nearestSeen(space, [seen(ITEMS)], 9, now)).toBeUndefined()
})

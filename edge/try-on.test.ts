import { afterAll, beforeAll, describe, expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import sharp from 'sharp'
import type { Blobs } from '../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { createModules } from '../modules/index.ts'
import { cutGarment, photographGarment } from '../modules/tryon/pure/drawn-garment.ts'
import { drawMannequin } from '../modules/tryon/testing-mannequin.ts'
import { createApp } from './app.ts'

// The first try-on of a process loads the networks.
setDefaultTimeout(120_000)

const infra = await openTestInfra()
const written: string[] = []
const blobs: Blobs = {
  ...infra.blobs,
  put: (key, bytes, type) => {
    written.push(key)
    return infra.blobs.put(key, bytes, type)
  },
}
const shop = createModules({ ...infra, blobs })
const app = createApp(shop)
afterAll(shop.close)

const [WIDTH, HEIGHT] = [240, 320]
const mannequin = drawMannequin({ width: WIDTH, height: HEIGHT })
const photo = await shop.media.encode(mannequin, 'png')
const garmentPhoto = await shop.media.encode(photographGarment(cutGarment('tee')), 'png')
const wall = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#8899aa' } })
  .png()
  .toBuffer()

const tee: NewProduct = {
  handle: 'plain-tee',
  name: 'Plain tee',
  description: 'Cotton.',
  brand: 'Norr',
  category: ['Tops'],
  price: { amount: 2900, currency: 'EUR' },
  colours: [
    { name: 'Pink', hex: '#c42896' },
    { name: 'Moss', hex: '#28b43c' },
  ],
  variants: [
    { sku: 'T-P-S', colour: 'Pink', size: 'S', stock: 1 },
    { sku: 'T-P-M', colour: 'Pink', size: 'M', stock: 1 },
    { sku: 'T-P-L', colour: 'Pink', size: 'L', stock: 1 },
    { sku: 'T-M-L', colour: 'Moss', size: 'L', stock: 1 },
  ],
  images: [],
  sizeChart: {
    unit: 'cm',
    category: 'top',
    sizes: {
      S: { chest: 98, length: 62, shoulder: 42, sleeve: 19 },
      M: { chest: 104, length: 66, shoulder: 44, sleeve: 21 },
      L: { chest: 110, length: 70, shoulder: 46, sleeve: 23 },
    },
  },
  metadata: { tags: [] },
}

let productId = ''
let variantId = ''

beforeAll(async () => {
  await emptyTestInfra()
  const save = async (product: NewProduct) => {
    const saved = await shop.catalog.saveProduct(product)
    if (!saved.ok) throw new Error(`${saved.reason}: ${saved.what}`)
    return saved.productId
  }
  productId = await save(tee)
  const mug = {
    ...tee,
    handle: 'mug',
    name: 'Mug',
    variants: [{ sku: 'MUG', colour: 'Pink', size: 'One size', stock: 1 }],
  }
  delete (mug as Partial<NewProduct>).sizeChart
  await save(mug)
  // Worn open it leaves the old top on, which is quicker to draw.
  const pink = { ...cutGarment('tee'), openFront: true }
  await shop.tryOn.saveGarment({ productId, colour: 'pink' }, pink)
  const moss = { ...cutGarment('tee', { colour: [40, 180, 60] }), openFront: true }
  await shop.tryOn.saveGarment({ productId, colour: 'moss' }, moss)
  const product = await shop.catalog.getProduct(productId)
  variantId = product.variants.find(({ sku }) => sku === 'T-M-L')?.id ?? ''
})

type Fields = Record<string, string | Uint8Array | undefined>

function send(fields: Fields): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ person: photo, ...fields })) {
    if (typeof value === 'string') form.set(name, value)
    else if (value) form.set(name, new File([value as Uint8Array<ArrayBuffer>], `${name}.png`, { type: 'image/png' }))
  }
  return Promise.resolve(app.request('/v1/try-on', { method: 'POST', body: form }))
}

type Answer = {
  status: string
  image: string
  reason?: string
  message?: string
  report: {
    status: string
    size: string | null
    landmarks: unknown[]
    garment: { category: string }
    measuresCm: Record<string, number>
    placement: Record<string, { x: number; y: number }>
    heightCm: number
  }
}

async function json(fields: Fields): Promise<Answer> {
  const res = await send(fields)
  if (res.status !== 200) throw new Error(`${res.status} ${await res.text()}`)
  return (await res.json()) as Answer
}

async function problem(fields: Fields) {
  const res = await send(fields)
  expect(res.headers.get('content-type')).toBe('application/problem+json')
  return (await res.json()) as {
    status: number
    code: string
    detail: string
    details?: { reason?: string; report?: Answer['report']; issues?: { path: string; message: string }[] }
  }
}

/** The lines of a stream, each as what it says. */
async function linesOf(fields: Fields): Promise<Record<string, unknown>[]> {
  const res = await send({ ...fields, format: 'stream' })
  expect(res.status).toBe(200)
  const lines = (await res.text()).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const bytesOf = (dataUrl: string) => Buffer.from(dataUrl.split(',')[1] ?? '', 'base64')

async function pixels(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, size: [info.width, info.height] }
}

/** Colour in the middle of the chest. */
async function chestColour({ image, report }: Answer): Promise<number[]> {
  const { data } = await pixels(bytesOf(image))
  const { x, y } = report.placement['collarCentre'] ?? { x: 0, y: 0 }
  const at = (Math.round(y + 30) * WIDTH + Math.round(x)) * 4
  return [...data.subarray(at, at + 3)]
}

describe('a try-on with a picture of a garment', () => {
  test('answers the picture with its report, and keeps it out of every cache', async () => {
    const sizeChart = JSON.stringify(tee.sizeChart)
    const res = await send({ garment: garmentPhoto, sizeChart, size: 'L', heightCm: '168' })
    expect([res.status, res.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { status, image, report } = (await res.json()) as Answer
    expect(status).toBe('ok')
    expect(image.startsWith('data:image/png;base64,')).toBe(true)
    const { data, size } = await pixels(bytesOf(image))
    expect(size).toEqual([WIDTH, HEIGHT])
    expect(report).toMatchObject({ status: 'ok', size: 'L', heightCm: 168, garment: { category: 'top' } })
    expect(report.measuresCm).toMatchObject({ chest: 110, length: 70, shoulder: 46, sleeve: 23 })
    expect(report.landmarks).toHaveLength(33)
    // Lossless: what was not edited comes back to the byte.
    expect([...data.subarray(0, 4 * WIDTH * 10)]).toEqual([...mannequin.data.subarray(0, 4 * WIDTH * 10)])
  })
})

describe('a try-on with a product of the shop', () => {
  test('draws the middle size of its chart in its first colour, by id or by slug', async () => {
    const byId = await json({ productId })
    expect(byId.report).toMatchObject({ size: 'M', measuresCm: { chest: 104 } })
    // By name, moss comes before pink.
    const [red = 0, green = 0] = await chestColour(byId)
    expect(green).toBeGreaterThan(red)
    const bySlug = await send({ productId: 'plain-tee', format: 'image' })
    expect(await pixels(await bySlug.bytes())).toEqual(await pixels(bytesOf(byId.image)))
  })

  test('draws the colour and the size that were asked for', async () => {
    const answer = await json({ productId, colour: 'pink', size: 'S', body: '{"heightCm":181}' })
    expect(answer.report).toMatchObject({ size: 'S', measuresCm: { length: 62 }, heightCm: 181 })
    const [red = 0, green = 0] = await chestColour(answer)
    expect(red).toBeGreaterThan(green + 40)
  })

  test('draws a variant in its own size and colour', async () => {
    const answer = await json({ variantId })
    expect(answer.report.size).toBe('L')
    const [red = 0, green = 0] = await chestColour(answer)
    expect(green).toBeGreaterThan(red + 40)
  })
})

describe('the form of the answer', () => {
  test.each(['jpeg', 'webp'])('is a bare %s where an image is asked for', async (imageType) => {
    const res = await send({ productId, format: 'image', imageType })
    expect([res.status, res.headers.get('content-type')]).toEqual([200, `image/${imageType}`])
    const { format, width, height } = await sharp(await res.bytes()).metadata()
    expect([format, width, height]).toEqual([imageType as 'webp', WIDTH, HEIGHT])
  })

  test('is a line for each stage and then the answer, where a stream is asked for', async () => {
    const lines = await linesOf({ productId })
    const answer = lines.pop() as unknown as Answer
    expect(lines.map(({ stage }) => stage)).toEqual(['read', 'garment', 'pose', 'parts', 'render'])
    const progress = lines.map((line) => Number(line['progress']))
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect([answer.status, answer.report.size]).toEqual(['ok', 'M'])
    expect((await pixels(bytesOf(answer.image))).size).toEqual([WIDTH, HEIGHT])
  })

  test('of a stream is declared to be lines of JSON', async () => {
    const res = await send({ productId: 'nothing', format: 'stream' })
    await res.text()
    expect(res.headers.get('content-type')).toBe('application/x-ndjson')
  })

  test('of a stream that is refused or fails says so in its last line', async () => {
    const [refused] = (await linesOf({ person: wall, productId })).slice(-1)
    expect(refused).toMatchObject({
      status: 'refused',
      reason: 'no_person',
      message: expect.stringContaining('No person'),
      report: { status: 'refused', garment: { category: 'top' } },
    })
    const [failed] = (await linesOf({ productId: 'nothing' })).slice(-1)
    expect(failed).toMatchObject({ status: 'failed', code: 'not_found' })
  })
})

describe('what does not fit the form', () => {
  test.each([
    ['no garment at all', {}],
    ['a garment picture and a product', { garment: garmentPhoto, productId: 'plain-tee' }],
    ['a product and a variant', { productId: 'plain-tee', variantId: 'plain-tee' }],
  ])('is %s', async (_what, fields) => {
    const { status, code, detail } = await problem(fields)
    expect([status, code]).toEqual([400, 'invalid'])
    expect(detail).toContain('garment, productId, variantId')
  })

  test.each<[string, Fields, string]>([
    ['a body that is not JSON', { body: '{heightCm' }, 'body'],
    ['a body of no height that people have', { body: '{"heightCm":17.2}' }, 'heightCm'],
    ['a body with a measure that nobody knows', { body: '{"heightCm":172,"earCm":6}' }, 'body'],
    ['a size chart in inches', { sizeChart: '{"unit":"in","category":"top","sizes":{}}' }, 'sizeChart'],
    ['an unknown format', { format: 'gif' }, 'format'],
    ['an unknown category', { category: 'hat' }, 'category'],
    ['a person who is text', { person: 'me' }, 'person'],
  ])('is %s, and the answer names the field', async (_what, fields, named) => {
    const answer = await problem({ productId: 'plain-tee', ...fields })
    expect([answer.status, answer.code]).toEqual([400, 'invalid'])
    expect(JSON.stringify(answer.details?.issues)).toContain(named)
  })

  test('is more than can be sent', async () => {
    const answer = await problem({ person: new Uint8Array(41 * 1024 * 1024), productId })
    expect([answer.status, answer.code]).toEqual([413, 'too_large'])
  })
})

test.each<[string, Fields]>([
  ['an unknown product', { productId: 'no-such-tee' }],
  ['an unknown product by its id', { productId: '0190b8d2-7c1a-7def-8123-456789abcdef' }],
  ['an unknown variant', { variantId: '0190b8d2-7c1a-7def-8123-456789abcdef' }],
  ['a variant by what is no id', { variantId: 'T-M-L' }],
  ['a colour that the product does not have', { productId: 'plain-tee', colour: 'teal' }],
  ['a product that nobody can put on', { productId: 'mug' }],
])('a try-on of %s is not found', async (_what, fields) => {
  expect(await problem(fields)).toMatchObject({ status: 404, code: 'not_found' })
})

describe('a refusal', () => {
  test.each<[string, Fields, string]>([
    ['nobody in the photo', { person: wall }, 'no_person'],
    ['a photo that cannot be read', { person: new Uint8Array(500).fill(7) }, 'image_unreadable'],
    ['a size that is not made', { size: '5XL' }, 'size_unknown'],
  ])('for %s is a problem with reason and report', async (_what, fields, reason) => {
    const answer = await problem({ productId, ...fields })
    expect(answer).toMatchObject({
      status: 422,
      code: 'refused',
      details: { reason, report: { status: 'refused', reason, device: 'cpu' } },
    })
    expect(answer.detail.length).toBeGreaterThan(20)
  })
})

test('nothing of the photo is stored or logged, whether it is drawn, refused or fails', async () => {
  const tables = await infra.sql.introspection.getTables()
  const count = async () => {
    const counts: Record<string, number> = {}
    for (const { schema, name } of tables.filter((table) => !table.name.startsWith('kysely_'))) {
      const rows = await infra.sql
        .selectFrom(`${schema}.${name}` as 'tryon.garment')
        .selectAll()
        .execute()
      counts[`${schema}.${name}`] = rows.length
    }
    return counts
  }
  const logs = (['log', 'error', 'warn', 'info'] as const).map((name) =>
    spyOn(console, name).mockImplementation(() => {}),
  )
  try {
    const before = await count()
    written.length = 0
    await json({ productId })
    await send({ person: wall, garment: garmentPhoto })
    await send({ productId: 'mug' })
    expect(written).toEqual([])
    expect(await count()).toEqual(before)
    for (const log of logs) expect(log.mock.calls).toEqual([])
  } finally {
    for (const log of logs) log.mockRestore()
  }
})

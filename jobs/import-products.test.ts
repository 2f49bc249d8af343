import { beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Blobs } from '../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { createModules } from '../modules/index.ts'
import { createRaster } from '../modules/tryon/pure/image.ts'
import { demoProducts } from './draw/catalogue/index.ts'
import { createPen, renderColour } from './draw/draw-product.ts'
import { importProducts, textOf } from './import-products.ts'
import type { Importer, Ledger } from './import/import-draft.ts'

// Drawing a garment and finding it again takes seconds on a busy machine.
setDefaultTimeout(60_000)
const infra = await openTestInfra()

let written: string[] = []
const blobs: Blobs = {
  ...infra.blobs,
  put: (key, bytes, type) => {
    written.push(key)
    return infra.blobs.put(key, bytes, type)
  },
}
const shop = createModules({ ...infra, blobs })
const dir = await mkdtemp(join(tmpdir(), 'import-'))
const imagesDir = join(dir, 'images')
const importer: Importer = { shop, ledger: infra.docs<Ledger>('jobs.import'), imagesDir }
const sample = new URL('import/sample.csv', import.meta.url).pathname
const silent = { progress: () => ({ step() {}, end() {} }) }

const run = (file: string) => importProducts(importer, file, silent)
const write = async (name: string, content: string | Uint8Array) => {
  await Bun.write(join(dir, name), content)
  return join(dir, name)
}
const HEADER = 'name,brand,category,price,currency,colour,colour_hex,sizes,stock,images,garment,chest_cm,length_cm'
const csv = (...rows: string[]) => write('catalogue.csv', [HEADER, ...rows].join('\n'))
const remarks = (report: Awaited<ReturnType<typeof run>>) => report.refused.map(({ line, column }) => [line, column])
const slugs = async () => (await shop.catalog.listProducts({ sort: 'name', limit: 100 })).items.map(({ slug }) => slug)

beforeAll(async () => {
  const tee = demoProducts().find(({ category }) => category.includes('T-shirts'))!
  const { picture } = renderColour(createPen().drawProduct(tee), { main: '#2f4d73' })
  const photo = await shop.media.encode(picture, 'jpeg')
  const plain = createRaster(300, 300)
  plain.data.fill(200)
  await write('images/tee-ink.jpg', photo)
  await write('images/tee-ink-back.jpg', photo)
  await write('images/plain.png', await shop.media.encode(plain, 'png'))
  await write('images/torn.jpg', photo.subarray(0, photo.length / 2))
  await write('secret.jpg', photo)
  await symlink(join(dir, 'secret.jpg'), join(imagesDir, 'way-out.jpg'))
})

beforeEach(async () => {
  await emptyTestInfra()
  written = []
})

describe('importing the sample', () => {
  test('makes whole products: variants, stock, size chart, metadata, pictures, palette and a garment to try on', async () => {
    const report = await run(sample)
    expect(report).toMatchObject({ products: { created: 2, refused: 0 }, refused: [], warnings: [] })
    const tee = await shop.catalog.getProduct('heavy-tee')
    expect(tee).toMatchObject({
      description: 'Dense cotton, cut boxy.\nKeeps its shape.',
      price: { amount: 2900, currency: 'EUR' },
      category: { slug: 'men-tops-t-shirts' },
      metadata: { tags: ['basic', 'organic'], season: ['summer'], fabric: '100% cotton' },
      sizeChart: { category: 'top', sizes: { M: { chest: 104, length: 71, shoulder: 47, sleeve: 21.5 } } },
    })
    expect(tee.variants.map(({ sku, stock }) => [sku, stock])).toEqual([
      ['HT-INK-S', 3],
      ['HT-INK-M', 0],
      ['HT-INK-L', 5],
      ['HT-CHALK-S', 2],
      ['HT-CHALK-M', 2],
    ])
    expect(tee.images.map(({ alt, colour }) => [alt, colour])).toEqual([
      ['Heavy tee in Ink Blue', 'ink-blue'],
      ['Heavy tee in Ink Blue, picture 2', 'ink-blue'],
    ])
    const [ink = '', chalk] = tee.colours.map(({ hex }) => hex)
    expect(chalk).toBe('#f0eee8')
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(ink.slice(at, at + 2), 16))
    expect(blue > green && green > red).toBe(true)
    const garment = await shop.tryOn.loadGarment(tee.id, 'ink-blue')
    expect(garment).toMatchObject({ category: 'top', cut: 'short-sleeve' })
    expect(await shop.tryOn.triableColours(tee.id)).toEqual(['ink-blue'])
    expect((await shop.catalog.getProduct('gift-card')).variants.map(({ size, stock }) => [size, stock])).toEqual([
      ['One size', 100],
    ])
  })

  test('again touches nothing', async () => {
    await run(sample)
    const before = await shop.catalog.getProduct('heavy-tee')
    written = []
    expect((await run(sample)).products).toEqual({ created: 0, updated: 0, unchanged: 2, refused: 0 })
    expect(await shop.catalog.getProduct('heavy-tee')).toEqual(before)
    expect(written).toEqual([])
  })

  test('with another price changes the product and opens no picture again', async () => {
    await run(sample)
    written = []
    const changed = (await Bun.file(sample).text()).replace('29.00', '24.00')
    expect((await run(await write('changed.csv', changed))).products).toMatchObject({ updated: 1, unchanged: 1 })
    const tee = await shop.catalog.getProduct('heavy-tee')
    expect([tee.price.amount, tee.images.length]).toEqual([2400, 2])
    expect(await shop.tryOn.triableColours(tee.id)).toEqual(['ink-blue'])
    expect(written).toEqual([])
  })

  test('brings back a product that was lost since', async () => {
    await run(sample)
    await infra.sql.deleteFrom('catalog.product').execute()
    expect((await run(sample)).products).toMatchObject({ created: 2 })
    expect(await slugs()).toEqual(['gift-card', 'heavy-tee'])
  })
})

describe('what is refused', () => {
  test('is named by line and column, and the rest goes in', async () => {
    const report = await run(
      await csv(
        'Good,Norr,Tops,10,EUR,Navy,#000080,M,1,,,,',
        ',Norr,Tops,10,EUR,Navy,#000080,M,1,,,,',
        'Price,Norr,Tops,10.999,EUR,Navy,#000080,M,1,,,,',
        'Yen,Norr,Tops,10.5,JPY,Navy,#000080,M,1,,,,',
        'Currency,Norr,Tops,10,XQZ,Navy,#000080,M,1,,,,',
        'Stock,Norr,Tops,10,EUR,Navy,#000080,S|M,1,,,,',
        'Count,Norr,Tops,10,EUR,Navy,#000080,M,-1,,,,',
        'Hex,Norr,Tops,10,EUR,Navy,navy,M,1,,,,',
        'Colourless,Norr,Tops,10,EUR,Navy,,M,1,,,,',
        'Sizes,Norr,Tops,10,EUR,Navy,#000080,M|M,1|1,,,,',
        'Chart,Norr,Tops,10,EUR,Navy,#000080,M,1,,top,1040,70',
        'Chart two,Norr,Tops,10,EUR,Navy,#000080,M,1,,top,104,',
        'Chart three,Norr,Tops,10,EUR,Navy,#000080,M,1,,,104,70',
        'Garment,Norr,Tops,10,EUR,Navy,#000080,M,1,,hat,,',
        'Cells,Norr,Tops',
        'Good,Other brand,,,,Red,#ff0000,M,1,,,,',
        '!!!,Norr,Tops,10,EUR,Navy,#000080,M,1,,,,',
      ),
    )
    expect(remarks(report)).toEqual([
      [3, 'handle'],
      [3, 'name'],
      [4, 'price'],
      [5, 'price'],
      [6, 'currency'],
      [7, 'stock'],
      [8, 'stock'],
      [9, 'colour_hex'],
      [10, 'colour_hex'],
      [11, 'sizes'],
      [12, 'chest_cm'],
      [13, 'length_cm'],
      [14, 'garment'],
      [15, 'garment'],
      [16, ''],
      [17, 'brand'],
      [18, 'handle'],
    ])
    expect(await slugs()).toEqual([])
    expect(
      (await run(await csv('Good,Norr,Tops,10,EUR,Navy,#000080,M,1,,,,', 'Bad,Norr,Tops,x,EUR,Navy,#000080,M,1,,,,')))
        .products,
    ).toMatchObject({ created: 1, refused: 1 })
    expect(await slugs()).toEqual(['good'])
  })

  test.each(['../secret.jpg', '/etc/passwd', 'way-out.jpg', 'sub/../../secret.jpg', '.', 'nothing.jpg'])(
    'is a product whose picture is %s, outside of the folder or not there',
    async (name) => {
      const report = await run(await csv(`Tee,Norr,Tops,10,EUR,Navy,#000080,M,1,${name},,,`))
      expect(remarks(report)).toEqual([[2, 'images']])
      expect([await slugs(), written]).toEqual([[], []])
    },
  )

  test('is a product with one damaged picture, and nothing of it stays behind', async () => {
    const report = await run(await csv('Tee,Norr,Tops,10,EUR,Navy,,M,1,tee-ink.jpg|torn.jpg,,,'))
    expect(report.refused).toMatchObject([
      { line: 2, column: 'images', reason: 'torn.jpg image_unreadable', handle: 'tee' },
    ])
    expect([await slugs(), written]).toEqual([[], []])
    expect(await infra.sql.selectFrom('tryon.garment').selectAll().execute()).toEqual([])
  })

  test('is a product that takes the SKU of another, with its garment', async () => {
    await run(sample)
    const file = await write(
      'taken.json',
      JSON.stringify([
        {
          name: 'Thief',
          brand: 'N',
          category: ['Tops'],
          price: { amount: 1, currency: 'EUR' },
          colours: [{ name: 'Ink', images: ['tee-ink.jpg'], variants: [{ size: 'M', stock: 1, sku: 'HT-INK-M' }] }],
        },
      ]),
    )
    expect((await run(file)).refused).toMatchObject([
      { line: 1, column: 'sku', reason: 'HT-INK-M belongs to another product' },
    ])
    expect(await slugs()).toEqual(['gift-card', 'heavy-tee'])
    expect(await infra.sql.selectFrom('tryon.garment').select('colour').execute()).toHaveLength(1)
  })

  test.each([
    ['', 'empty'],
    ['name,brand\n', 'missing'],
    [`${HEADER},wat\n`, 'unknown column wat'],
    [`${HEADER},name\n`, 'twice'],
    [`${HEADER}\n"unclosed`, 'not CSV'],
  ])('is a whole file that starts with %j', async (content, why) => {
    expect(run(await write('bad.csv', content))).rejects.toThrow(why)
  })
})

test('a picture without a garment comes in with a warning, or without one when it is said to be none', async () => {
  const report = await run(
    await csv('Card,Norr,Gifts,10,EUR,Navy,,M,1,plain.png,,,', 'Bag,Norr,Gifts,10,EUR,Grey,,M,1,plain.png,none,,'),
  )
  expect(report.products.created).toBe(2)
  expect(report.warnings).toMatchObject([{ line: 2, column: 'images', handle: 'card' }])
  expect((await shop.catalog.getProduct('bag')).colours[0]!.hex).toBe('#c8c8c8')
})

test('a measure that shrinks as sizes grow comes in with a warning that names its line, column and size', async () => {
  const row = 'Tee,Norr,Tops,10,EUR,Navy,#000080,S|M|L,1|1|1,,top,96|104|98,66|68|70'
  const file = await csv('Cap,Norr,Caps,10,EUR,Navy,#000080,M,1,,none,,', row)
  const report = await run(file)
  expect(report).toMatchObject({ products: { created: 2, refused: 0 }, refused: [] })
  const reason = 'chest of L is smaller than of M'
  expect(report.warnings).toEqual([{ line: 3, column: 'chest_cm', reason, handle: 'tee' }])
  expect(textOf(report)).toContain(`warnings:\n  line 3, chest_cm: ${reason}`)
})

test('JSON says the same as CSV, with lines of its own', async () => {
  const product = {
    name: 'Tee',
    brand: 'Norr',
    category: ['Tops'],
    price: { amount: 1000, currency: 'EUR' },
    colours: [{ name: 'Navy', hex: '#000080', variants: [{ size: 'M', stock: 1 }] }],
  }
  const chart = { unit: 'cm', category: 'top', sizes: { M: { chest: 9999, length: 70 } } }
  const list = [
    product,
    { ...product, name: 'Chart, "quoted" [x]', sizeChart: chart },
    { ...product, colours: [] },
    product,
    { ...product, name: 'Other', price: { amount: 1.5, currency: 'EUR' } },
  ]
  const report = await run(await write('list.json', `[\n${list.map((one) => JSON.stringify(one)).join(',\n')}\n]`))
  expect(report.products).toMatchObject({ created: 1, refused: 4 })
  expect(remarks(report)).toEqual([
    [3, 'sizeChart.M.chest'],
    [4, 'colours'],
    [5, 'handle'],
    [6, 'price.amount'],
  ])
  expect(run(await write('no.json', '{'))).rejects.toThrow('not JSON')
  expect(run(await write('no.json', '{}'))).rejects.toThrow('array')
})

test('semicolons, tabs, commas in prices and a byte order mark are what spreadsheets write', async () => {
  const rows = [HEADER, 'Tee,Norr,Tops,10.50,EUR,Navy,#000080,M,1,,,,']
  for (const delimiter of [';', '\t']) {
    await emptyTestInfra()
    const text = rows
      .map((row) => row.replaceAll(',', delimiter))
      .join('\r\n')
      .replace('10.50', '10,50')
    expect((await run(await write('sheet.csv', `\uFEFF${text}\r\n`))).products).toMatchObject({
      created: 1,
      refused: 0,
    })
    expect((await shop.catalog.getProduct('tee')).price.amount).toBe(1050)
  }
})

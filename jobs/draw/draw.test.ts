import { describe, expect, test } from 'bun:test'
import { middleSize, sizeChartErrors, sizeChartWarnings } from '../../modules/catalog/pure/size-chart.ts'
import { landmarkNames, type LandmarkName } from '../../modules/tryon/pure/garment.ts'
import type { Point } from '../../modules/tryon/pure/image.ts'
import { demoProducts } from './catalogue/index.ts'
import { drawCatalogue, type DrawnProduct } from './draw-catalogue.ts'
import { createPen, layOut, renderColour } from './draw-product.ts'
import { randomOutline, rasteriseOutline } from './outlines.ts'

const products = demoProducts()
const byKind = (kind: RegExp) => products.find(({ category }) => kind.test(category.join('/')))!
const samples = [/T-shirts/, /Hoodies/, /Blazers/, /Denim jackets/, /Jeans/, /Pencil/, /Midi dresses/, /Camisoles/].map(
  byKind,
)
const { drawProduct } = createPen()

/** How far a point is from the nearest pixel of the garment, in px. */
const distanceToCloth = (alpha: (x: number, y: number) => number, p: Point): number => {
  for (let r = 0; r <= 12; r++)
    for (let dy = -r; dy <= r; dy++)
      for (let dx = -r; dx <= r; dx++) if (alpha(Math.floor(p.x) + dx, Math.floor(p.y) + dy) > 127) return r
  return Infinity
}

describe('the demo catalogue', () => {
  test('has at least 84 products, for women and men, on every shelf, in one to four colours', () => {
    expect(products.length).toBeGreaterThanOrEqual(84)
    expect(new Set(products.map(({ handle }) => handle)).size).toBe(products.length)
    const shelves = new Set(products.map(({ category }) => category.slice(0, 2).join('/')))
    for (const group of ['Tops', 'Shirts', 'Knitwear', 'Outerwear', 'Trousers', 'Shorts'])
      for (const department of ['Women', 'Men']) expect(shelves).toContain(`${department}/${group}`)
    for (const group of ['Skirts', 'Dresses']) expect(shelves).toContain(`Women/${group}`)
    for (const { colours } of products) {
      expect(colours.length).toBeGreaterThanOrEqual(2)
      expect(colours.length).toBeLessThanOrEqual(4)
    }
    expect(new Set(products.map(({ brand }) => brand)).size).toBeGreaterThanOrEqual(6)
    expect(new Set(products.map(({ spec }) => spec.fabric)).size).toBeGreaterThanOrEqual(15)
    expect(new Set(products.map(({ metadata }) => metadata.pattern)).size).toBeGreaterThanOrEqual(10)
    expect(products.some(({ spec }) => 'front' in spec && spec.front === 'open')).toBe(true)
  })

  test('gives every product a chart that is usable and grows with every size', () => {
    for (const { sizeChart } of products) {
      expect(sizeChartErrors(sizeChart)).toEqual([])
      expect(sizeChartWarnings(sizeChart)).toEqual([])
      const rows = Object.values(sizeChart.sizes)
      for (let i = 1; i < rows.length; i++) {
        const girth = sizeChart.category === 'bottom' ? 'waist' : 'chest'
        expect(rows[i]![girth]!).toBeGreaterThan(rows[i - 1]![girth]!)
      }
    }
  })

  test('has one variant per colour and size, each with its own SKU, hex colours and a price', () => {
    const skus = products.flatMap(({ variants }) => variants.map(({ sku }) => sku))
    expect(new Set(skus).size).toBe(skus.length)
    for (const { colours, variants, sizeChart, price } of products) {
      expect(variants.length).toBe(colours.length * Object.keys(sizeChart.sizes).length)
      expect(price.amount).toBeGreaterThan(1000)
      for (const { hex, colourway } of colours)
        for (const value of [hex, ...(colourway.inks ?? []), colourway.pale ?? hex])
          expect(value).toMatch(/^#[0-9a-f]{6}$/)
    }
  })
})

describe('a drawn garment', () => {
  test('is the same to the byte when drawn again', () => {
    const product = byKind(/Casual shirts/)
    const [a, b] = [drawProduct(product), createPen().drawProduct(product)].map((drawing) =>
      renderColour(drawing, product.colours[0]!.colourway),
    )
    expect(Buffer.from(a!.picture.data.buffer).equals(Buffer.from(b!.picture.data.buffer))).toBe(true)
    expect(Buffer.from(a!.prepared.cutout.data.buffer).equals(Buffer.from(b!.prepared.cutout.data.buffer))).toBe(true)
    expect(a!.prepared.landmarks).toEqual(b!.prepared.landmarks)
  }, 60_000)

  test('has every landmark of its cut, on the cloth or within half a centimetre of it', () => {
    for (const product of samples) {
      const drawing = drawProduct(product)
      const { prepared } = renderColour(drawing, product.colours[0]!.colourway)
      const { cutout, landmarks, category, cut } = prepared
      const alpha = (x: number, y: number): number =>
        x < 0 || y < 0 || x >= cutout.width || y >= cutout.height ? 0 : cutout.data[(y * cutout.width + x) * 4 + 3]!
      for (const name of landmarkNames(category, cut)) {
        const p = landmarks[name]
        expect({ product: product.handle, name, p }).toEqual({ product: product.handle, name, p: expect.anything() })
        const far = distanceToCloth(alpha, p!) / drawing.pxPerCm
        if (!(far <= 0.5)) throw new Error(`${product.handle}: ${name} lies ${far} cm off the cloth`)
      }
    }
  }, 120_000)

  test('has the proportions of its chart’s middle size, to the centimetre', () => {
    for (const product of products) {
      const { marks: landmarks, pxPerCm, category, cut } = layOut(product)
      const m = product.sizeChart.sizes[middleSize(product.sizeChart)!]!
      const span = (a: LandmarkName, b: LandmarkName): number =>
        Math.hypot(landmarks[a]!.x - landmarks[b]!.x, landmarks[a]!.y - landmarks[b]!.y) / pxPerCm
      const agree = (measured: number, stated: number | undefined, what: string): void => {
        if (stated !== undefined && Math.abs(measured - stated) > 1)
          throw new Error(`${product.handle}: ${what} is ${measured} cm, its chart says ${stated}`)
      }
      if (category === 'bottom') {
        agree(span('waistLeft', 'waistRight'), m.waist! / 2, 'waist')
        if (cut !== 'skirt') agree(span('hemOuterLeft', 'hemInnerLeft'), m.hem! / 2, 'hem')
        const drop = (landmarks.hemCentre?.y ?? landmarks.hemOuterLeft!.y) - landmarks.waistLeft!.y
        agree(drop / pxPerCm, m.length ?? m.outseam, 'length')
        continue
      }
      agree(span('armpitLeft', 'armpitRight'), m.chest! / 2, 'chest')
      agree(span('shoulderLeft', 'shoulderRight'), m.shoulder, 'shoulder')
      agree(
        (landmarks.hemCentre!.y - (landmarks.collarLeft!.y + landmarks.collarRight!.y) / 2) / pxPerCm,
        m.length,
        'length',
      )
      if (cut !== 'sleeveless') {
        const arm = span('shoulderLeft', 'elbowOuterLeft') + span('elbowOuterLeft', 'cuffOuterLeft')
        agree(Math.min(arm, m.sleeve! + 1), m.sleeve, 'sleeve')
      }
    }
  })

  test('keeps clear of the edges of its picture, on a ground that is nearly white', () => {
    const product = byKind(/Overshirts/)
    const { picture, prepared } = renderColour(drawProduct(product), product.colours[0]!.colourway)
    expect([picture.width, picture.height]).toEqual([900, 1200])
    for (const x of [0, 450, 899])
      for (const y of [0, 1199]) expect(picture.data[(y * 900 + x) * 4]!).toBeGreaterThan(232)
    expect(prepared.openFront).toBe(true)
    expect(prepared.cutout.width).toBeLessThan(850)
    expect(prepared.inside!.some((value) => value === 255)).toBe(true)
  }, 60_000)
})

test('workers hand over every colour of every product, and pass on what goes wrong while storing', async () => {
  const two = [byKind(/Polos/), byKind(/Skirts/)]
  const received: DrawnProduct[] = []
  await drawCatalogue({ products: two, workers: 2, onProduct: (drawn) => void received.push(drawn) })
  expect(received.map(({ product }) => product.handle).toSorted()).toEqual(two.map(({ handle }) => handle).toSorted())
  for (const { product, drawn, detail } of received) {
    expect(drawn.map(({ colour }) => colour)).toEqual(product.colours.map(({ name }) => name))
    expect(drawn[0]!.picture.data.length).toBe(900 * 1200 * 4)
    expect(detail.data.length).toBe(detail.width * detail.height * 4)
  }
  const full = drawCatalogue({ products: two, workers: 1, onProduct: () => Promise.reject(new Error('disk full')) })
  await expect(full).rejects.toThrow('disk full')
}, 120_000)

test('random outlines are repeatable, cover every cut, and their landmarks lie on or by the silhouette', () => {
  const cuts = new Set<string>()
  for (let seed = 0; seed < 120; seed++) {
    const outline = randomOutline(seed)
    expect(randomOutline(seed)).toEqual(outline)
    cuts.add(`${outline.category} ${outline.cut}`)
    const size = 96
    const mask = rasteriseOutline(outline, size)
    const alpha = (x: number, y: number): number =>
      x < 0 || y < 0 || x >= size || y >= size ? 0 : mask.data[y * size + x]!
    for (const name of landmarkNames(outline.category, outline.cut)) {
      const p = outline.landmarks[name]!
      if (name === 'collarCentre') continue
      if (distanceToCloth(alpha, { x: p.x * size, y: p.y * size }) > 3)
        throw new Error(`outline ${seed}: ${name} is off the cloth`)
    }
  }
  expect(cuts.size).toBe(9)
})

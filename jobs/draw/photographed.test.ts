import { expect, test } from 'bun:test'
import sharp from 'sharp'
import { prepareGarment } from '../../modules/tryon/prepare-garment.ts'
import { createRaster, type Raster } from '../../modules/tryon/pure/image.ts'
import { demoProducts } from './catalogue/index.ts'
import { createPen, renderColour } from './draw-product.ts'

const products = demoProducts()
const { drawProduct } = createPen()
const draw = (handle: string) => {
  const product = products.find((candidate) => candidate.handle === handle)!
  return renderColour(drawProduct(product), product.colours[0]!.colourway).prepared
}

type Ground = (x: number, y: number) => readonly [number, number, number]
const wood: Ground = (x, y) => {
  const grain = 10 * Math.sin(y * 0.7 + 3 * Math.sin(x * 0.015)) + (Math.floor(y / 90) % 2 ? 14 : 0)
  return y % 90 < 2 ? [50, 34, 22] : [128 + grain, 90 + grain, 60 + grain]
}
const redSheet: Ground = (x, y) => [150 + 20 * Math.sin(x * 0.013 + y * 0.02), 24, 34]

const MARGIN = 60

/** The cut-out as a photo: at 520 px, turned by `angle`, on a ground that it throws a shadow on, with grain, through JPEG. */
const photograph = async (cutout: Raster, ground: Ground, angle: number): Promise<Raster> => {
  const scale = Math.max(cutout.width, cutout.height) / 520
  const picture = createRaster(
    Math.ceil(cutout.width / scale) + 2 * MARGIN,
    Math.ceil(cutout.height / scale) + 2 * MARGIN,
  )
  const { width, height, data } = picture
  const [sin, cos] = [Math.sin(angle) * scale, Math.cos(angle) * scale]
  const read = (x: number, y: number): number => {
    const [dx, dy] = [x - width / 2, y - height / 2]
    const u = Math.round(cutout.width / 2 + cos * dx + sin * dy)
    const v = Math.round(cutout.height / 2 - sin * dx + cos * dy)
    return u < 0 || v < 0 || u >= cutout.width || v >= cutout.height ? -1 : 4 * (v * cutout.width + u)
  }
  const alphaAt = (at: number) => (at < 0 ? 0 : cutout.data[at + 3]! / 255)
  let state = 5
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = read(x, y)
      const alpha = alphaAt(at)
      let shadow = 0
      for (let k = 0; k < 9; k++) shadow += alphaAt(read(x - 8 + 3 * (k % 3), y - 9 + 3 * Math.floor(k / 3))) / 9
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const grain = (state / 2 ** 32 - 0.5) * 10
      for (let c = 0; c < 3; c++) {
        const cloth = alpha > 0 ? cutout.data[at + c]! : 0
        data[4 * (y * width + x) + c] = alpha * cloth + (1 - alpha) * ground(x, y)[c]! * (1 - 0.4 * shadow) + grain
      }
      data[4 * (y * width + x) + 3] = 255
    }
  }
  const jpeg = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 72 })
    .toBuffer()
  const shot = await sharp(jpeg).ensureAlpha().raw().toBuffer()
  return { width, height, data: new Uint8ClampedArray(shot) }
}

/** The share of the cloth that lies behind the body. */
const shareOf = ({ inside, cutout }: { inside?: Uint8Array; cutout: Raster }) => {
  let [behind, cloth] = [0, 0]
  for (let i = 0; i < inside!.length; i++) {
    if (cutout.data[4 * i + 3]! < 128) continue
    cloth++
    if (inside![i]! > 127) behind++
  }
  return behind / cloth
}

test.each([
  ['lena-open-denim-jacket-women', redSheet, 0.07],
  ['hygge-chunky-cardigan-women', redSheet, -0.05],
  ['diamond-quilted-liner-women', wood, 0.04],
])(
  '%s is found open from its photo alone, and the lining between its fronts lies behind the body',
  async (handle, ground, angle) => {
    const drawn = draw(handle)
    const found = await prepareGarment(await photograph(drawn.cutout, ground, angle))
    if (!found.ok) throw new Error(found.detail)
    expect(found.garment.openFront).toBe(true)
    const [expected, seen] = [shareOf(drawn), shareOf(found.garment)]
    expect(seen / expected).toBeGreaterThan(0.8)
    expect(seen / expected).toBeLessThan(1.25)
  },
)

test.each([
  ['foundry-denim-jacket-men', wood],
  ['alpine-puffer-men', redSheet],
  ['lumber-check-flannel-men', redSheet],
  ['merino-v-neck-men', wood],
])('%s, closed, is not found open', async (handle, ground) => {
  const found = await prepareGarment(await photograph(draw(handle).cutout, ground, 0.05))
  expect(found).toMatchObject({ ok: true, garment: { openFront: false } })
})

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { emptyTestInfra } from '../db/testing.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { drawMannequin } from '../modules/tryon/testing-mannequin.ts'
import { openTestShop } from './testing.ts'

const LONG = 60_000
// A test that runs out of time has every child process killed, the browser of all other tests with it.
setDefaultTimeout(2 * LONG)

const shop = await openTestShop()
const { modules, app, at, visit, faultsOf, browser } = shop

/** What the drawing below has, in its own pixels: the pages are tested here, not the finding of landmarks. */
const LANDMARKS = {
  collarLeft: { x: 265, y: 190 },
  collarRight: { x: 455, y: 190 },
  collarCentre: { x: 360, y: 222 },
  shoulderLeft: { x: 160, y: 235 },
  shoulderRight: { x: 560, y: 235 },
  armpitLeft: { x: 195, y: 390 },
  armpitRight: { x: 525, y: 390 },
  cuffOuterLeft: { x: 70, y: 400 },
  cuffInnerLeft: { x: 160, y: 445 },
  cuffOuterRight: { x: 650, y: 400 },
  cuffInnerRight: { x: 560, y: 445 },
  waistLeft: { x: 192, y: 590 },
  waistRight: { x: 528, y: 590 },
  hemLeft: { x: 190, y: 790 },
  hemRight: { x: 530, y: 790 },
  hemCentre: { x: 360, y: 790 },
}

const tee = (cloth: string, ground: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="960">
  <rect width="720" height="960" fill="${ground}"/>
  <path fill="${cloth}" d="M265 190 Q360 255 455 190 L560 235 L650 400 L560 445 L525 390 L530 790 L190 790 L195 390 L160 445 L70 400 L160 235 Z"/>
</svg>`
/** A drawn figure that the networks take for a person. */
const personPhoto = async () => ({
  name: 'me.png',
  mimeType: 'image/png',
  buffer: Buffer.from(await modules.media.encode(drawMannequin({ width: 480, height: 640 }), 'png')),
})

/** A wall, and nobody before it. */
const emptyPhoto = async () => ({
  name: 'me.png',
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 600, height: 800, channels: 3, background: '#8899aa' } })
    .png()
    .toBuffer(),
})

async function storeTee(cloth: string) {
  const drawn = async (ground: string) =>
    new Uint8Array(
      await sharp(Buffer.from(tee(cloth, ground)))
        .png()
        .toBuffer(),
    )
  const [stored, read] = [
    await modules.media.store(await drawn('#f2efea')),
    await modules.media.read(await drawn('none')),
  ]
  if (!stored.ok || !read.ok) throw new Error('the drawn tee was not accepted')
  const { key, width, height } = stored
  return { image: { key, width, height }, cutout: read.picture }
}

const COLOURS = [
  { name: 'Navy', hex: '#1b2a41' },
  { name: 'Cherry', hex: '#a32a2f' },
]
const SIZES = ['S', 'M', 'L']

type Picture = Awaited<ReturnType<typeof storeTee>>['image']

const product = (handle: string, place: number, images: Picture[]): NewProduct => ({
  handle,
  name: `Tee ${place}`,
  description: 'A plain tee in washed cotton.',
  brand: place % 2 ? 'Norr & Sol' : 'Maren',
  category: [place < 28 ? 'Women' : 'Men', 'Tops', 'T-shirts'],
  price: { amount: 2000 + 100 * place, currency: 'EUR' },
  colours: place % 3 ? COLOURS : COLOURS.slice(0, 1),
  variants: (place % 3 ? COLOURS : COLOURS.slice(0, 1)).flatMap(({ name }) =>
    SIZES.map((size) => ({ sku: `${handle}-${name}-${size}`, colour: name, size, stock: size === 'L' ? 0 : 5 })),
  ),
  images: COLOURS.slice(0, place % 3 ? 2 : 1).flatMap(({ name }, index) =>
    images[index] ? [{ ...images[index], alt: `Tee ${place} in ${name}, laid flat`, colour: name }] : [],
  ),
  sizeChart: {
    unit: 'cm',
    category: 'top',
    sizes: {
      S: { chest: 96, waist: 92, hip: 98, hem: 98, length: 66, shoulder: 43, sleeve: 20 },
      M: { chest: 104, waist: 100, hip: 106, hem: 106, length: 69, shoulder: 45, sleeve: 21 },
      L: { chest: 112, waist: 108, hip: 114, hem: 114, length: 72, shoulder: 47, sleeve: 22 },
    },
  },
  metadata: { fabric: '100% cotton', care: ['Wash at 30 °C'], pattern: 'plain', season: ['summer'] },
})

beforeAll(async () => {
  await emptyTestInfra()
  const [navy, cherry] = [await storeTee('#1b2a41'), await storeTee('#a32a2f')]
  for (let place = 1; place <= 30; place++) {
    const saved = await modules.catalog.saveProduct(product(`tee-${place}`, place, [navy.image, cherry.image]))
    if (!saved.ok) throw new Error(saved.reason)
    if (place !== 1) continue
    const tees = { navy, cherry }
    for (const [colour, { cutout }] of Object.entries(tees))
      await modules.tryOn.saveGarment(
        { productId: saved.productId, colour },
        { category: 'top', cut: 'short-sleeve', openFront: false, cutout, landmarks: LANDMARKS, confidence: 1 },
      )
  }
  await modules.search.build()
})
afterAll(() => shop.close())

const names = (page: Page) => page.locator('#results article h3').allTextContents()

const PAGES = [
  '/',
  '/women',
  '/men',
  '/c/women-tops-t-shirts',
  '/women?colour=red&minPrice=9000',
  '/p/tee-1',
  '/p/tee-1?colour=cherry',
  '/p/tee-1/try-on',
  '/looks',
  '/privacy-of-photos',
]

describe.each([360, 1280])('at %d px', (width) => {
  test.each(PAGES)(
    '%s has no accessibility violation, nothing wider than the screen and nothing the policy forbids',
    async (path) => {
      const { page, context, complaints } = await visit(path, { width })
      expect(await faultsOf(page)).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  test('a page that is not there says so with the status and the way on', async () => {
    const { page, context } = await visit('/c/hats', { width })
    expect(await page.locator('h1').textContent()).toBe('This page is not here')
    expect((await page.reload())?.status()).toBe(404)
    expect(await faultsOf(page)).toEqual([])
    await context.close()
  })
})

describe('weight', () => {
  test.each(['/women', '/p/tee-1'])('%s loads less than 15 KB of compressed script', async (path) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const scripts: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.sizes().then((sizes) => sizes.responseBodySize))
    })
    await page.goto(at(path), { waitUntil: 'networkidle' })
    const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(500)
    expect(bytes).toBeLessThan(15_000)
    await context.close()
  })

  test('assets may be kept for ever, and every picture says how large it is', async () => {
    const { page, context } = await visit('/women')
    const href = await page.locator('link[rel=stylesheet]').getAttribute('href')
    const css = await app.request(href ?? '', { headers: { 'accept-encoding': 'br' } })
    expect([css.status, css.headers.get('content-encoding'), css.headers.get('cache-control')]).toEqual([
      200,
      'br',
      'public, max-age=31536000, immutable',
    ])
    const sizeless = await page.locator('img:not([width][height])').count()
    expect(sizeless).toBe(0)
    expect(await page.locator('#results source[type="image/avif"]').first().getAttribute('srcset')).toContain(
      '.avif 320w',
    )
    await context.close()
  })
})

describe('the listing', () => {
  test('filters, sorts and pages without script', async () => {
    const { page, context } = await visit('/women?sort=price', { javaScriptEnabled: false })
    expect((await names(page))[0]).toBe('Tee 1')
    await page.getByLabel('Red').check()
    await page.getByLabel('Maren').check()
    await page.getByLabel('To', { exact: true }).fill('30')
    await page.getByRole('button', { name: 'Show products' }).click()
    expect(await names(page)).toEqual(['Tee 2', 'Tee 4', 'Tee 8', 'Tee 10'])
    expect(await page.getByLabel('Red').isChecked()).toBe(true)
    await page.getByRole('link', { name: 'Clear all' }).click()
    expect(await names(page)).toHaveLength(24)
    await page.getByRole('link', { name: 'Next page' }).click()
    expect(await names(page)).toHaveLength(3)
    await page.getByRole('link', { name: 'Back to the first page' }).click()
    expect(await names(page)).toHaveLength(24)
    await context.close()
  })

  test('with script answers a filter in place, keeps the keyboard where it was and the address true', async () => {
    const { page, context, complaints } = await visit('/women')
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
    await page.getByLabel('Red').focus()
    await page.keyboard.press('Space')
    await page.waitForURL('**/women?colour=red&sort=newest')
    await page.waitForFunction(() => !document.querySelector('#results .busy, #results.busy'))
    expect(await names(page)).not.toContain('Tee 3')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('colour-red')
    await page.getByLabel('Sort by').selectOption('price')
    await page.waitForURL('**/women?colour=red&sort=price')
    await page.getByRole('heading', { name: 'Tee 1', exact: true }).waitFor()
    expect((await names(page))[0]).toBe('Tee 1')
    expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    await page.goBack()
    // Drawn anew; a browser that is closed in the midst of that may never finish closing.
    await page.waitForFunction(() => !('sameDocument' in globalThis) && document.readyState === 'complete')
    expect(page.url()).toEndWith('/women?colour=red&sort=newest')
    expect(await page.getByLabel('Red').isChecked()).toBe(true)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('keeps its filters in a sheet on a phone, which opens and closes without script', async () => {
    const { page, context } = await visit('/women', { width: 360, javaScriptEnabled: false })
    expect(await page.getByLabel('Red').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Red').check()
    await page.getByRole('button', { name: 'Close' }).click()
    expect(await page.getByLabel('Red').isVisible()).toBe(false)
    await context.close()
  })

  test('forgives an address that makes no sense', async () => {
    const { page, context } = await visit('/women?minPrice=cheap&sort=magic&cursor=nonsense')
    expect(await names(page)).toHaveLength(24)
    await page.goto(at('/women?brand=nobody'))
    expect(new URL(page.url()).search).toBe('')
    expect(await names(page)).toHaveLength(24)
    await context.close()
  })
})

describe('the product', () => {
  test('changes colour by link without script and in place with it', async () => {
    const plain = await visit('/p/tee-1', { javaScriptEnabled: false })
    await plain.page.getByRole('link', { name: 'Cherry', exact: true }).click()
    expect(plain.page.url()).toContain('colour=cherry')
    expect(await plain.page.locator('img[alt="Tee 1 in Cherry, laid flat"]').count()).toBe(1)
    await plain.context.close()

    const alive = await visit('/p/tee-1')
    await alive.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
    await alive.page.getByRole('link', { name: 'Cherry', exact: true }).click()
    await alive.page.locator('img[alt="Tee 1 in Cherry, laid flat"]').waitFor()
    expect(alive.page.url()).toContain('colour=cherry')
    expect(await alive.page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    await alive.context.close()
  })

  test('opens the fitting room over itself, and only then fetches its script', async () => {
    const { page, context, complaints } = await visit('/p/tee-1', { width: 360 })
    const later: string[] = []
    page.on('request', (request) => later.push(request.url()))
    await page.getByRole('radio', { name: 'S', exact: true }).check()
    expect(later.filter((url) => url.includes('fitting-room'))).toEqual([])
    await page.getByRole('button', { name: 'Try it on your photo' }).click()
    const room = page.getByRole('dialog', { name: 'Tee 1, on you' })
    await room.getByLabel('Your photo').waitFor()
    expect(later.some((url) => url.includes('fitting-room'))).toBe(true)
    expect(await room.getByRole('radio', { name: 'S', exact: true }).isChecked()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await room.getByRole('button', { name: 'Close' }).click()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the fitting room', () => {
  test('says what would help when there is nobody in the photo, with script', async () => {
    const { page, context, complaints } = await visit('/p/tee-1/try-on')
    await page.getByLabel('Your photo').setInputFiles(await emptyPhoto())
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    await page.getByRole('button', { name: 'See it on me' }).click()
    const alert = page.locator('#trouble')
    await alert.getByText('We could not find a person in this photo.').waitFor({ timeout: LONG })
    expect(await alert.textContent()).toContain('standing, facing the camera')
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('says the same without script, with the status of a refusal', async () => {
    const { page, context } = await visit('/p/tee-1/try-on', { javaScriptEnabled: false, width: 360 })
    await page.getByLabel('Your photo').setInputFiles(await emptyPhoto())
    const [response] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST', { timeout: LONG }),
      page.getByRole('button', { name: 'See it on me' }).click(),
    ])
    expect([response.status(), response.headers()['cache-control']]).toEqual([422, 'no-store'])
    await page.getByText('We could not find a person in this photo.').waitFor()
    expect(await page.getByLabel('Your photo').getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  test('takes a still from the camera and lets go of it', async () => {
    const { page, context, complaints } = await visit('/p/tee-1/try-on')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    const shutter = page.getByRole('button', { name: 'Take the picture' })
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
    expect(await faultsOf(page)).toEqual([])
    await shutter.click()
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    expect(await page.locator('video').count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('asks for a photo when there is none', async () => {
    const { page, context } = await visit('/p/tee-1/try-on')
    await page.locator('main form').evaluate((form: HTMLFormElement) => form.requestSubmit())
    expect(await page.getByLabel('Your photo').evaluate((input: HTMLInputElement) => input.validity.valueMissing)).toBe(
      true,
    )
    const response = await app.request('/p/tee-1/try-on', {
      method: 'POST',
      body: new FormData(),
      headers: { accept: 'text/html' },
    })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('There is no photo yet.')
    await context.close()
  })

  test('can be used by keyboard alone: choose, try on, move the slider, change size, save, find it again, delete it', async () => {
    const { page, context, complaints } = await visit('/p/tee-1/try-on')
    const to = async (name: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab')
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null
          return element?.labels?.[0]?.textContent || element?.getAttribute('aria-label') || element?.textContent
        })
        if (here?.trim().startsWith(name)) return
      }
      throw new Error(`The keyboard never reached ${name}`)
    }
    // Listened for in good time: a chooser that opens before the browser was told to hand it over is lost.
    const chosen = page.waitForEvent('filechooser', { timeout: LONG })
    await to('Your photo')
    await page.keyboard.press('Enter')
    await (await chosen).setFiles(await personPhoto())
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    await to('Your height')
    await page.keyboard.type('182')
    await to('See it on me')
    await page.keyboard.press('Enter')
    const slider = page.getByRole('slider', { name: 'Before and after' })
    await slider.waitFor({ timeout: LONG })
    expect(await page.getByRole('img', { name: 'You in the Tee 1, size M' }).count()).toBe(1)

    await to('Before and after')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    expect(await slider.getAttribute('aria-valuetext')).toBe('100 percent before, 0 percent after')
    await page.keyboard.press('Home')
    expect(
      await page.locator('.compare').evaluate((element) => getComputedStyle(element).getPropertyValue('--cut')),
    ).toBe('0%')
    expect(await faultsOf(page)).toEqual([])

    await page.getByRole('radio', { name: 'M', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('img', { name: 'You in the Tee 1, size L' }).waitFor({ timeout: LONG })
    await page.getByLabel('Side by side with size').focus()
    await page.getByLabel('Side by side with size').selectOption('M')
    await page.locator('figcaption', { hasText: 'Size M' }).waitFor()
    expect(await page.getByText('Compared with L, M has 8 cm less in chest').count()).toBe(1)

    await page.getByRole('button', { name: 'Save', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Saved on this device' }).waitFor()
    await page.goto(at('/looks'))
    await page.getByRole('img', { name: 'You in the Tee 1, size L' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Delete Tee 1, size L' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing saved yet' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('forgets everything on discard, and keeps the photo on the device only when asked to', async () => {
    const { page, context } = await visit('/p/tee-1/try-on')
    const stored = () =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const opening = indexedDB.open('eshotry', 1)
            opening.addEventListener('success', () => {
              const count = opening.result.transaction('photo').objectStore('photo').count()
              count.addEventListener('success', () => resolve(count.result))
            })
          }),
      )
    await page.getByLabel('Your photo').setInputFiles(await personPhoto())
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    expect(await stored()).toBe(0)
    await page.getByLabel('Keep my photo on this device').check()
    await page.reload()
    await page.getByRole('img', { name: 'Your photo' }).waitFor()
    await page.getByRole('button', { name: 'See it on me' }).click()
    await page.getByRole('button', { name: 'Discard' }).click({ timeout: LONG })
    await page.getByText('Forgotten: your photo').waitFor({ state: 'attached' })
    expect(await page.getByRole('img', { name: 'Your photo' }).count()).toBe(0)
    expect(await stored()).toBe(0)
    await context.close()
  })

  test('gives the picture and a download without script', async () => {
    const { page, context } = await visit('/p/tee-1/try-on?size=L', { javaScriptEnabled: false })
    await page.getByLabel('Your photo').setInputFiles(await personPhoto())
    await page.getByRole('button', { name: 'See it on me' }).click()
    const picture = page.getByRole('img', { name: 'You in the Tee 1, size L' })
    await picture.waitFor({ timeout: LONG })
    expect(await picture.getAttribute('src')).toStartWith('data:image/jpeg;base64,')
    expect(await page.getByRole('link', { name: 'Download' }).getAttribute('download')).toBe('tee-1-L.jpg')
    await context.close()
  })
})

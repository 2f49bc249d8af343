import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import type { NewProduct } from '../catalog/index.ts'
import { createModules } from '../index.ts'
import type { Cart } from './index.ts'

const infra = await openTestInfra()
const modules = createModules(infra)
const app = createApp(modules)
beforeEach(emptyTestInfra)

const shirt = (handle: string, change: Partial<NewProduct> = {}): NewProduct => ({
  handle,
  name: `The ${handle}`,
  description: '',
  brand: 'Norr',
  category: ['Women', 'Tops'],
  price: { amount: 2000, currency: 'EUR' },
  colours: [{ name: 'Navy', hex: '#1b2a41' }],
  variants: ['S', 'M'].map((size) => ({ sku: `${handle}-${size}`, colour: 'Navy', size, stock: 5 })),
  images: [{ key: 'aa.webp', width: 960, height: 1280, alt: 'Front', colour: 'Navy' }],
  sizeChart: null,
  metadata: {},
  ...change,
})

async function variantsOf(product: NewProduct): Promise<string[]> {
  const saved = await modules.catalog.saveProduct(product)
  if (!saved.ok) throw new Error(saved.reason)
  return (await modules.catalog.getProduct(product.handle)).variants.map(({ id }) => id)
}

async function call(method: string, path: string, body?: object) {
  const init = { method, headers: { 'content-type': 'application/json' } }
  const res = await app.request(path, body ? { ...init, body: JSON.stringify(body) } : { method })
  return {
    status: res.status,
    headers: res.headers,
    body: (await res.json()) as Cart & { details: { reason: string } },
  }
}
const newCart = async () => (await call('POST', '/v1/carts')).body.id

describe('a cart', () => {
  test('adds up what is put in, with the prices of now', async () => {
    const [s = '', m = ''] = await variantsOf(shirt('tee'))
    const id = await newCart()
    await call('POST', `/v1/carts/${id}/items`, { variantId: s })
    await call('POST', `/v1/carts/${id}/items`, { variantId: m, quantity: 2 })
    const { status, body, headers } = await call('POST', `/v1/carts/${id}/items`, { variantId: s })
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(body.items.map(({ quantity, total }) => [quantity, total.amount])).toEqual([
      [2, 4000],
      [2, 4000],
    ])
    expect(body.totals.total).toEqual({ amount: 8000, currency: 'EUR' })
    expect(body).toMatchObject({ pieces: 4, ready: true, priceChanged: false, currency: 'EUR' })
    expect((await call('GET', `/v1/carts/${id}`)).body).toEqual(body)
  })
})

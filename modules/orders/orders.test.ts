import { beforeEach, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import type { NewProduct } from '../catalog/index.ts'
import { createModules } from '../index.ts'

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
  return { status: res.status, headers: res.headers, body: (await res.json()) as any }
}
test("smoke", async () => {
  const [s = '', m = ''] = await variantsOf(shirt('tee'))
  const { body: { id } } = await call('POST', '/v1/carts')
  await call('POST', `/v1/carts/${id}/items`, { variantId: s })
  await call('POST', `/v1/carts/${id}/items`, { variantId: m, quantity: 2 })
  console.log(JSON.stringify((await call('GET', `/v1/carts/${id}/shipping-options?country=de`)).body, null, 1))
  const co = await call('POST', '/v1/checkout', { cartId: id, email: 'a@example.com', shippingAddress: { name: 'A', line1: 'B 1', postalCode: '1', city: 'C', country: 'DE' }, shippingOption: 'standard', payment: { provider: 'test' } })
  console.log(co.status, JSON.stringify(co.body, null, 1))
})

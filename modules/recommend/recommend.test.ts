import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import type { NewProduct } from '../catalog/index.ts'
import type { Recommendations } from './index.ts'

setDefaultTimeout(60_000)
const infra = await openTestInfra()
let shop = openTestShop(infra)
beforeEach(async () => {
  await emptyTestInfra()
  // Another process: what the last one held in memory is about other products.
  shop = openTestShop(infra)
})

test('a shop with products recommends them', async () => {
  await shop.sell(product('one'))
  await shop.drain()
  const { body, status } = await shop.call<Recommendations>('GET', '/v1/recommendations')
  expect(status).toBe(200)
  console.log(JSON.stringify(body, null, 1))
})

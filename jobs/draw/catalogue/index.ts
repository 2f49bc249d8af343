import { dresses } from './dresses.ts'
import { knitwear } from './knitwear.ts'
import { outerwear } from './outerwear.ts'
import { createProduct, type DemoProduct } from './product.ts'
import { shirts } from './shirts.ts'
import { shorts, skirts } from './shorts-skirts.ts'
import { tops } from './tops.ts'
import { trousers } from './trousers.ts'

/** The demo catalogue, in the order the shop lists it: neighbours come from different shelves. */
export const demoProducts = (): DemoProduct[] => {
  const shelves = [tops, shirts, knitwear, outerwear, trousers, shorts, skirts, dresses]
  const longest = Math.max(...shelves.map((shelf) => shelf.length))
  const mixed = Array.from({ length: longest }, (_, row) => shelves.flatMap((shelf) => shelf.slice(row, row + 1)))
  return mixed.flat().map(createProduct)
}

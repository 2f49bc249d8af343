import { slugOf } from '../../../modules/catalog/pure/slug.ts'
import { dayDresses } from './day-dresses.ts'
import { dresses } from './dresses.ts'
import { menKnitwear } from './men-knitwear.ts'
import { menOuterwear } from './men-outerwear.ts'
import { menShirts } from './men-shirts.ts'
import { menTops } from './men-tops.ts'
import { createProduct, type DemoProduct } from './product.ts'
import { shorts, skirts } from './shorts-skirts.ts'
import { trousers } from './trousers.ts'
import { womenKnitwear } from './women-knitwear.ts'
import { womenOuterwear } from './women-outerwear.ts'
import { womenShirts } from './women-shirts.ts'
import { womenTops } from './women-tops.ts'

/** The demo catalogue, in the order the shop lists it: neighbours come from different shelves. */
export const demoProducts = (): DemoProduct[] => {
  const women = [dresses, womenTops, womenKnitwear, skirts, womenShirts, womenOuterwear, dayDresses]
  const men = [menTops, menOuterwear, menShirts, trousers, menKnitwear, shorts]
  const shelves = [...women, ...men].map((_, k) => (k % 2 === 0 ? women[k / 2] : men[(k - 1) / 2]) ?? [])
  const longest = Math.max(...shelves.map((shelf) => shelf.length))
  const mixed = Array.from({ length: longest }, (_, row) => shelves.flatMap((shelf) => shelf.slice(row, row + 1)))
  return mixed.flat().map(createProduct)
}

const SECTIONS = ['Tops', 'Shirts', 'Knitwear', 'Outerwear', 'Dresses', 'Trousers', 'Shorts', 'Skirts']

/** Slugs of the upper categories in the order a shopper expects, from what is worn on top to what is worn below. */
export const categoryOrder = (): string[] =>
  ['Women', 'Men'].flatMap((department) => ['', ...SECTIONS].map((section) => slugOf(`${department} ${section}`)))

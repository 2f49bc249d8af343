import { createProduct, type DemoProduct } from './product.ts'
import { tops } from './tops.ts'

/** The demo catalogue, in the order the shop lists it. */
export const demoProducts = (): DemoProduct[] => [...tops].map(createProduct)

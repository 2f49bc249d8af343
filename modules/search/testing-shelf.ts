import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import type { NewProduct } from '../catalog/index.ts'
import type { SearchPage, Suggestions } from './schema.ts'

const COLOURS: Record<string, string> = { Navy: '#1b2a41', White: '#ffffff', Red: '#c0202a', 'Sky Blue': '#8fb8de' }

/** One sentence of a product: name, brand, category, price in cents, colours, sizes with their stock. */
export type Article = {
  name: string
  brand?: string
  category?: string[]
  cents?: number
  colours?: string[]
  stock?: Record<string, number>
  says?: string
  metadata?: NewProduct['metadata']
  currency?: string
}

const handleOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

export function articleOf(article: Article): NewProduct {
  const {
    name,
    brand = 'Norr',
    category = ['Women', 'Tops'],
    cents = 2000,
    says = '',
    metadata = {},
    currency = 'EUR',
  } = article
  const { colours = ['Navy'], stock = { S: 5, M: 5 } } = article
  const handle = handleOf(name)
  const variants = colours.flatMap((colour) =>
    Object.entries(stock).map(([size, count]) => ({ sku: `${handle}-${colour}-${size}`, colour, size, stock: count })),
  )
  return product(handle, {
    name,
    brand,
    category,
    price: { amount: cents, currency },
    description: says,
    colours: colours.map((colour) => ({ name: colour, hex: COLOURS[colour] ?? '#808080' })),
    variants,
    images: colours.map((colour) => ({ key: `${handle}.webp`, width: 960, height: 1280, alt: name, colour })),
    metadata,
  })
}

/** A shop on the stores of this process, and what its searches say. */
export async function openTestShelf() {
  const infra = await openTestInfra()
  const shop = openTestShop(infra)
  const { search } = shop.modules

  const page = async (path: string, headers: Record<string, string> = {}) => {
    const { status, body } = await shop.call<SearchPage>('GET', `/v1/search?${path}`, undefined, headers)
    if (status !== 200) throw new Error(`${path} is answered ${status}: ${JSON.stringify(body)}`)
    return body
  }

  return {
    ...shop,
    infra,
    search,
    /** Saves these, and has them found. */
    async stock(...articles: Article[]): Promise<void> {
      for (const article of articles) await shop.sell(articleOf(article))
      await shop.drain()
      await search.catchUp()
    },
    /** Only these, in a new index. */
    async restock(...articles: Article[]): Promise<void> {
      await emptyTestInfra()
      for (const article of articles) await shop.sell(articleOf(article))
      await shop.drain()
      await search.build()
      await search.catchUp()
    },
    page,
    names: async (path: string) => (await page(path)).items.map(({ name }) => name),
    suggest: async (path: string) => (await shop.call<Suggestions>('GET', `/v1/search/suggest?${path}`)).body,
    idOf: async (name: string) => (await shop.modules.catalog.findProductId(handleOf(name))) ?? '',
  }
}

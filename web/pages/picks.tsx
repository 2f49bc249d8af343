import { Hono } from 'hono'
import { DataBlock } from '../parts/island.tsx'
import { Layout } from '../parts/layout.tsx'
import { ProductGrid } from '../parts/product-card.tsx'
import { listTrending } from '../state/picks.ts'
import { varied } from '../state/varied.ts'
import { send, type Site } from './site.tsx'

const MOST = 60

/**
 * What is popular and new, the same for everybody: a page to look through, and what a device chooses from by itself without
 * letting the shop know what it looks for.
 */
export function picksPages(site: Site) {
  const pages = new Hono()
  pages.get('/picks', async (c) => {
    const [frame, trending, newest] = await Promise.all([
      site.frame(c),
      listTrending(site.api, 30),
      site.shop.listing({ brand: [], colour: [], size: [] }, 96),
    ])
    const fresh = varied(newest.cards, ({ category }) => category, 96)
    const unique = new Map([...trending.map(({ card }) => card), ...fresh].map((card) => [card.id, card]))
    const cards = [...unique.values()].slice(0, MOST)
    const lead = 'What many look at these days, and what has just come in.'
    return send(
      c,
      <Layout frame={frame} title="Popular and new · EshoTry" description={lead}>
        <div class="wrap py-10 sm:py-16">
          <h1 class="heading text-4xl sm:text-6xl">Popular and new</h1>
          <p class="mt-3 mb-8 sm:mb-12 max-w-xl text-soft">{lead}</p>
          <h2 class="sr-only">Products</h2>
          <ProductGrid cards={cards} />
          <DataBlock name="cards" data={cards} />
        </div>
      </Layout>,
    )
  })
  return pages
}

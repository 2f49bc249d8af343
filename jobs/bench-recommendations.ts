import type { Command } from 'commander'
import { slugOf } from '../modules/catalog/pure/slug.ts'
import { DEFAULT_WEIGHTS } from '../modules/recommend/pure/blend.ts'
import type { Described } from '../modules/recommend/pure/features.ts'
import { itemOf } from '../modules/recommend/pure/item.ts'
import { fitProjection } from '../modules/recommend/pure/projection.ts'
import { createShelf, type Shelf } from '../modules/recommend/pure/shelf.ts'
import { rankForShopper, type Shopper } from '../modules/recommend/pure/shopper.ts'
import { createRows } from '../modules/recommend/pure/sparse-model.ts'
import { addCommand, runs } from './command.ts'
import { demoProducts } from './draw/catalogue/index.ts'
import type { DemoProduct } from './draw/catalogue/product.ts'
import { createRandom } from './draw/geometry.ts'

type Options = { items: string; requests: string; history: string; limit: string; seed: string }
type Random = () => number

const ROW = 100
const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 5, 15)

const idOf = (k: number) => `00000000-0000-7000-8000-${k.toString(16).padStart(12, '0')}`

/** The same garment by another maker, at another price, in another colour, from another day. */
function variation({ name, brand, category, colours, metadata, ...demo }: DemoProduct, k: number, random: Random) {
  const hex = `#${Math.floor(random() * 0xffffff)
    .toString(16)
    .padStart(6, '0')}`
  const maker = `${brand} ${Math.floor(random() * 12)}`
  const source = {
    id: idOf(k),
    name: `${name} ${k}`,
    description: demo.description,
    brand: { slug: slugOf(maker), name: maker },
    categories: category.map((own, depth) => ({
      name: own,
      slug: category
        .slice(0, depth + 1)
        .map(slugOf)
        .join('-'),
    })),
    colours: k % 3 === 0 ? [{ hex }] : colours,
    variants: demo.variants.map(({ size, stock }) => ({ size, inStock: stock > 0 })),
    priceAmount: Math.round(demo.price.amount * (0.6 + random())),
    currency: demo.price.currency,
    rating: random() < 0.5 ? null : 3 + 2 * random(),
    listedAt: NOW - random() * 400 * DAY_MS,
    metadata,
  }
  const described: Described = {
    path: source.categories.map(({ slug }) => slug),
    brand: source.brand.slug,
    name: source.name,
    description: source.description,
    tags: metadata.tags,
    pattern: metadata.pattern,
    occasions: metadata.occasion,
    seasons: metadata.season,
    fabric: metadata.fabric,
    palette: source.colours.map((colour) => colour.hex),
    amount: source.priceAmount,
    look: undefined,
  }
  return { item: itemOf(source, (list) => list), described }
}

/** A shelf of so many products, a model of a full row for each, and a popularity of a long tail. */
function fillShelf(items: number, random: Random): Shelf {
  const demo = demoProducts()
  const products = Array.from({ length: items }, (_, k) => demo[k % demo.length]).flatMap((product, k) =>
    product ? [variation(product, k, random)] : [],
  )
  const shelf = createShelf(fitProjection(products.slice(0, 2_000).map(({ described }) => described)))
  for (const { item, described } of products) shelf.put(item, described)
  const wanted = new Map(products.map(({ item }) => [item.id, Math.floor(1 / (random() + 0.002))]))
  shelf.setPopularity(wanted, wanted)
  const rows = createRows(items, ROW)
  const score = new Float64Array(items)
  for (let row = 0; row < items; row++) {
    const near = new Set(Array.from({ length: ROW }, () => Math.floor(random() ** 2 * items)))
    near.delete(row)
    for (const item of near) score[item] = random()
    rows.push(Uint32Array.from(near), near.size, score)
  }
  shelf.setModel(
    'bench',
    products.map(({ item }) => item.id),
    rows.finish(),
  )
  return shelf
}

const some = <T>(list: readonly T[], random: Random) => list.slice(Math.floor(random() * list.length)).slice(0, 1)

function shopperOf(k: number, items: number, deeds: number, random: Random): Shopper {
  const history = Array.from({ length: deeds }, () => ({
    place: Math.floor(random() * items),
    strength: 1 + 2 * random(),
    kind: 'view' as const,
  }))
  const answers =
    k % 2 === 0 ? {} : { department: some(['women', 'men'], random), occasion: some(['work', 'party'], random) }
  return {
    subject: `shopper ${k}`,
    history,
    taste: {
      answers,
      sizes: { top: 'M', bottom: null, dress: 'M' },
      fit: null,
      colours: [],
      brands: [],
      styles: [],
      season: 'summer',
      context: undefined,
      brandShares: new Map(),
      price: Math.log(6_000),
    },
    bought: new Set([Math.floor(random() * items)]),
    seen: new Set(history.slice(0, 5).map(({ place }) => place)),
    inCart: new Set(),
  }
}

const rounded = (millis: number) => Number(millis.toFixed(3))

/** Milliseconds of each request, one after the other, with their reasons and all rules. */
function serve(shelf: Shelf, shoppers: readonly Shopper[], limit: number): number[] {
  return shoppers.map((shopper) => {
    const from = performance.now()
    rankForShopper(shelf, shopper, { weights: DEFAULT_WEIGHTS, exponent: 0.5, limit, now: NOW })
    return performance.now() - from
  })
}

export function registerBenchRecommendations(cli: Command): void {
  const command = addCommand(
    cli,
    'bench recommendations',
    'Rank for shoppers with a history: model, likeness, rules, variety and reasons over 200 candidates',
  )
    .option('--items <n>', 'products on the shelf', '10000')
    .option('--requests <n>', 'shoppers', '3000')
    .option('--history <n>', 'products that each of them liked', '20')
    .option('--limit <n>', 'products that each is shown', '24')
    .option('--seed <n>', 'of what is random', '1')
  runs<Options>(command, async ({ options, out }) => {
    const [items, requests] = [Number(options.items), Number(options.requests)]
    const random = createRandom(Number(options.seed))
    out.note(`filling a shelf with ${items} products`)
    const from = performance.now()
    const shelf = fillShelf(items, random)
    const fillSeconds = (performance.now() - from) / 1000
    const shoppers = Array.from({ length: requests }, (_, k) => shopperOf(k, items, Number(options.history), random))
    // A server that has run for a while has compiled what it runs.
    serve(shelf, shoppers.slice(0, 500), Number(options.limit))
    const cpu = process.cpuUsage()
    const millis = serve(shelf, shoppers, Number(options.limit)).toSorted((a, b) => a - b)
    const { user, system } = process.cpuUsage(cpu)
    const at = (part: number) => rounded(millis[Math.min(millis.length - 1, Math.floor(part * millis.length))] ?? 0)
    const measured = { p50: at(0.5), p99: at(0.99), most: at(1), cpu: rounded((user + system) / 1000 / requests) }
    const text = `${items} products, ${requests} requests: p50 ${measured.p50} ms, p99 ${measured.p99} ms, most ${measured.most} ms; ${measured.cpu} ms of CPU each`
    out.result({ items, requests, fillSeconds: rounded(fillSeconds), millis: measured }, text)
  })
}

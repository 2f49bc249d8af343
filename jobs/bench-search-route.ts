import type { Command } from 'commander'
import type { OpenedInfra } from '../db/index.ts'
import type { SearchFilter, SearchQuery } from '../db/search/index.ts'
import { createApp } from '../edge/app.ts'
import { createModules } from '../modules/index.ts'
import { withMadeShop } from './bench-catalogue.ts'
import { createCatalogue } from './bench-search-catalogue.ts'
import { mixedQueries } from './bench-search-queries.ts'
import { measureTurns, sendLoad, turnsTable } from './bench-turns.ts'
import { addCommand, runs } from './command.ts'

type Options = { products: string; queries: string; seconds: string; turns: string }

const CONNECTIONS = 32
const SEED = 1
/** The first ones find code that is not compiled yet. */
const WARM_UP = 200

const listed = (name: string, values: readonly string[] = []) => values.map((value) => [name, value] as const)

/** The same search, as the API is asked for it. */
function addressOf({ text, filter = {}, sort = 'relevance' }: SearchQuery): string {
  const { category, brands, colours, sizes, ...rest } = filter
  const single = Object.entries({ category, ...rest, sort }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  )
  const all = [['q', text] as const, ...single, ...listed('brand', brands), ...listed('colour', colours)]
  return `/v1/search?${new URLSearchParams([...all, ...listed('size', sizes)].map(([name, value]) => [name, value]))}`
}

/** Times spent waiting for the index and for the database, while one thing is done at a time. */
function createWatch({ search, sql, ...infra }: OpenedInfra) {
  const spent = { index: 0, sql: 0 }
  const executeQuery: typeof sql.executeQuery = async (asked) => {
    const from = performance.now()
    const answer = await sql.executeQuery(asked)
    spent.sql += performance.now() - from
    return answer as never
  }
  const watched = new Proxy(sql, {
    get(of, name) {
      if (name === 'executeQuery') return executeQuery
      const value: unknown = Reflect.get(of, name, of)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
  const query: typeof search.query = async (asked) => {
    const from = performance.now()
    const answer = await search.query(asked)
    spent.index += performance.now() - from
    return answer
  }
  return { spent, infra: { ...infra, search: { ...search, query }, sql: watched } }
}

/** Where the time of a search goes, one search at a time; `rest` is ranking, presenting, and HTTP on both sides of it. */
async function timeParts(infra: OpenedInfra, paths: readonly string[]) {
  const watch = createWatch(infra)
  const app = createApp(createModules(watch.infra))
  const ask = async (path: string) => (await app.request(path)).text()
  for (const path of paths.slice(0, WARM_UP)) await ask(path)
  const measured = paths.slice(WARM_UP)
  Object.assign(watch.spent, { index: 0, sql: 0 })
  const from = performance.now()
  for (const path of measured) await ask(path)
  const whole = performance.now() - from
  const { index, sql } = watch.spent
  const each = (ms: number) => Number((ms / measured.length).toFixed(3))
  return { wholeMs: each(whole), indexMs: each(index), sqlMs: each(sql), restMs: each(whole - index - sql) }
}

const isThere = ({ brands = [], category }: SearchFilter, slugs: { brands: Set<string>; categories: Set<string> }) =>
  brands.every((slug) => slugs.brands.has(slug)) && (category === undefined || slugs.categories.has(category))

export function registerBenchSearchRoute(cli: Command): void {
  const about = 'The whole of /v1/search over a shop of made-up products, beside its index alone'
  const command = addCommand(cli, 'bench search-route', about)
    .option('--products <n>', 'how many there are', '20000')
    .option('--queries <n>', 'how many different ones: far more than what a shop keeps answers of', '3000')
    .option('--seconds <n>', 'how long each turn lasts', '6')
    .option('--turns <n>', 'turns of each, of which the median counts', '3')
  runs<Options>(command, async ({ options, out }) => {
    const [products, seconds] = [Number(options.products), Number(options.seconds)]
    const result = await withMadeShop(products, out, async ({ modules, own }) => {
      const { brands, categories } = await modules.catalog.readTaxonomy()
      const slugs = { brands: new Set(brands), categories: new Set(categories.map(({ slug }) => slug)) }
      const queries = mixedQueries(createCatalogue(SEED), Number(options.queries), 7).filter(({ filter = {} }) =>
        isThere(filter, slugs),
      )
      const paths = queries.map(addressOf)
      const parts = await timeParts(own.infra, paths)
      const index = own.infra.search
      const ours = Bun.serve({ port: 0, fetch: createApp(modules).fetch })
      const bare = Bun.serve({
        port: 0,
        fetch: async (request) =>
          Response.json(
            await index.query(queries[Number(new URL(request.url).search.slice(1))] ?? { text: '', limit: 24 }),
          ),
      })
      try {
        const row = await measureTurns('GET /v1/search', Number(options.turns), (which) => {
          const asked = which === 'ours' ? paths : paths.map((_, place) => `/?${place}`)
          const requests = asked.map((path) => ({ method: 'GET' as const, path }))
          const url = (which === 'ours' ? ours : bare).url.href
          return sendLoad({ url, connections: CONNECTIONS, seconds, requests })
        })
        return { products, queries: paths.length, parts, row }
      } finally {
        await Promise.all([ours.stop(true), bare.stop(true)])
      }
    })
    const { wholeMs, indexMs, sqlMs, restMs } = result.parts
    const title = `${products} products, ${result.queries} queries, ${CONNECTIONS} connections, no answer kept`
    const share = (ms: number) => `${ms} ms (${Math.round((100 * ms) / wholeMs)}%)`
    const text = `one at a time ${wholeMs} ms: index ${share(indexMs)}, SQL ${share(sqlMs)}, the rest ${share(restMs)}`
    out.result(result, `${turnsTable(title, [result.row], 'the index alone')}\n${text}`)
  })
}

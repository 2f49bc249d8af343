import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { openBareFts5 } from '../db/search/bare-fts5.ts'
import { embeddedSearch } from '../db/search/embedded/index.ts'
import { createServing } from '../db/search/embedded/serving.ts'
import type { SearchIndex, SearchQuery } from '../db/search/index.ts'
import { createAnalyzer } from '../db/search/words.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { createCatalogue } from './bench-search-catalogue.ts'
import { keystrokes, mistyped, mixedQueries } from './bench-search-queries.ts'
import { sendLoad } from './bench-turns.ts'
import { addCommand, type Output, runs } from './command.ts'

const BATCH = 1000
const SEED = 1
const QUERIES = 200
const CONNECTIONS = 32

type Options = { products: string; seconds: string; fts5: boolean; dir?: string }
type Times = { p50Ms: number; p99Ms: number }

const WARM_UPS = 8

/** Code of ours is compiled as it runs, the best of it after thousands of rounds: before it is timed, it is run often. */
async function timesOfWarm(work: readonly (() => unknown)[]): Promise<Times> {
  for (let i = 0; i < WARM_UPS; i++) for (const one of work) await one()
  return timesOf(work)
}

/** Of each query the middle of three times, so that what else the machine does weighs less. */
async function timesOf(work: readonly (() => unknown)[]): Promise<Times> {
  const times: number[] = []
  for (const one of work) {
    const tries: number[] = []
    for (let i = 0; i < 3; i++) {
      const start = performance.now()
      await one()
      tries.push(performance.now() - start)
    }
    times.push(tries.toSorted((a, b) => a - b)[1] ?? Number.NaN)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2))
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

const secondsSince = (start: number) => Number(((performance.now() - start) / 1000).toFixed(1))

/** Makes the products while the thread of the index takes up those before. */
async function build(index: SearchIndex, products: number, out: Output): Promise<number> {
  const catalogue = createCatalogue(SEED)
  const bar = out.progress('index', Math.ceil(products / BATCH))
  const start = performance.now()
  const generation = await index.build()
  let adding = Promise.resolve()
  for (let made = 0; made < products; made += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, products - made) }, catalogue.next)
    await adding
    adding = generation.add(documents)
    bar.step()
  }
  await adding
  await generation.commit('bench')
  bar.end()
  return secondsSince(start)
}

/** Part of the slips after which what was meant is searched: corrected, by its stem, or as a beginning. */
async function restoredPart(index: SearchIndex, slips: readonly { meant: string; typed: string }[]): Promise<number> {
  const { tokens } = createAnalyzer()
  let restored = 0
  for (const { meant, typed } of slips) {
    const { terms } = await index.query({ text: typed, limit: 24 })
    const isSearched = ({ word, term }: { word: string; term: string }) =>
      terms.some((one) => one === term || (one.endsWith('*') && word.startsWith(one.slice(0, -1))))
    if (tokens(meant).every(isSearched)) restored++
  }
  return Number((restored / slips.length).toFixed(3))
}

/** A route over the index and nothing else: what of the time a search takes is HTTP's. */
async function throughHttp(index: SearchIndex, queries: readonly SearchQuery[], seconds: number) {
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const place = Number(new URL(request.url).searchParams.get('query'))
      return Response.json(await index.query(queries[place] ?? { text: '', limit: 24 }))
    },
  })
  try {
    const requests = queries.map((_, place) => ({ method: 'GET' as const, path: `/?query=${place}` }))
    const plan = { url: server.url.href, connections: CONNECTIONS, seconds, requests }
    // Each reader has code of its own to warm up.
    await sendLoad(plan)
    return await sendLoad(plan)
  } finally {
    await server.stop(true)
  }
}

async function besideFts5(queries: readonly SearchQuery[], products: number, out: Output) {
  const fts5 = openBareFts5()
  try {
    const catalogue = createCatalogue(SEED)
    const bar = out.progress('FTS5', Math.ceil(products / BATCH))
    const start = performance.now()
    for (let made = 0; made < products; made += BATCH) {
      fts5.add(Array.from({ length: Math.min(BATCH, products - made) }, catalogue.next))
      bar.step()
    }
    bar.end()
    const buildSeconds = secondsSince(start)
    return { buildSeconds, ...(await timesOf(queries.map((query) => () => fts5.query(query)))) }
  } finally {
    fts5.close()
  }
}

const asTyped = (list: readonly string[]) => list.map((text) => ({ text, limit: 24, facets: true }))

/** Every measure on one index, warmed up by what is measured. */
async function measure(index: SearchIndex, dir: string, seconds: number) {
  const catalogue = createCatalogue(SEED)
  const queries = mixedQueries(catalogue, QUERIES, 7)
  const texts = queries.map(({ text }) => text)
  const typing = keystrokes(texts.filter((_, i) => i % 5 === 0).map((text) => text.toLowerCase()))
  const slips = mistyped(texts, QUERIES, 9)
  const asking = (list: readonly SearchQuery[]) => list.map((query) => () => index.query(query))
  const here = createServing(dir, 'bench', Date.now)
  return {
    queries,
    measured: {
      mixed: await timesOfWarm(asking(queries)),
      /** Without the way to the thread of the index and back. */
      inThread: await timesOfWarm(queries.map((query) => () => here.query(query))),
      asYouType: { keystrokes: typing.length, ...(await timesOfWarm(asking(asTyped(typing)))) },
      typos: {
        ...(await timesOfWarm(asking(asTyped(slips.map(({ typed }) => typed))))),
        restored: await restoredPart(index, slips),
      },
      http: { connections: CONNECTIONS, ...(await throughHttp(index, queries, seconds)) },
    },
  }
}

async function openCold(dir: string): Promise<{ index: SearchIndex; ms: number }> {
  const start = performance.now()
  const index = embeddedSearch({ dir })
  await index.status()
  return { index, ms: Math.round(performance.now() - start) }
}

export function registerBenchSearch(cli: Command): void {
  const command = addCommand(cli, 'bench search', 'Build a search index of made-up products, and search it')
    .option('--products <n>', 'how many products', '1000000')
    .option('--seconds <n>', 'how long the load through HTTP lasts', '5')
    .option('--dir <folder>', 'keep the index there, and use the one that is there')
    .option('--no-fts5', 'without the same products in FTS5')
  runs<Options>(command, async ({ options, out }) => {
    const products = Number(options.products)
    if (!Number.isInteger(products) || products < 1) throw new AppError('invalid', '--products takes a whole number')
    const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'bench-search-'))
    let { index, ms } = await openCold(dir)
    try {
      let buildSeconds: number | undefined
      if ((await index.status()).documents !== products) {
        buildSeconds = await build(index, products, out)
        await index.close()
        ;({ index, ms } = await openCold(dir))
      }
      const megabytes = Math.round((await index.status()).bytes / 1e6)
      const { queries, measured } = await measure(index, dir, Number(options.seconds))
      const fts5 = options.fts5 ? await besideFts5(queries, products, out) : undefined
      const result = { products, buildSeconds, megabytes, openMs: ms, ...measured, fts5 }
      out.result(result, table(result))
    } finally {
      await index.close()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    }
  })
}

type Result = Awaited<ReturnType<typeof measure>>['measured'] & {
  products: number
  buildSeconds: number | undefined
  megabytes: number
  openMs: number
  fts5: (Times & { buildSeconds: number }) | undefined
}

const row = (name: string, { p50Ms, p99Ms }: Times, more = '') =>
  `${name.padEnd(34)}${String(p50Ms).padStart(9)}${String(p99Ms).padStart(9)}  ${more}`

function table({
  products,
  buildSeconds,
  megabytes,
  openMs,
  mixed,
  inThread,
  asYouType,
  typos,
  http,
  fts5,
}: Result): string {
  const built = buildSeconds === undefined ? '' : `, built in ${buildSeconds} s`
  return [
    `${products} products${built}, ${megabytes} MB, opened in ${openMs} ms`,
    `${''.padEnd(34)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}`,
    row(`${QUERIES} queries, 24 hits, facets`, mixed),
    row('  in the thread of the index', inThread),
    row('as you type', asYouType, `${asYouType.keystrokes} keystrokes`),
    row('mistyped', typos, `${Math.round(100 * typos.restored)}% restored`),
    row(`HTTP, ${http.connections} connections`, http, `${Math.round(http.perSecond)} requests/s`),
    ...(fts5 ? [row('FTS5, 24 hits, two facets', fts5, `built in ${fts5.buildSeconds} s`)] : []),
  ].join('\n')
}

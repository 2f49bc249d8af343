import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { embeddedSearch } from '../db/search/embedded/index.ts'
import type { SearchDocument, SearchIndex } from '../db/search/index.ts'
import { createAnalyzer } from '../db/search/words.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { ndcgAt, quantile, recallOf } from '../modules/search/pure/relevance.ts'
import { addCommand, type Output, runs } from './command.ts'
import { MAPPABLE, readCatalogue, readJudgements, readQueries } from './search-evaluate-files.ts'

const HELP = `
Files are CSV, TSV or JSONL, told apart by what is in them. Columns go by their usual names:
  catalogue   product_id, name or title, description, brand, category (Women > Tops, with / or > or |), product_class,
              colour, tags, features, size, price, rating, rating_count; product_id and name are needed
  queries     query_id, query; not needed where the judgements hold the queries themselves
  judgements  query_id or query, product_id, label: a number from 0, or Exact, Partial, Irrelevant (1, 0.5, 0),
              or E, S, C, I (1, 0.1, 0.01, 0)
  --map name=headline   takes the column headline for the name; as often as needed

NDCG@10 has linear gains and counts what nobody judged as irrelevant. Recall is of products worth half of the best label
or more. Latency is that of a page of 24 with all facets. The index is a temporary one: no database is touched.
Exit codes: 0 done, 1 failed, 2 bad input.`

const AT_ONCE = 2000
const PAGE = 24

type Options = {
  catalogue: string
  queries?: string
  judgements: string
  map: string[]
  recallAt: string
  explain?: string
}

/** Documents of one text, by the id that the file gives them. */
type Shelf = { index: SearchIndex; productIds: Map<string, string>; names: Map<string, string> }

function readMap(pairs: readonly string[]): Map<string, string> {
  const map = new Map<string, string>()
  for (const pair of pairs) {
    const [, field = '', column = ''] = /^([a-z_]+)=(.+)$/.exec(pair) ?? []
    if (!MAPPABLE.includes(field))
      throw new AppError('invalid', `--map ${pair}: it takes FIELD=COLUMN, FIELD being one of ${MAPPABLE.join(', ')}`)
    map.set(field, column)
  }
  return map
}

async function fill({ index, productIds, names }: Shelf, file: string, map: Map<string, string>): Promise<void> {
  const generation = await index.build()
  let batch: SearchDocument[] = []
  for await (const { productId, document } of readCatalogue({ file, map })) {
    productIds.set(document.id, productId)
    names.set(productId, document.texts.name)
    batch.push(document)
    if (batch.length === AT_ONCE) {
      await generation.add(batch)
      batch = []
    }
  }
  await generation.add(batch)
  await generation.commit('evaluation')
}

/** What is to be asked: those of the queries that somebody judged. */
async function readAsked({ queries, judgements }: Options, map: Map<string, string>) {
  const { judged, texts } = await readJudgements({ file: judgements, map })
  const known = queries === undefined ? texts : await readQueries({ file: queries, map })
  const asked = [...judged].flatMap(([id, gains]) => {
    const text = known.get(id) ?? texts.get(id)
    return text === undefined ? [] : [{ id, text, gains }]
  })
  if (asked.length > 0) return { asked, unknown: judged.size - asked.length }
  const hint =
    queries === undefined ? 'give the queries with --queries' : 'none of the judged queries is in the queries'
  throw new AppError('invalid', `${judgements} holds no query texts that could be asked: ${hint}`)
}

type Asked = Awaited<ReturnType<typeof readAsked>>['asked']

async function judge({ index, productIds }: Shelf, { text, gains }: Asked[number], recallAt: number) {
  const { hits } = await index.query({ text, limit: Math.max(10, recallAt) })
  const found = hits.map(({ id }) => productIds.get(id) ?? '')
  const best = Math.max(...gains.values())
  const relevant = new Set([...gains].filter(([, gain]) => gain > 0 && gain >= best / 2).map(([id]) => id))
  const gained = found.map((id) => gains.get(id) ?? 0)
  return {
    // Where nothing is worth finding, no order is better than another.
    ndcg: best > 0 ? [ndcgAt(10, gained, [...gains.values()])] : [],
    recall: recallOf(found.slice(0, recallAt), relevant) ?? [],
    empty: found.length === 0,
  }
}

async function measure(shelf: Shelf, asked: Asked, recallAt: number, out: Output) {
  const progress = out.progress('queries', asked.length)
  const judged: Awaited<ReturnType<typeof judge>>[] = []
  for (const one of asked) {
    judged.push(await judge(shelf, one, recallAt))
    progress.step()
  }
  // After all of them were asked once: what is measured is a shop that has been open for a while.
  const ms: number[] = []
  for (const { text } of asked) {
    const began = performance.now()
    await shelf.index.query({ text, limit: PAGE, facets: true })
    ms.push(performance.now() - began)
  }
  progress.end()
  return {
    ndcg: mean(judged.flatMap(({ ndcg }) => ndcg)),
    recall: mean(judged.flatMap(({ recall }) => recall)),
    empty: judged.filter(({ empty }) => empty).length,
    p50: quantile(ms, 0.5),
    p99: quantile(ms, 0.99),
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / Math.max(values.length, 1)
const rounded = (value: number, digits = 4) => Number(value.toFixed(digits))

const FIELDS = ['name', 'brand', 'tags', 'attributes', 'description'] as const

/** The words of each field that were found, as they are written there. */
function matchesOf(texts: SearchDocument['texts'], terms: readonly string[]): Record<string, string[]> {
  const analyzer = createAnalyzer()
  const found = FIELDS.map((field) => {
    const marked = analyzer.mark(texts[field], terms).filter((run) => run.marked)
    return [field, [...new Set(marked.map(({ text }) => text.toLowerCase()))]] satisfies [string, string[]]
  })
  return Object.fromEntries(found.filter(([, words]) => words.length > 0))
}

/** The texts of these products, read once more: a catalogue may be larger than the memory. */
async function readTexts(file: string, map: Map<string, string>, productIds: ReadonlySet<string>) {
  const texts = new Map<string, SearchDocument['texts']>()
  for await (const { productId, document } of readCatalogue({ file, map }))
    if (productIds.has(productId)) texts.set(productId, document.texts)
  return texts
}

type Explaining = { text: string; asked: Asked; file: string; map: Map<string, string> }

async function explain({ index, productIds, names }: Shelf, { text, asked, file, map }: Explaining) {
  const gains = asked.find((one) => one.text.toLowerCase() === text.toLowerCase())?.gains
  const { hits, total, terms, relaxed, correctedText } = await index.query({ text, limit: PAGE })
  const known = hits.map(({ id, score }) => ({ productId: productIds.get(id) ?? '', score }))
  const texts = await readTexts(file, map, new Set(known.map(({ productId }) => productId)))
  const found = known.map(({ productId, score }, place) => {
    const own = texts.get(productId)
    const gain = gains?.get(productId) ?? null
    const matches = own ? matchesOf(own, terms) : {}
    return { rank: place + 1, productId, name: names.get(productId) ?? '', score, gain, matches }
  })
  return { query: text, correctedText: correctedText ?? null, terms, relaxed, total, found }
}

type Explained = Awaited<ReturnType<typeof explain>>

function tell({ query, correctedText, terms, relaxed, total, found }: Explained): string {
  const how = [
    `words ${terms.join(' ') || 'none'}`,
    ...(correctedText === null ? [] : [`searched as "${correctedText}"`]),
    ...(relaxed ? ['any of the words'] : []),
  ]
  const lines = found.flatMap(({ rank, productId, name, score, gain, matches }) => {
    const judged = gain === null ? '   ?' : gain.toFixed(2)
    const where = Object.entries(matches).map(([field, words]) => `${field}: ${words.join(', ')}`)
    return [
      [String(rank).padStart(3), String(score).padStart(8), judged, productId, name].join('  '),
      `${' '.repeat(21)}${where.join('; ')}`,
    ]
  })
  return [`"${query}": ${total} found (${how.join(', ')})`, 'rank     score  gain  product', ...lines].join('\n')
}

async function evaluate(options: Options, dir: string, out: Output): Promise<void> {
  const recallAt = Number(options.recallAt)
  if (!Number.isInteger(recallAt) || recallAt < 1 || recallAt > 1000)
    throw new AppError('invalid', '--recall-at takes a whole number from 1 to 1000')
  const map = readMap(options.map)
  const { asked, unknown } = await readAsked(options, map)
  const shelf: Shelf = { index: embeddedSearch({ dir }), productIds: new Map(), names: new Map() }
  try {
    const began = performance.now()
    await fill(shelf, options.catalogue, map)
    const buildSeconds = rounded((performance.now() - began) / 1000, 2)
    if (unknown > 0) out.note(`${unknown} judged queries have no text and are left out`)
    const { bytes } = await shelf.index.status()
    const sizes = { products: shelf.names.size, queries: asked.length, buildSeconds, indexBytes: bytes }
    if (options.explain !== undefined) {
      const explaining = { text: options.explain, asked, file: options.catalogue, map }
      const explained = await explain(shelf, explaining)
      return out.result({ ...sizes, ...explained }, tell(explained))
    }
    const { ndcg, recall, empty, p50, p99 } = await measure(shelf, asked, recallAt, out)
    const result = {
      ...sizes,
      'ndcg@10': rounded(ndcg),
      [`recall@${recallAt}`]: rounded(recall),
      withoutResults: empty,
      latencyMs: { p50: rounded(p50, 2), p99: rounded(p99, 2) },
    }
    out.result(
      result,
      [
        `${sizes.products} products indexed in ${buildSeconds} s (${(bytes / 1e6).toFixed(1)} MB), ${asked.length} queries`,
        `NDCG@10 ${ndcg.toFixed(4)}   recall@${recallAt} ${recall.toFixed(4)}   without results ${empty}`,
        `latency p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`,
      ].join('\n'),
    )
  } finally {
    await shelf.index.close()
  }
}

export function registerSearchEvaluate(cli: Command): void {
  const command = addCommand(cli, 'search evaluate', 'How well the search finds what people judged to be right')
    .requiredOption('--catalogue <file>', 'the products')
    .option('--queries <file>', 'what is searched for')
    .requiredOption('--judgements <file>', 'which products are right for which query')
    .option('--map <field=column>', 'a column by another name', (pair, all: string[]) => [...all, pair], [])
    .option('--recall-at <k>', 'among how many of the first', '100')
    .option('--explain <query>', 'what is found for one query, and why')
    .addHelpText('after', HELP)
  runs<Options>(command, async ({ options, out }) => {
    const dir = await mkdtemp(join(tmpdir(), 'eshotry-search-'))
    try {
      await evaluate(options, dir, out)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
}

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ndcgAt, quantile, recallOf } from '../modules/search/pure/relevance.ts'
import { readCatalogue, readJudgements, readQueries } from './search-evaluate-files.ts'

setDefaultTimeout(60_000)
const dir = await mkdtemp(join(tmpdir(), 'evaluate-'))
afterAll(() => rm(dir, { recursive: true }))

let count = 0
async function write(content: string, extension = 'csv'): Promise<string> {
  const file = join(dir, `${++count}.${extension}`)
  await Bun.write(file, content)
  return file
}
const map = new Map<string, string>()
const read = async (content: string, extension?: string, given = map) =>
  Array.fromAsync(readCatalogue({ file: await write(content, extension), map: given }))

const cli = async (...args: string[]) => {
  const run = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts'), 'search', 'evaluate', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text()])
  return { code: await run.exited, out, err }
}

/** As Wayfair's WANDS has it: tabs in a file called CSV, inches in quotes that are no quotes. */
const WANDS = `product_id\tproduct_name\tproduct_class\tcategory hierarchy\tproduct_description\tproduct_features\trating_count\taverage_rating
0\tsolid wood platform bed\tBeds\tFurniture / Bedroom / Beds\tgood , deep sleep\twidth : 64.7 "|wood : solid\t15\t4.5
1\tslow cooker 7 qt\tSlow Cookers\tKitchen / Small Appliances\tcreate meals\tcapacity : 7\t100\t2
2\tupholstered salon chair\tChairs\t\ta chair , for a salon\tcolor : red\t\t
`

describe('a catalogue', () => {
  test('split by tabs is read by its usual columns, quotes within cells and all', async () => {
    const [bed, , chair] = await read(WANDS)
    expect(bed).toMatchObject({
      productId: '0',
      document: {
        texts: { name: 'solid wood platform bed', description: 'good , deep sleep' },
        categories: [{ label: 'Furniture' }, { label: 'Bedroom' }, { label: 'Beds' }],
        rating: 4.5,
        popularity: 15,
      },
    })
    expect(bed?.document.texts.attributes).toContain('64.7 "')
    expect(chair?.document.categories).toEqual([{ value: 'chairs', label: 'Chairs' }])
    expect(bed && chair && bed.document.id < chair.document.id).toBe(true)
  })

  test('may be CSV with quoted cells over several lines, or JSON lines with lists', async () => {
    const [one, two] = await read(
      'asin,title,brand,price\nB1,"Red ""midi"" dress\nwith, belt",Norr,"€ 1,299.50"\nB2,Tee,,9\n',
    )
    expect(one?.document).toMatchObject({
      texts: { name: 'Red "midi" dress\nwith, belt', brand: 'Norr' },
      priceAmount: 129_950,
    })
    expect(two?.document).toMatchObject({ texts: { name: 'Tee' }, priceAmount: 900 })
    const [json] = await read(
      '{"product_id":"B1","product_title":"Tee","product_color":"Navy","product_bullet_point":["soft","warm"]}\n\n',
      'jsonl',
    )
    expect(json?.document.variants).toEqual([{ colour: { value: 'navy', label: 'Navy' }, size: 'one', inStock: true }])
    expect(json?.document.texts.attributes).toContain('soft | warm')
  })

  test('by other names of its columns is read where they are said', async () => {
    const given = new Map([
      ['name', 'Head Line'],
      ['id', 'key'],
    ])
    const [only] = await read('key;Head Line\n7;Tee\n7;Tee again\n', 'csv', given)
    expect(only).toMatchObject({ productId: '7', document: { texts: { name: 'Tee' } } })
    expect(read('key;Head Line\n7;Tee\n')).rejects.toThrow('has no column for id: it has key, head_line')
  })

  test('that is broken is refused with the line where', async () => {
    expect(read('id,name\n1,Tee,extra\n')).rejects.toThrow('line 2: 3 cells in 2 columns')
    expect(read('id,name\n1,Tee\n,Coat\n')).rejects.toThrow('line 3: no product id')
    expect(read('id,name\n1,"Tee\n')).rejects.toThrow('Quote')
    expect(read('id,name\n')).rejects.toThrow('has no rows')
    expect(read('')).rejects.toThrow('is empty')
    expect(read('{"id":1,"name":"Tee"}\nnot json\n', 'jsonl')).rejects.toThrow('line 2: not one JSON object')
    expect(Array.fromAsync(readCatalogue({ file: '/nowhere', map }))).rejects.toThrow('There is no file')
  })
})

describe('judgements', () => {
  test('have grades by name or by number, by query id or by the query itself', async () => {
    const wands = await readJudgements({
      file: await write('id\tquery_id\tproduct_id\tlabel\n0\t5\t1\tExact\n1\t5\t2\tPartial\n'),
      map,
    })
    expect(wands.judged.get('5')).toEqual(
      new Map([
        ['1', 1],
        ['2', 0.5],
      ]),
    )
    const esci = await readJudgements({
      file: await write('query,product_id,esci_label\nred dress,B1,E\nred dress,B2,S\nred dress,B3,I\n'),
      map,
    })
    expect(esci.texts.get('red dress')).toBe('red dress')
    expect(esci.judged.get('red dress')).toEqual(
      new Map([
        ['B1', 1],
        ['B2', 0.1],
        ['B3', 0],
      ]),
    )
    const graded = await readJudgements({ file: await write('query_id,product_id,relevance\n1,a,3\n1,a,2\n'), map })
    expect(graded.judged.get('1')?.get('a')).toBe(3)
  })

  test('that say nothing are refused with the line', async () => {
    const judge = async (content: string) => readJudgements({ file: await write(content), map })
    expect(judge('query_id,product_id,label\n1,a,Perfect\n')).rejects.toThrow('line 2: the label Perfect')
    expect(judge('query_id,product_id,label\n1,a,-1\n')).rejects.toThrow('the label -1')
    expect(judge('query_id,product_id,label\n1,a,\n')).rejects.toThrow('no label')
    expect(judge('query_id,product_id,label\n,a,1\n')).rejects.toThrow('neither query_id nor query')
    const queries = await write('query_id,query\n1,\n')
    expect(readQueries({ file: queries, map })).rejects.toThrow('line 2: no query')
  })
})

describe('the measures', () => {
  test('of a known list are those worked out by hand', () => {
    // 3 + 2/log2(3) + 0 + 1/log2(5), against 3 + 3/log2(3) + 2/2 + 1/log2(5).
    const [dcg, ideal] = [3 + 2 / Math.log2(3) + 1 / Math.log2(5), 3 + 3 / Math.log2(3) + 1 + 1 / Math.log2(5)]
    expect(ndcgAt(10, [3, 2, 0, 1], [1, 2, 3, 3])).toBeCloseTo(dcg / ideal, 12)
    expect(ndcgAt(2, [0, 0, 3], [3])).toBe(0)
    expect(ndcgAt(10, [], [0])).toBe(0)
    expect(recallOf(['a', 'a', 'b'], new Set(['a', 'c']))).toBe(0.5)
    expect(recallOf([], new Set())).toBeUndefined()
    expect([quantile([4, 1, 3, 2], 0.5), quantile([4, 1, 3, 2], 0.99), quantile([], 0.5)]).toEqual([2, 4, 0])
  })
})

describe('search evaluate', () => {
  test('prints what the search is worth for a catalogue, as JSON or text, and explains one query', async () => {
    const files = [
      '--catalogue',
      await write(WANDS),
      '--queries',
      await write('query_id\tquery\tquery_class\n0\tsalon chair\tx\n1\tslow cooker\tx\n'),
      '--judgements',
      await write('id\tquery_id\tproduct_id\tlabel\n0\t0\t2\tExact\n1\t0\t0\tIrrelevant\n2\t1\t1\tExact\n'),
    ]
    const { code, out } = await cli(...files, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      products: 3,
      queries: 2,
      'ndcg@10': 1,
      'recall@100': 1,
      latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
    })
    const explained = await cli(...files, '--explain', 'salon chair')
    expect(explained.code).toBe(0)
    expect(explained.out).toContain('upholstered salon chair')
    expect(explained.out).toContain('name: salon, chair')
  })

  test('ends with 2 for what it cannot read', async () => {
    const judgements = await write('query_id,product_id,label\n1,a,1\n')
    const lost = await cli('--catalogue', await write('id,name\na,Tee\n'), '--judgements', judgements)
    expect(lost).toMatchObject({ code: 2, out: '' })
    expect(lost.err).toContain('--queries')
    expect((await cli('--judgements', judgements)).code).toBe(2)
  })
})

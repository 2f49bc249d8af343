import { expect, setDefaultTimeout, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { embeddedSearch } from '../db/search/embedded/index.ts'
import { emptyTestInfra, openTestInfra, testEnv } from '../db/testing.ts'
import { openTestShop, product } from '../edge/testing-shop.ts'

setDefaultTimeout(120_000)
const PRODUCTS = 1300
/** It has taken up two batches of 500 then, and three in five of these are in files. */
const CUT_SHORT_AT = 1000

const infra = await openTestInfra()
const shop = openTestShop(infra)
const run = (query: string) => infra.sql.executeQuery(CompiledQuery.raw(query))
const idOf = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`

/** Many products like one, each with a name of its own. */
async function fillCatalogue(): Promise<void> {
  await emptyTestInfra()
  await shop.sell(product('first', { name: 'First Shirt' }))
  await run(`insert into catalog.product select (jsonb_populate_record(p, jsonb_build_object('id', ${idOf('n')},
      'slug', 'shirt-' || n, 'name', 'Shirt number' || n || case when n % 7 = 0 then ' linen' else ' cotton' end))).*
    from catalog.product p, generate_series(1, ${PRODUCTS - 1}) n where p.slug = 'first'`)
  await run(`insert into catalog.variant select (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(),
      'product_id', ${idOf('n')}, 'sku', v.sku || '-' || n))).*
    from catalog.variant v, generate_series(1, ${PRODUCTS - 1}) n`)
  await shop.drain()
}

async function spawn(...args: string[]) {
  const env = { ...process.env, ...(await testEnv()) }
  return Bun.spawn([process.execPath, ...args], { cwd: join(import.meta.dir, '..'), env, stdio: ['ignore', 'pipe', 2] })
}

/** The build of the command, which stops for good once it has come so far. */
const STOPPING = `
  import { writeSync } from 'node:fs'
  import { withShop } from './jobs/command.ts'
  await withShop(({ search }) => search.build({ onProgress(done) {
    if (done < ${CUT_SHORT_AT}) return
    writeSync(1, 'here')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  } }))`

async function cutShort(): Promise<void> {
  const child = await spawn('-e', STOPPING)
  for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes('here')) break
  child.kill('SIGKILL')
  await child.exited
  expect(child.signalCode).toBe('SIGKILL')
}

async function reindex(...args: string[]): Promise<unknown> {
  const child = await spawn('jobs/main.ts', 'reindex', '--json', ...args)
  const answer: unknown = await new Response(child.stdout).json()
  expect(await child.exited).toBe(0)
  return answer
}

const searchDir = async () => join((await testEnv())['VAR_DIR'] ?? '', 'search')

async function answers() {
  const index = embeddedSearch({ dir: await searchDir() })
  try {
    const asked = ['', 'shirt', 'linen', 'number7', 'cottn shirt', 'first', 'number12'].map((text) =>
      index.query({ text, limit: 50, facets: true }),
    )
    const { documents } = await index.status()
    return {
      documents,
      found: (await Promise.all(asked)).map((answer) => Object.assign(answer, { generation: '', next: null })),
    }
  } finally {
    await index.close()
  }
}

test('a build that is killed is gone on with from what it left, and answers as one that was not', async () => {
  await fillCatalogue()
  await reindex('--full')
  const clean = await answers()
  expect(clean.documents).toBe(PRODUCTS)
  expect(clean.found[2]?.total).toBe(Math.floor((PRODUCTS - 1) / 7))

  await cutShort()
  expect(await answers()).toEqual(clean)
  expect((await readdir(join(await searchDir(), 'building'))).toSorted()).toEqual(['0.segment', '1.segment'])
  // Whoever reads the first ones again finds them by another name.
  await run(`update catalog.product set name = 'Trousers' where id <= ${idOf('512')}`)
  expect(await reindex()).toMatchObject({ products: PRODUCTS })
  expect(await answers()).toEqual(clean)
  expect(await readdir(await searchDir())).not.toContain('building')

  await cutShort()
  await reindex('--full')
  expect((await answers()).found[2]?.total).toBe(Math.floor((PRODUCTS - 1) / 7) - Math.floor(512 / 7))
})

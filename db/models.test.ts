import { beforeEach, expect, test } from 'bun:test'
import type { ModelKind } from './index.ts'
import { emptyTestInfra, openTestInfra } from './testing.ts'

const { models, blobs, sql } = await openTestInfra()
beforeEach(emptyTestInfra)

const keep = (version: string, activate = true, kind: ModelKind = 'ranker') =>
  models.keep({ kind, version, metrics: { of: version }, bytes: Buffer.from(`bytes of ${version}`), activate })
const serving = async () => (await models.findActive('ranker'))?.version
const textOf = async (version: string) => {
  const kept = await models.open('ranker', version)
  return kept && Buffer.from(kept.bytes).toString()
}

test('one of a kind serves, and is read with what was noted of it', async () => {
  await keep('a')
  await keep('b')
  await keep('refused', false)
  await keep('v', true, 'vectors')
  expect(await models.listActive()).toEqual({ ranker: 'b', vectors: 'v' })
  expect(await models.findActive('ranker')).toEqual({ version: 'b', metrics: { of: 'b' } })
  expect(await textOf('refused')).toBe('bytes of refused')
  expect(await models.open('vectors', 'b')).toBeUndefined()
})

test('going back leads to the one before, again and again, until there is none', async () => {
  for (const version of ['a', 'b', 'c']) await keep(version)
  await keep('refused', false)
  expect(await models.rollBack('ranker')).toEqual({ version: 'b', was: 'c' })
  expect(await models.rollBack('ranker')).toEqual({ version: 'a', was: 'b' })
  expect(await models.rollBack('ranker')).toEqual({ version: null, was: 'a' })
  expect(await serving()).toBeUndefined()
  expect(await models.rollBack('ranker')).toEqual({ version: null, was: null })
})

test('one that is kept once more is the newest again', async () => {
  for (const version of ['a', 'b', 'a']) await keep(version)
  expect(await serving()).toBe('a')
  expect(await models.rollBack('ranker')).toEqual({ version: 'b', was: 'a' })
  expect(await models.rollBack('ranker')).toEqual({ version: null, was: 'b' })
})

test('those that are kept at once do not trip over one another', async () => {
  const versions = Array.from({ length: 6 }, (_, i) => `m${i}`)
  await Promise.all(versions.map((version) => keep(version)))
  expect(versions).toContain((await serving()) ?? '')
})

test('refused ones and old ones go, with their blobs; what could serve again stays however many are refused', async () => {
  for (let i = 0; i < 9; i++) await keep(`s${i}`)
  for (let i = 0; i < 9; i++) await keep(`r${i}`, false)
  const rows = await sql.selectFrom('kernel.model').select(['version', 'blob']).orderBy('number').execute()
  const numbers = [3, 4, 5, 6, 7, 8].map((i) => `s${i}`)
  expect(rows.map(({ version }) => version)).toEqual([...numbers, ...[4, 5, 6, 7, 8].map((i) => `r${i}`)])
  for (const { blob } of rows) expect(await blobs.get(blob)).toBeDefined()
  expect(await blobs.get('models/ranker/s2')).toBeUndefined()
  expect(await blobs.get('models/ranker/r3')).toBeUndefined()
})

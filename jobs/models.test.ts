import { beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { emptyTestInfra, openTestInfra, testEnv } from '../db/testing.ts'

const infra = await openTestInfra()
beforeEach(emptyTestInfra)

async function cli(...words: string[]) {
  const command = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts'), ...words], {
    env: { ...process.env, ...(await testEnv()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const answer = await new Response(command.stdout).text()
  return { code: await command.exited, answer }
}

test('a shop that nobody has visited has nothing to learn from, and says so of each model', async () => {
  const { code, answer } = await cli('models', 'refresh', '--dry-run', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(answer)).toMatchObject({
    dryRun: true,
    models: [
      { kind: 'ranker', version: null, activated: false, reason: expect.stringContaining('too few lists') },
      { kind: 'recommender', version: null, activated: false },
    ],
  })
  expect(await infra.sql.selectFrom('kernel.model').selectAll().execute()).toEqual([])
}, 60_000)

test('a model that serves is taken back, and who asks for one of another kind is told which there are', async () => {
  const at = infra.now()
  const [older, newer] = [infra.newId(), infra.newId()]
  const row = { kind: 'ranker', metrics: '{}', activated_at: at }
  const created = [new Date(at.getTime() - 1000), at] as const
  await infra.sql
    .insertInto('kernel.model')
    .values([
      { ...row, version: older, blob: 'models/older', active: false, created_at: created[0] },
      { ...row, version: newer, blob: 'models/newer', active: true, created_at: created[1] },
    ])
    .execute()
  const { code, answer } = await cli('models', 'rollback', '--kind', 'ranker', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(answer)).toEqual({ models: [{ kind: 'ranker', version: older, was: newer }] })
  const again = await cli('models', 'rollback', '--kind', 'ranker')
  expect(again.answer).toContain('the fixed formula serves')
  expect(await infra.sql.selectFrom('kernel.model').selectAll().where('active', '=', true).execute()).toEqual([])
  expect((await cli('models', 'rollback', '--kind', 'ranker')).answer).toContain('none to go back to')
  expect((await cli('models', 'rollback', '--kind', 'everything')).code).toBe(2)
}, 60_000)

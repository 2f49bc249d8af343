import { afterAll, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { drainJobs, emptyTestInfra, openTestInfra, testEnv } from '../db/testing.ts'
import { createModules } from '../modules/index.ts'

const infra = await openTestInfra()
const modules = createModules(infra)
afterAll(modules.close)
beforeEach(emptyTestInfra)

const spawnWorker = async () =>
  Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts'), 'worker'], {
    env: { ...process.env, ...(await testEnv()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

async function waiting(): Promise<number> {
  const left = CompiledQuery.raw("select count(*) as n from pgboss.job where name = 'work' and state < 'completed'")
  const { rows } = await infra.sql.executeQuery<{ n: number }>(left)
  return rows[0]?.n ?? 0
}

test('the command does the work of the shop, and a SIGTERM ends it cleanly', async () => {
  for (let i = 0; i < 20; i++) await infra.jobs.enqueue('payments.reconcile', {})
  const worker = await spawnWorker()
  for await (const chunk of worker.stdout) if (new TextDecoder().decode(chunk).includes('ready')) break
  while ((await waiting()) > 0) await new Promise(setImmediate)
  worker.kill('SIGTERM')
  expect(await worker.exited).toBe(0)
  expect(await drainJobs(modules)).toBe(0)
}, 60_000)

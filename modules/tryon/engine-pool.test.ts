import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import type { TryOnJob } from './engine.ts'
import { createEnginePool } from './engine-pool.ts'
import { cutGarment } from './pure/drawn-garment.ts'

// A thread compiles its modules before it answers, which takes seconds on a busy machine.
setDefaultTimeout(60_000)

const pool = createEnginePool({ modelsDir: join(import.meta.dir, '../../var/models'), threads: 1 })
afterAll(() => pool.close())

const garment = { prepared: cutGarment('tee') }
/** A job that is answered as soon as it is looked at. */
const quick = (text: string): TryOnJob => ({ person: new TextEncoder().encode(text), garment })

test('jobs are answered each with its own, and more than can wait are told to come back', async () => {
  const stages: string[][] = [[], [], [], [], [], []]
  const taken = stages.map((heard, i) => pool.run(quick(`no picture ${i}`), (stage) => heard.push(stage)))
  expect(pool.run(quick('one too many'))).rejects.toMatchObject({ code: 'unavailable' })
  for (const outcome of await Promise.all(taken))
    expect(outcome).toMatchObject({ ok: false, reason: 'image_unreadable', report: { status: 'refused' } })
  expect(stages).toEqual(stages.map(() => ['read']))
  expect(await pool.run(quick('room again'))).toMatchObject({ ok: false, reason: 'image_unreadable' })
})

test('a job that breaks the engine fails alone, and the thread goes on', async () => {
  const broken = { prepared: { ...cutGarment('tee'), cutout: null as never } }
  const unsized = { unit: 'cm', category: 'top', sizes: {} } as const
  const answers = await Promise.allSettled([
    pool.run({ person: null as never, garment: broken }),
    pool.run({ ...quick('next'), chart: unsized }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})

test('a thread that ends fails the jobs it had, and the next job gets another thread', async () => {
  const own = createEnginePool({ modelsDir: join(import.meta.dir, '../../var/models'), threads: 1 })
  const lost = own.run(quick('too late'))
  const closed = own.close()
  expect(lost).rejects.toThrow('ended before its answer')
  await closed
  expect(await own.run(quick('again'))).toMatchObject({ ok: false, reason: 'image_unreadable' })
  await own.close()
})

test('a pool that warms up answers the job that comes meanwhile, and can be closed while it does', async () => {
  const own = createEnginePool({ modelsDir: join(import.meta.dir, '../../var/models'), threads: 1 })
  own.warmUp()
  own.warmUp()
  expect(await own.run(quick('early'))).toMatchObject({ ok: false, reason: 'image_unreadable' })
  await own.close()
  own.warmUp()
  await own.close()
})

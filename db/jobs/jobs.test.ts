import { afterAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import { join } from 'node:path'
import { publish } from '../../modules/kernel/events.ts'
import { transact } from '../index.ts'
import { drainJobs, emptyTestInfra, openTestInfra, testEnv } from '../testing.ts'
import type { Work } from './index.ts'
import { startWorker } from './worker.ts'

const infra = await openTestInfra()
beforeEach(emptyTestInfra)
const quiet = spyOn(console, 'error').mockImplementation(() => {})
afterAll(() => quiet.mockRestore())

/** Jobs by name, and what they did; `until` resolves when enough was done. */
function working(jobs: Work['jobs'] = {}) {
  const done: string[] = []
  const waiting: { enough: number; resolve: () => void }[] = []
  const note = (what: string) => {
    done.push(what)
    for (const { enough, resolve } of waiting) if (done.length >= enough) resolve()
  }
  const count = async ({ n }: { n: number }) => note(String(n))
  const shop = { infra, handlers: {} as Work['handlers'], jobs: { count, ...jobs } as Work['jobs'], schedules: {} }
  const until = (enough: number) =>
    new Promise<void>((resolve) => (done.length >= enough ? resolve() : waiting.push({ enough, resolve })))
  return { shop, done, note, until }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i))

describe('a job', () => {
  test('is there if and only if its transaction commits, and costs it one statement', async () => {
    const { shop, done } = working()
    await infra.jobs.open()
    const statements: string[] = []
    await infra.sql.transaction().execute(async (tx) => {
      const counted = tx.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          statements.push('one')
          return result
        },
      })
      await infra.jobs.enqueue('count', { n: 1 }, { tx: counted })
    })
    await transact(infra.sql, async (tx, abort) => {
      await infra.jobs.enqueue('count', { n: 2 }, { tx })
      return abort(undefined)
    })
    await drainJobs(shop)
    expect([done, statements]).toEqual([['1'], ['one']])
  })

  test('with a key waits once, and may be added again when it is done', async () => {
    const { shop, done } = working()
    for (const n of [1, 2]) await infra.jobs.enqueue('count', { n }, { key: 'same' })
    await infra.jobs.enqueue('count', { n: 3 }, { key: 'other' })
    await drainJobs(shop)
    await infra.jobs.enqueue('count', { n: 4 }, { key: 'same' })
    await drainJobs(shop)
    expect(done.toSorted()).toEqual(['1', '3', '4'])
  })

  test('of a later time waits for it', async () => {
    const { shop, done } = working()
    await infra.jobs.enqueue('count', { n: 1 }, { startAfter: new Date(Date.now() + 3_600_000) })
    expect(await drainJobs(shop)).toBe(0)
    expect(await drainJobs(shop, { ahead: true })).toBe(1)
    expect(done).toEqual(['1'])
  })

  test('that fails is tried again, and is dead after the last try', async () => {
    let tries = 0
    const { shop } = working({
      fail: async () => {
        tries += 1
        throw new Error('no')
      },
    })
    await infra.jobs.enqueue('fail', { of: 'order 1' })
    await drainJobs(shop, { mayFail: true })
    expect(tries).toBe(1)
    expect(await infra.jobs.listDead({ limit: 10 })).toEqual([])
    await drainJobs(shop, { mayFail: true, ahead: true })
    expect(tries).toBe(13)
    const [dead] = await infra.jobs.listDead({ limit: 10 })
    expect(dead).toMatchObject({ name: 'fail', payload: { of: 'order 1' }, attempts: 13, error: 'Error: no' })
  })

  test('of a name that nobody here knows is kept as dead, not lost', async () => {
    await infra.jobs.enqueue('of an older version', {})
    await drainJobs(working().shop, { mayFail: true, ahead: true })
    expect((await infra.jobs.listDead({ limit: 10 })).map(({ name }) => name)).toEqual(['of an older version'])
  })

  test('of a schedule comes once in its slot, however many workers there are', async () => {
    const done: string[] = []
    const { shop } = working({ tick: async () => void done.push('tick') })
    await Promise.all([1, 2, 3].map(() => infra.jobs.enqueueSlot('tick', 86_400)))
    await drainJobs(shop)
    await infra.jobs.enqueueSlot('tick', 86_400)
    await drainJobs(shop)
    expect(done).toEqual(['tick'])
  })
})

describe('workers', () => {
  test('share the work: each job is done by one of them', async () => {
    const { shop, done, until } = working()
    await infra.jobs.enqueueAll(numbers(300).map((n) => ({ name: 'count', payload: { n: Number(n) } })))
    const workers = [startWorker(shop), startWorker(shop), startWorker(shop)]
    await until(300)
    await Promise.all(workers.map((worker) => worker.stop()))
    expect(await drainJobs(shop, { ahead: true })).toBe(0)
    expect(done.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers(300))
  })

  test('hear of an event that somebody else published', async () => {
    const { shop, note, until } = working()
    shop.handlers = { 'orders.placed': { mail: async ({ orderId }) => note(orderId) } }
    const worker = startWorker(shop)
    await infra.sql.transaction().execute((tx) => publish('orders.placed', { orderId: 'o1' }, tx))
    await until(1)
    await worker.stop()
  })

  test('finish what they have begun when they are stopped, and take nothing new', async () => {
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const { shop, done, note } = working({
      slow: async () => {
        begun.resolve()
        await gate.promise
        note('slow')
      },
    })
    await infra.jobs.enqueue('slow', {})
    const worker = startWorker(shop)
    await begun.promise
    const stopped = worker.stop()
    await infra.jobs.enqueue('count', { n: 1 })
    gate.resolve()
    await stopped
    expect(done).toEqual(['slow'])
    await drainJobs(shop)
    expect(done).toEqual(['slow', '1'])
  })

  test('leave room for others while jobs of one name hang', async () => {
    const gate = Promise.withResolvers<void>()
    const { shop, until, done } = working({ hang: () => gate.promise })
    const worker = startWorker(shop)
    for (let i = 0; i < 30; i++) await infra.jobs.enqueue('hang', { i })
    await infra.jobs.enqueue('count', { n: 1 })
    await until(1)
    expect(done).toEqual(['1'])
    gate.resolve()
    await worker.stop()
  })

  test('take over what another was doing when it was killed', async () => {
    await infra.jobs.enqueue('hang', { n: 7 })
    const script = `
      const { openInfra } = await import(${JSON.stringify(join(import.meta.dir, '../index.ts'))})
      const { startWorker } = await import(${JSON.stringify(join(import.meta.dir, 'worker.ts'))})
      const { readConfig } = await import(${JSON.stringify(join(import.meta.dir, '../../modules/kernel/config.ts'))})
      const infra = await openInfra(readConfig(process.env))
      const hang = async () => { console.log('begun'); await new Promise(() => {}) }
      startWorker({ infra, handlers: {}, jobs: { hang }, schedules: {} })`
    const child = Bun.spawn([process.execPath, '-e', script], {
      env: { ...process.env, ...(await testEnv()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes('begun')) break
    child.kill('SIGKILL')
    await child.exited
    const { shop, done, note, until } = working({ hang: async ({ n }: { n: number }) => note(`again ${n}`) })
    const worker = startWorker(shop)
    await until(1)
    await worker.stop()
    expect(done).toEqual(['again 7'])
  }, 60_000)
})

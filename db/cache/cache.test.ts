import { afterAll, describe, expect, test } from 'bun:test'
import type { Cache } from './index.ts'
import { memoryCache } from './memory.ts'
import { redisCache } from './redis.ts'

/** `pass` lets that much time go by: told to the driver that takes its clock from us, awaited at the other. */
type Driver = { cache: Cache; pass(seconds: number): Promise<void> }

function inProcess(): Driver {
  let time = 0
  const pass = async (seconds: number) => {
    time += seconds * 1000
  }
  return { cache: memoryCache({ now: () => time }), pass }
}

const drivers: [name: string, driver: Driver][] = [['in process', inProcess()]]
const url = process.env['REDIS_URL']
const redis = url ? redisCache(url) : undefined
if (redis) drivers.push(['Redis', { cache: redis.cache, pass: (seconds) => Bun.sleep(seconds * 1000 + 50) }])
afterAll(() => redis?.close())

const newKey = () => `test:${crypto.randomUUID()}`

describe.each(drivers)('cache: %s', (_name, { cache, pass }) => {
  test('gives back what was set, as it was, until it is deleted', async () => {
    const key = newKey()
    expect(await cache.get(key)).toBeUndefined()
    await cache.set(key, 'Løse "linen" 🧵', 60)
    expect(await cache.get(key)).toBe('Løse "linen" 🧵')
    await cache.set(key, '', 60)
    expect(await cache.get(key)).toBe('')
    await cache.delete(key)
    await cache.delete(key)
    expect(await cache.get(key)).toBeUndefined()
  })

  test('forgets a value when its time is over, and not before', async () => {
    const [short, long] = [newKey(), newKey()]
    await cache.set(short, 'a', 0.2)
    await cache.set(long, 'b', 60)
    expect(await cache.get(short)).toBe('a')
    await pass(0.2)
    expect([await cache.get(short), await cache.get(long)]).toEqual([undefined, 'b'])
  })

  test('a value set anew lasts anew', async () => {
    const key = newKey()
    await cache.set(key, 'a', 0.2)
    await cache.set(key, 'b', 60)
    await pass(0.2)
    expect(await cache.get(key)).toBe('b')
  })

  test('counts each of many at once, and reads as a number', async () => {
    const key = newKey()
    const counts = await Promise.all(Array.from({ length: 50 }, () => cache.increment(key, 60)))
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    expect(await cache.get(key)).toBe('50')
  })

  test('a count begins anew its time after the first of it, however often it was raised', async () => {
    const key = newKey()
    expect(await cache.increment(key, 0.3)).toBe(1)
    expect(await cache.increment(key, 60)).toBe(2)
    await pass(0.3)
    expect(await cache.increment(key, 60)).toBe(1)
    await cache.delete(key)
    expect(await cache.increment(key, 60)).toBe(1)
  })
})

test('in process, strangers cannot fill the memory: the oldest go first', async () => {
  const { cache } = inProcess()
  for (let i = 0; i < 100_001; i++) await cache.increment(`k${i}`, 60)
  expect([await cache.get('k0'), await cache.get('k1'), await cache.get('k100000')]).toEqual([undefined, '1', '1'])
})

import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedSearch } from '../../db/search/embedded/index.ts'
import { watchGeneration } from './generation.ts'

const dir = mkdtempSync(join(tmpdir(), 'generation-'))
const index = embeddedSearch({ dir })
afterAll(async () => {
  await index.close()
  rmSync(dir, { recursive: true })
})

test('the generation is asked for once by many, anew after a change of this process, and after a while', async () => {
  let [asked, time] = [0, 0]
  const status = () => {
    asked += 1
    return index.status()
  }
  const watch = watchGeneration({ ...index, status }, () => new Date(time))
  const [first, ...others] = await Promise.all([watch.generation(), watch.generation(), watch.generation()])
  expect(others).toEqual([first!, first!])
  expect(asked).toBe(1)
  const build = await watch.index.build()
  await build.commit('1')
  const built = await watch.generation()
  expect(built).not.toBe(first)
  expect(built).toBe((await index.status()).generation)
  expect(asked).toBe(2)
  // As another process would.
  const theirs = await index.build()
  await theirs.commit('2')
  time += 200
  expect(await watch.generation()).toBe((await index.status()).generation)
  expect(asked).toBe(3)
})

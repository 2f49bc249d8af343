import { expect, test } from 'bun:test'
import { createBatch } from './batch.ts'

/** A store of doubles that answers when told to, and writes down what it was asked. */
function createStore() {
  const asked: number[][] = []
  const answers: (() => void)[] = []
  const load = async (keys: number[]) => {
    asked.push(keys)
    await new Promise<void>((resolve) => answers.push(resolve))
    return new Map(keys.filter((key) => key >= 0).map((key) => [key, key * 2]))
  }
  const answerAll = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise(setImmediate)
      for (const answer of answers.splice(0)) {
        answer()
        quiet = 0
      }
    }
  }
  return { asked, load, answerAll }
}

test('questions of one turn are one question, each key asked once', async () => {
  const { asked, load, answerAll } = createStore()
  const find = createBatch(load)
  const answers = [find([1, 2]), find([2, 3]), find([-1])]
  await answerAll()
  expect(asked).toEqual([[1, 2, 3, -1]])
  const [first, second, third] = await Promise.all(answers)
  expect([first!.get(1), second!.get(3), third!.get(-1)]).toEqual([2, 6, undefined])
})

test('what is asked while two are out gathers and is asked anew, never answered from before', async () => {
  const { asked, load, answerAll } = createStore()
  const find = createBatch(load)
  const answers = []
  for (const key of [1, 2, 1, 1, 3]) {
    answers.push(find([key]))
    await new Promise(setImmediate)
  }
  await answerAll()
  expect(asked).toEqual([[1], [2], [1, 3]])
  expect((await Promise.all(answers)).map((found, place) => found.get([1, 2, 1, 1, 3][place]!))).toEqual([
    2, 4, 2, 2, 6,
  ])
})

test('a failure reaches everyone who asked in that batch, and nobody after', async () => {
  let broken = true
  const find = createBatch(async (keys: number[]) => {
    if (broken) throw new Error('down')
    return new Map(keys.map((key) => [key, key]))
  })
  const answers = await Promise.allSettled([find([1]), find([2])])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  broken = false
  expect((await find([1])).get(1)).toBe(1)
})

const hundred = (from: number) => Array.from({ length: 100 }, (_, i) => from + i)

test('more than 500 keys are several questions', async () => {
  const asked: number[] = []
  const find = createBatch(async (keys: number[]) => {
    asked.push(keys.length)
    return new Map(keys.map((key) => [key, key]))
  })
  await Promise.all(Array.from({ length: 12 }, (_, i) => find(hundred(i * 100))))
  expect([Math.max(...asked) <= 500, asked.reduce((sum, count) => sum + count, 0)]).toEqual([true, 1200])
})

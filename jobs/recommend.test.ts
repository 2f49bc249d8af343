import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../modules/kernel/errors.ts'
import { runCommand } from './testing.ts'
import { createNumbering, type Format, readEvents, toInteractions } from './recommend/read-events.ts'

// Each run is a process of its own.
setDefaultTimeout(120_000)

const dir = await mkdtemp(join(tmpdir(), 'recommend-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const at = (name: string) => join(dir, name)

/** Two tastes, ten people each: of the items of their taste all have taken five of six. */
const PEOPLE = Array.from({ length: 20 }, (_, user) => ({ user, missing: Math.floor(user / 2) % 6 }))
const itemOf = (user: number, i: number) => `${user % 2 ? 'blue' : 'red'}-${i}`
const taken = PEOPLE.map(({ user, missing }) => ({
  user,
  items: [0, 1, 2, 3, 4, 5].filter((i) => i !== missing).map((i) => itemOf(user, i)),
  missing: itemOf(user, missing),
}))
const LIST = taken.map(({ user, items }) => `u${user} ${items.join(' ')}`).join('\n')
const TEST_LIST = taken.map(({ user, missing }) => `u${user} ${missing}`).join('\n')
const CSV = [
  'review_date,rating,user_id,item_id,size',
  ...taken.flatMap(({ user, items }) =>
    items.map((item, i) => `${1_400_000_000 + 90_000 * i},${10 - i},u${user},"${item}",M`),
  ),
].join('\n')

beforeAll(async () => {
  await Bun.write(at('train.txt'), LIST)
  await Bun.write(at('test.txt'), TEST_LIST)
  await Bun.write(at('all.csv.gz'), Bun.gzipSync(CSV))
})

/** Runs the command as a person would; `{}` stands for the folder of this test. */
const recommend = (...args: string[]) => runCommand('recommend', ...args.map((arg) => arg.replace('{}', dir)))

const FILES = ['--train', '{}/train.txt', '--format', 'leave-list']

describe('recommend train and evaluate', () => {
  test('a model that was written judges as the one that was just trained', async () => {
    const trained = await recommend(
      'train',
      ...FILES,
      '--test',
      '{}/test.txt',
      '--out',
      '{}/model',
      '--k',
      '1',
      '--json',
    )
    expect(trained.stderr).toBe('')
    expect(trained.exitCode).toBe(0)
    const answer = JSON.parse(trained.stdout) as Record<string, unknown>
    expect(answer).toMatchObject({ k: 1, users: 20, recall: 1, ndcg: 1, hitRate: 1, coverage: 1 })
    expect(answer['trainSeconds']).toBeNumber()
    const judged = await recommend('evaluate', ...FILES, '--test', '{}/test.txt', '--model', '{}/model', '--k', '1')
    expect(judged.exitCode).toBe(0)
    expect(judged.stdout).toMatch(
      /recall@1 +1\.0000\nNDCG@1 +1\.0000\nhit rate@1 +1\.0000\ncoverage@1 +1\.0000\nusers +20/,
    )
  })

  test('without a test file the last of each user is held back', async () => {
    const judged = await recommend('evaluate', '--train', '{}/all.csv.gz', '--format', 'csv', '--json')
    expect(judged.exitCode).toBe(0)
    expect(judged.stderr).toContain('the last of each user')
    expect(JSON.parse(judged.stdout)).toMatchObject({ k: 20, users: 20, recall: 1 })
  })

  test('bad input is refused with exit code 2 and says what is wrong', async () => {
    await Bun.write(at('broken-model'), 'no model')
    await Bun.write(at('strangers.txt'), 'somebody')
    const cases: [string[], string][] = [
      [['evaluate', '--train', '{}/none.txt', '--format', 'leave-list'], 'no such file'],
      [['train', '--train', '{}/train.txt', '--format', 'tsv'], '--format is leave-list or csv'],
      [['train', ...FILES, '--k', '0'], '--k is a whole number from 1'],
      [['train', ...FILES, '--ease', 'many'], '--ease is a whole number from 0'],
      [['evaluate', ...FILES, '--model', '{}/broken-model'], 'not a model'],
      [['evaluate', ...FILES, '--test', '{}/train.txt'], 'nobody in it wants anything'],
      [['evaluate', ...FILES, '--test', '{}/strangers.txt'], 'no interaction'],
      [['train', ...FILES, '--out', '{}/none/model'], 'no such file'],
    ]
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await recommend(...args)
      expect(stderr).toContain(message)
      expect(exitCode).toBe(2)
    }
  })
})

const read = async (format: Format, text: string | Uint8Array, name = 'events') => {
  await Bun.write(at(name), text)
  const numbering = createNumbering()
  return { numbering, events: await readEvents(at(name), format, numbering) }
}
const refusal = (format: Format, text: string | Uint8Array, name?: string) =>
  read(format, text, name).then(
    () => '',
    (error: unknown) => (error instanceof AppError && error.code === 'invalid' ? error.message : String(error)),
  )

describe('a file of interactions', () => {
  test('a list may have users alone, blank lines and ids of any kind', async () => {
    const { numbering, events } = await read('leave-list', 'ann 7 x-1\n\nben\r\n cem  7 \n')
    expect([...numbering.users.keys()]).toEqual(['ann', 'ben', 'cem'])
    expect([...numbering.items.keys()]).toEqual(['7', 'x-1'])
    const { ptr, columns } = toInteractions(events, numbering)
    expect([[...ptr], [...columns]]).toEqual([
      [0, 2, 2, 3],
      [0, 1, 0],
    ])
  })

  test.each([
    ['user_id,item_id', 'a,x'],
    ['Product ID;Customer-ID', 'x;a'],
    ['\uFEFFUserId\tignored\tmovieId', 'a\t,;\tx'],
  ])('columns are recognised in %j', async (header, row) => {
    const { numbering, events } = await read('csv', `${header}\n${row}\n`)
    expect([[...numbering.users.keys()], [...numbering.items.keys()]]).toEqual([['a'], ['x']])
    expect(events).toEqual({ user: [0], item: [0], weight: undefined, time: undefined })
  })

  test('a weight is taken as it is, a rating in parts of the best one, and who did not rate took it too', async () => {
    expect((await read('csv', 'user,item,weight,rating\na,x,3,1\n')).events.weight).toEqual([3])
    expect((await read('csv', 'user,item,stars\na,x,5\na,y,2\nb,x,\n')).events.weight).toEqual([1, 0.4, 1])
  })

  test('times may be seconds, milliseconds, microseconds, nanoseconds or dates', async () => {
    const times = [
      '1461110400',
      '1461110400000',
      '1461110400000000',
      '1461110400000000000',
      '2016-04-20',
      '2016-04-20T00:00:00Z',
    ]
    const rows = times.map((time) => `a,x,${time}`).join('\n')
    expect((await read('csv', `user,item,timestamp\n${rows}`)).events.time).toEqual(times.map(() => 1_461_110_400_000))
  })

  test.each<[Format, string, string]>([
    ['leave-list', '', 'no interaction'],
    ['leave-list', 'ann x\nuser,item\n', 'line 2: ids are parted by spaces'],
    ['csv', '', 'no interaction'],
    ['csv', 'user,item\n', 'no interaction'],
    ['csv', 'user,thing\na,x', 'no column of the items among user, thing'],
    ['csv', 'person,item\na,x', 'no column of the users among person, item'],
    ['csv', 'user,item\na,x\n,x\n', 'line 3: no user'],
    ['csv', 'user,item\na,\n', 'line 2: no item'],
    ['csv', 'user,item,weight\na,x,much\n', 'line 2: the weight much is not a number above 0'],
    ['csv', 'user,item,weight\na,x,-1\n', 'line 2: the weight -1'],
    ['csv', 'user,item,time\na,x,sometime\n', 'line 2: the time sometime'],
    ['csv', 'user,item\na,x,y\n', 'Invalid Record Length'],
    ['csv', 'user,item\n"a,x\n', 'Quote Not Closed'],
  ])('%s %j is refused', async (format, text, message) => {
    expect(await refusal(format, text)).toContain(message)
  })

  test('what is not text, or not whole, is refused', async () => {
    const zipped = Bun.gzipSync(LIST)
    expect(await refusal('leave-list', zipped.slice(0, 20))).toContain('the gzipped data are damaged')
    expect(await refusal('leave-list', 'ann x', 'plain.gz')).toContain('not gzipped')
    expect(await refusal('leave-list', Uint8Array.from([0xc3, 0x28]))).toContain('not text in UTF-8')
  })
})

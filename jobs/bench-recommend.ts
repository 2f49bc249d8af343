import type { Command } from 'commander'
import { AppError } from '../modules/kernel/errors.ts'
import { openKernel } from '../modules/recommend/index.ts'
import { fitEase } from '../modules/recommend/pure/ease.ts'
import { bestOf, contributionsOf, createScores, foldIn } from '../modules/recommend/pure/fold-in.ts'
import { type Interactions, interactionsOf } from '../modules/recommend/pure/interactions.ts'
import { openPlainKernel } from '../modules/recommend/pure/matrix-kernel.ts'
import { fitRp3Beta } from '../modules/recommend/pure/rp3beta.ts'
import type { SparseModel } from '../modules/recommend/pure/sparse-model.ts'
import { createRandom } from './bench-search-catalogue.ts'
import { addCommand, type Output, runs } from './command.ts'
import { readFiles } from './recommend/files.ts'
import { describeEvaluation, describeTraining, judge, trainModel } from './recommend/train-model.ts'

type Options = { items: string; train?: string; valid?: string; test?: string; format: string }
type Row = { what: string; value: string; bar: string }

/** Both kernels do this one, so that they are compared on the same machine at the same moment. */
const COMPARED_ITEMS = 1_500
const REQUESTS = 5_000

export function registerBenchRecommend(cli: Command): void {
  const about = 'Time of EASE, of a request, and, given files, of training with its recall'
  const command = addCommand(cli, 'bench recommend', about)
    .option('--items <counts>', 'sizes of EASE, with commas', '5000,10000')
    .option('--train <file>', 'interactions to train with too')
    .option('--valid <file>', 'to choose settings on')
    .option('--test <file>', 'to judge on')
    .option('--format <format>', 'of these files: leave-list or csv', 'leave-list')
  runs<Options>(command, async ({ options, out }) => {
    const sizes = options.items.split(',').map(Number)
    if (!sizes.every((size) => Number.isInteger(size) && size > 0 && size <= 20_000))
      throw new AppError('invalid', '--items is a list of whole numbers from 1 to 20000')
    const rows = [...timeEase(sizes, out), ...timeRequests(), ...(await timeTraining(options, out))]
    const width = Math.max(...rows.map(({ what }) => what.length))
    const text = rows.map(({ what, value, bar }) => `${what.padEnd(width)}  ${value.padEnd(26)} ${bar}`.trimEnd())
    out.result({ rows }, text.join('\n'))
  })
}

const secondsOf = (work: () => void) => {
  const from = performance.now()
  work()
  return (performance.now() - from) / 1000
}

/** By the clock and, for machines that others use too, by the processor. */
function timed(work: () => void): string {
  const from = process.cpuUsage()
  const seconds = secondsOf(work)
  const { user, system } = process.cpuUsage(from)
  return `${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of CPU)`
}

/** Users with 20 items each, low numbers more often than high ones, as popularity falls. */
function drawInteractions(users: number, items: number): Interactions {
  const { next } = createRandom(1)
  const events = users * 20
  return interactionsOf({
    users,
    items,
    user: Uint32Array.from({ length: events }, (_, event) => event % users),
    item: Uint32Array.from({ length: events }, () => Math.floor(next() ** 2 * items)),
  })
}

function timeEase(sizes: number[], out: Output): Row[] {
  const bars: Record<number, string> = { 5000: 'bar < 10 s', 10000: 'bar < 75 s' }
  const fit = (items: number, open: typeof openKernel) => {
    const matrix = drawInteractions(4 * items, items)
    const progress = out.progress(`EASE ${items}`, Math.ceil(items / 128))
    const time = timed(() => fitEase(matrix, { items, ridge: 50, most: 100 }, open, progress.step))
    progress.end()
    return time
  }
  const { name } = openKernel(1)
  const [fast, plain] = [fit(COMPARED_ITEMS, openKernel), fit(COMPARED_ITEMS, openPlainKernel)]
  return [
    { what: `EASE, ${COMPARED_ITEMS} items, ${name} kernel`, value: fast, bar: '' },
    { what: `EASE, ${COMPARED_ITEMS} items, plain kernel`, value: plain, bar: '' },
    ...sizes.map((size) => ({
      what: `EASE, ${size} items, ${name} kernel`,
      value: fit(size, openKernel),
      bar: bars[size] ?? '',
    })),
  ]
}

/** A history of 50 over rows of 100 in a catalogue of 20,000. */
function timeRequests(): Row[] {
  const model = fitRp3Beta(drawInteractions(60_000, 20_000), { item: 0, user: 1, target: 0.2 }, 100)
  const { upTo } = createRandom(2)
  const histories = Array.from({ length: 64 }, () =>
    Array.from({ length: 50 }, () => ({ item: upTo(model.items), weight: 1 + upTo(3) })),
  )
  const scores = createScores(model.items)
  const time = (request: (history: (typeof histories)[number]) => void) => {
    const times = Array.from({ length: REQUESTS }, (_, i) => {
      const history = histories[i % histories.length] ?? []
      return 1000 * secondsOf(() => request(history))
    }).toSorted((a, b) => a - b)
    const at = (share: number) => (times[Math.floor(share * times.length)] ?? 0).toFixed(3)
    return `${at(0.5)} / ${at(0.99)} ms`
  }
  return [
    {
      what: 'fold in a history of 50, p50 / p99',
      value: time((history) => foldIn(model, history, scores)),
      bar: 'bar < 0.3 ms',
    },
    { what: 'and the 200 best of it', value: time((history) => best(model, history)), bar: '' },
    {
      what: 'and their reasons',
      value: time((history) => best(model, history).map((item) => contributionsOf(model, history, item))),
      bar: '',
    },
  ]

  function best(of: SparseModel, history: (typeof histories)[number]): number[] {
    foldIn(of, history, scores)
    return bestOf(scores, 200)
  }
}

async function timeTraining({ train, ...options }: Options, out: Output): Promise<Row[]> {
  if (!train) return []
  const given = { ...options, train, k: '20', ease: '5000' }
  const files = await readFiles(given)
  const trained = trainModel(files, given, out)
  const lines = [
    ...(files.test ? describeEvaluation(judge(trained, files.test, given), given).lines : []),
    ...describeTraining(trained).lines,
  ]
  return lines.map((line) => ({ what: line.slice(0, 14).trim(), value: line.slice(15), bar: '' }))
}

import type { Command } from 'commander'
import { addCommand, runs } from './command.ts'
import { type RunCount, runOversell } from './oversell.ts'

type Options = { runs: string; buyers: string; pieces: string; seed: string; kill?: boolean }

export function registerBenchOversell(cli: Command): void {
  const command = addCommand(
    cli,
    'bench oversell',
    'Buyers who want the last pieces at once, over two server processes',
  )
    .option('--runs <n>', 'seeded runs', '100')
    .option('--buyers <n>', 'how many at once', '200')
    .option('--pieces <n>', 'how many there are', '50')
    .option('--seed <n>', 'of the first run', '1')
    .option('--kill', 'kill -9 one server at a random moment of each run')
  runs<Options>(command, async ({ options, out }) => {
    const [buyers, pieces] = [Number(options.buyers), Number(options.pieces)]
    const plan = { runs: Number(options.runs), buyers, pieces, kill: options.kill === true, seed: Number(options.seed) }
    const counts = await runOversell(plan, out)
    const isExact = ({ won, refused, stockAfter, ordersHeld }: RunCount) =>
      won === pieces && ordersHeld === pieces && stockAfter === 0 && refused === buyers - pieces
    const exact = counts.filter(isExact).length
    const wrong = counts.flatMap((count, run) => (isExact(count) ? [] : [{ seed: plan.seed + run, ...count }]))
    const cutOff = counts.reduce((sum, count) => sum + count.cutOff, 0)
    const how = plan.kill ? `, one server killed in each, which cut ${cutOff} buyers off` : ''
    const text = `${exact} of ${counts.length} runs: exactly ${pieces} of ${buyers} buyers won${how}`
    out.result(
      { ...plan, exact, cutOff, wrong },
      [text, ...wrong.map((one) => JSON.stringify(one))].join('\n'),
      wrong.length ? 1 : 0,
    )
  })
}

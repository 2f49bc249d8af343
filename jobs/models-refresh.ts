import type { Command } from 'commander'
import type { ModelReport } from '../modules/search/pure/model-report.ts'
import { addCommand, runs, withShop } from './command.ts'

const HELP = `
Each model is trained from what visitors did, as far as they allowed it, and measured beside the one that serves on the
last days, which its training has not seen. It serves from then on in every process unless it is worse, or there is too
little to learn from. The worker of the shop does the same every night.`

const numbers = (metrics: Record<string, number>) =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(4)}`)
    .join(', ')

const textOf = ({ kind, version, activated, reason, metrics, current }: ModelReport): string =>
  [
    `${kind}: ${activated ? `${version} serves now` : 'nothing changed'} (${reason})`,
    ...(Object.keys(metrics).length > 0 ? [`  candidate  ${numbers(metrics)}`] : []),
    ...(current ? [`  so far     ${numbers(current.metrics)} (${current.version})`] : []),
  ].join('\n')

export function registerModelsRefresh(cli: Command): void {
  const command = addCommand(cli, 'models refresh', 'Train ranker, recommender and vectors on what visitors did lately')
    .option('--dry-run', 'train and measure only; nothing is kept')
    .addHelpText('after', HELP)
  runs<{ dryRun?: boolean }>(command, ({ options, out }) =>
    withShop(async ({ search, recommend }) => {
      const dryRun = options.dryRun === true
      out.note('training the ranker')
      const ranker = await search.refreshRanker({ dryRun })
      out.note('training the recommender')
      const models: ModelReport[] = [ranker, ...(await recommend.refresh({ dryRun }))]
      out.result({ dryRun, models }, models.map(textOf).join('\n'))
    }),
  )
}

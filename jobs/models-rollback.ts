import { type Command, Option } from 'commander'
import type { Rollback } from '../modules/search/pure/model-report.ts'
import { addCommand, runs, withShop } from './command.ts'

type Options = { kind: 'ranker' | 'recommender' }

const textOf = ({ kind, version, was }: Rollback) =>
  version === null
    ? `${kind}: none had served before ${was ?? 'this'}, so the fixed formula serves`
    : `${kind}: ${version} serves again, instead of ${was}`

export function registerModelsRollback(cli: Command): void {
  const command = addCommand(cli, 'models rollback', 'Have the model that served before serve again').addOption(
    new Option('--kind <kind>', 'which model').choices(['ranker', 'recommender']).makeOptionMandatory(),
  )
  runs<Options>(command, ({ options: { kind }, out }) =>
    withShop(async ({ search, recommend }) => {
      const models = kind === 'ranker' ? [await search.rollbackRanker()] : await recommend.rollback()
      const text = models.length > 0 ? models.map(textOf).join('\n') : `${kind}: nothing had served before; all stays`
      out.result({ models }, text)
    }),
  )
}

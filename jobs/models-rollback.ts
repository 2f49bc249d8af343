import { type Command, Option } from 'commander'
import type { Rollback } from '../modules/search/pure/model-report.ts'
import { addCommand, runs, withShop } from './command.ts'

type Options = Pick<Rollback, 'kind'>

const WITHOUT = {
  ranker: 'the fixed formula serves',
  recommender: 'recommendations do without what is liked together',
}

function textOf({ kind, version, was }: Rollback): string {
  if (version !== null) return `${kind}: ${version} serves again, instead of ${was}`
  return was === null
    ? `${kind}: none serves and there is none to go back to; ${WITHOUT[kind]}, as before`
    : `${kind}: none had served before ${was}, so ${WITHOUT[kind]}`
}

export function registerModelsRollback(cli: Command): void {
  const command = addCommand(cli, 'models rollback', 'Have the model that served before serve again').addOption(
    new Option('--kind <kind>', 'which model').choices(['ranker', 'recommender']).makeOptionMandatory(),
  )
  runs<Options>(command, ({ options: { kind }, out }) =>
    withShop(async ({ search, recommend }) => {
      const rollback = kind === 'ranker' ? await search.rollbackRanker() : await recommend.rollback()
      out.result({ models: [rollback] }, textOf(rollback))
    }),
  )
}

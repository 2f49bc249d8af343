import type { Command } from 'commander'
import { addCommand, runs, withShop } from './command.ts'

const HELP = `
Builds a new index of all products beside the one that serves; shops that are open go over to it by themselves once it is
whole, and take up what changed meanwhile. One that was cut short goes on where it was, unless --full is given.
Exit codes: 0 done, 1 failed, 2 another process is building it.`

export function registerReindex(cli: Command): void {
  const command = addCommand(cli, 'reindex', 'Build the search index anew from the catalogue, while the shop serves')
    .option('--full', 'from the start, whatever an earlier run has left')
    .addHelpText('after', HELP)
  runs<{ full?: boolean }>(command, ({ options, out }) =>
    withShop(async ({ search, catalog }) => {
      const began = performance.now()
      const progress = out.progress('products', await catalog.countProducts())
      let shown = 0
      const products = await search.build({
        resume: options.full !== true,
        onProgress(done) {
          for (; shown < done; shown += 1) progress.step()
        },
      })
      progress.end()
      const seconds = Math.round((performance.now() - began) / 10) / 100
      out.result({ products, seconds }, `${products} products indexed in ${seconds} s`)
    }),
  )
}

import type { Command } from 'commander'
import { openShop } from '../edge/main.ts'
import { pullModels } from '../modules/tryon/index.ts'
import { addCommand, runs } from './command.ts'
import { untilStopped } from './serve.ts'

/** Each step does nothing when it was done before, so a later start goes straight to the shop. */
export function registerStart(cli: Command): void {
  runs(addCommand(cli, 'start', 'Prepare what is missing, fill an empty shop, and serve it'), async ({ out }) => {
    const shop = await openShop({
      env: process.env,
      log: out.note,
      async prepare(_modules, { modelsDir }) {
        await pullModels(modelsDir)
      },
    })
    await untilStopped(shop, out)
  })
}

import type { Command } from 'commander'
import { openShop } from '../edge/main.ts'
import { pullModels } from '../modules/tryon/index.ts'
import { addCommand, runs } from './command.ts'
import { seedCatalogue } from './seed.ts'
import { serveUntilStopped } from './serve.ts'

/** Each step does nothing when it was done before, so a later start goes straight to the shop. */
export function registerStart(cli: Command): void {
  runs(addCommand(cli, 'start', 'Prepare what is missing, fill an empty shop, and serve it'), async ({ out }) => {
    const open = () =>
      openShop({
        env: process.env,
        log: out.note,
        async prepare(modules, { docs, modelsDir }) {
          const { written } = await pullModels(modelsDir)
          if (written.length > 0) out.note(`models: ${written.length} put in ${modelsDir}`)
          const drawn = await seedCatalogue({ shop: modules, docs, out })
          if (drawn > 0) out.note(`catalogue: drew ${drawn} demo products`)
        },
      })
    await serveUntilStopped(open, out)
  })
}

import type { Command } from 'commander'
import { join } from 'node:path'
import { readConfig } from '../modules/kernel/config.ts'
import { listModels } from '../modules/tryon/index.ts'
import { addCommand, runs } from './command.ts'

export function registerModelsList(cli: Command): void {
  runs(addCommand(cli, 'models list', 'The networks of the try-on, their licences and checksums'), async ({ out }) => {
    const modelsDir = join(readConfig(process.env).VAR_DIR, 'models')
    const models = await listModels(modelsDir)
    const lines = models.map(({ model, state }) =>
      [
        model.name.padEnd(26),
        state.padEnd(8),
        `${(model.bytes / 1e6).toFixed(1)} MB`.padStart(8),
        model.version,
        model.licence,
        model.sha256,
      ].join('  '),
    )
    const rows = models.map(({ model, state }) => Object.assign({ state }, model))
    out.result({ modelsDir, models: rows }, [modelsDir, ...lines].join('\n'))
  })
}

import type { Command } from 'commander'
import { join } from 'node:path'
import { readConfig } from '../modules/kernel/config.ts'
import { pullModels } from '../modules/tryon/index.ts'
import { addCommand, runs } from './command.ts'

export function registerModelsPull(cli: Command): void {
  const about = 'Put the networks of the try-on in place, from the installed packages'
  runs(addCommand(cli, 'models pull', about), async ({ out }) => {
    const modelsDir = join(readConfig(process.env).VAR_DIR, 'models')
    const { written } = await pullModels(modelsDir)
    const text = written.length === 0 ? 'All models are in place' : `Wrote ${written.join(', ')}`
    out.result({ modelsDir, written }, `${text} (${modelsDir})`)
  })
}

import type { Command } from 'commander'
import { openInfra } from '../db/index.ts'
import { migrate } from '../db/migrations/index.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { addCommand, runs } from './command.ts'

export function registerMigrate(cli: Command): void {
  runs(addCommand(cli, 'migrate', 'Bring the database schema up to date'), async ({ out }) => {
    const infra = await openInfra(readConfig(process.env))
    try {
      const ran = await migrate(infra.sql)
      out.result({ ran }, ran.length > 0 ? `ran ${ran.join(', ')}` : 'already up to date')
    } finally {
      await infra.close()
    }
  })
}

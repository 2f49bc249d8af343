import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, runs, withShop } from './command.ts'

const CLI = { system: 'cli' }

/** Whose address it is must be proved by now: the archive tells everything. */
export function registerExportPerson(cli: Command): void {
  const command = addCommand(cli, 'privacy export', 'Write all that the shop keeps of a person into one ZIP')
    .requiredOption('--email <email>', 'of the account, or of orders without one')
    .requiredOption('--out <file>', 'the archive')
  runs<{ email: string; out: string }>(command, async ({ options, out }) => {
    await withShop(async ({ identity, profile }) => {
      const user = await identity.findUserByEmail(options.email)
      const zip = user ? await profile.exportUser(user.id, CLI) : await profile.exportGuest(options.email, CLI)
      if (!zip) throw new AppError('not_found', 'Nobody with this address has an account or an order')
      await writeFile(options.out, zip, { mode: 0o600 })
      out.result({ status: 'exported', file: options.out, bytes: zip.length }, `${options.out}, ${zip.length} bytes`)
    })
  })
}

import type { Command } from 'commander'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, runs, withShop } from './command.ts'

const CLI = { system: 'cli' }

/** Whose address it is must be proved by now. */
export function registerErasePerson(cli: Command): void {
  const command = addCommand(cli, 'privacy erase', 'Erase a person: account, key and data; orders stay, anonymous')
    .requiredOption('--email <email>', 'of the account, or of orders without one')
    .requiredOption('--yes', 'there is no way back')
  runs<{ email: string }>(command, async ({ options, out }) => {
    await withShop(async ({ identity, profile }) => {
      const user = await identity.findUserByEmail(options.email)
      const userId = user ? user.id : await profile.requestGuestErasure(options.email, CLI)
      if (userId === undefined) throw new AppError('not_found', 'Nobody with this address has an account or an order')
      if (user) await profile.requestErasure(userId, CLI)
      // The worker would do it too; here it is done when the command ends.
      await profile.eraseUser({ userId })
      out.result({ status: 'erased' }, 'erased')
    })
  })
}

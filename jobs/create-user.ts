import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import type { Role } from '../modules/kernel/access.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, runs, withShop } from './command.ts'

const ROLES: readonly string[] = ['customer', 'retailer', 'admin'] satisfies Role[]
const isRole = (text: string): text is Role => ROLES.includes(text)

/** A password is never an argument: those stand in the list of processes and in the history of the shell. */
export function registerCreateUser(cli: Command): void {
  const command = addCommand(
    cli,
    'users create',
    'Make an account, such as the first administrator; shows its password once',
  )
    .requiredOption('--email <email>', 'its address, which counts as proved')
    .option('--role <role>', ROLES.join(', '), 'customer')
    .option('--reset', 'if there is one already, give it this role and a new password, and end its sessions')
  runs<{ email: string; role: string; reset?: boolean }>(command, async ({ options, out }) => {
    const email = options.email.trim().normalize('NFC').toLowerCase()
    const { role } = options
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new AppError('invalid', `${options.email} is not an address`)
    if (!isRole(role)) throw new AppError('invalid', `The role is one of ${ROLES.join(', ')}`)
    const password = randomBytes(18).toString('base64url')
    await withShop(async ({ identity }) => {
      const actor = { system: 'cli' }
      const known = options.reset ? await identity.findUserByEmail(email) : undefined
      const user = known
        ? await identity.resetUser(email, { role, password }, actor)
        : await identity.createUser({ email, role, password }, actor)
      const text = `${known ? 'reset' : 'made'} ${email} as ${role}\npassword: ${password}`
      out.result({ status: known ? 'reset' : 'made', id: user.id, email, role, password }, text)
    })
  })
}

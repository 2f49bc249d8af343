import type { Command } from 'commander'
import { addCommand, runs, withShop } from './command.ts'

export function registerRotateKeys(cli: Command): void {
  const about =
    'Wrap every key anew by the newest master key, made first where we keep them, and replace the signing key'
  runs(addCommand(cli, 'keys rotate', about), async ({ out }) => {
    await withShop(async ({ vault, audit, identity, infra }) => {
      const added = infra.masterKeys.add()
      const rewrapped = await vault.rotate()
      const signingKey = await identity.rotateSigningKey()
      const masterKey = infra.masterKeys.current().id
      const deed = { action: 'keys.rotated', subject: `master-key:${masterKey}`, details: { rewrapped, signingKey } }
      await audit.record({ actor: { system: 'cli' }, ...deed }, infra.sql)
      // The end of the log is signed anew, so that nothing needs the older master keys any more.
      await audit.seal()
      const made = added ? 'made and is' : 'is'
      const text = `master key ${masterKey} ${made} in use, ${rewrapped} keys wrapped anew; tokens are signed by ${signingKey}`
      out.result({ masterKey, made: added !== undefined, rewrapped, signingKey }, text)
    })
  })
}

import { readFileSync, statSync } from 'node:fs'

/**
 * PostgreSQL refuses to run as root, and its `initdb` wants a user with a name: as root, the one who owns the data
 * already, else `postgres` or `nobody`, which every Unix has. Undefined for an ordinary user: run as yourself.
 */
export function serverUser(home: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const known = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  const owner = statSync(home, { throwIfNoEntry: false })?.uid
  const chosen = [
    known.find(({ uid }) => uid !== 0 && uid === owner),
    ...['postgres', 'nobody'].map((name) => known.find((user) => user.name === name)),
  ]
  const user = chosen.find((candidate) => candidate)
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as')
  return { uid: user.uid, gid: user.gid }
}

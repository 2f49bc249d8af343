import { readFileSync, statSync } from 'node:fs'

/** How to start the server's programs: words that go before them, and the user to run them as. */
export type RunAs = { uid?: number; gid?: number; prefix: string[] }

/**
 * PostgreSQL refuses to run as root, and its `initdb` wants a user with a name: as root, the one who owns the data
 * already, else `postgres` or `nobody`, which every Unix has. An ordinary user runs it as themselves.
 * `needed` are the files that this user must reach. In a private home such as /root they are out of reach, so there the
 * server keeps one capability of root's, to pass closed folders; it gains nothing that we, as root, did not have.
 */
export function runAs(home: string, needed: readonly string[]): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const { uid, gid } = chooseUser(statSync(home, { throwIfNoEntry: false })?.uid)
  const reach = Bun.spawnSync(['sh', '-c', 'for path; do test -e "$path" || exit 1; done', 'sh', ...needed], {
    uid,
    gid,
  })
  if (reach.exitCode === 0) return { uid, gid, prefix: [] }
  if (!Bun.which('setpriv'))
    throw new Error(
      `PostgreSQL does not run as root, and user ${uid} cannot reach ${home}. Put the shop in a folder that others may enter, or set DATABASE_URL.`,
    )
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  return { prefix: ['setpriv', ...identity, '--inh-caps=+dac_override', '--ambient-caps=+dac_override'] }
}

/** Who should own what the server writes, undefined for ourselves. */
export function ownerOf(home: string): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? chooseUser(statSync(home, { throwIfNoEntry: false })?.uid) : undefined
}

function chooseUser(current: number | undefined): { uid: number; gid: number } {
  const known = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  const owner = known.find(({ uid }) => uid !== 0 && uid === current)
  const user = owner ?? ['postgres', 'nobody'].flatMap((name) => known.find((one) => one.name === name) ?? [])[0]
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as')
  return { uid: user.uid, gid: user.gid }
}

import { Database } from 'bun:sqlite'

/**
 * Runs `work` while no other process does so for the same `path`; waits up to 30 s for its turn. The lock is the
 * operating system's own on a SQLite file, so it is gone the moment its holder dies, however it dies.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const file = new Database(path, { create: true })
  try {
    file.run('pragma busy_timeout = 30000')
    file.run('begin exclusive')
    return await work()
  } finally {
    file.close()
  }
}

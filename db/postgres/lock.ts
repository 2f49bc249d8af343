import { Database } from 'bun:sqlite'

/**
 * Takes the lock at `path`, or gives undefined when another process still holds it after `waitMs`. It is the operating
 * system's own lock on a SQLite file, so it is gone the moment its holder dies, however it dies.
 */
export function takeLock(path: string, waitMs: number): { release(): void } | undefined {
  const file = new Database(path, { create: true })
  try {
    file.run(`pragma busy_timeout = ${waitMs}`)
    file.run('begin exclusive')
    return { release: () => file.close() }
  } catch (error) {
    file.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined
    throw error
  }
}

/** Runs `work` while no other process does so for the same `path`; waits a minute for its turn. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = takeLock(path, 60_000)
  if (!lock) throw new Error(`Another process has held ${path} for a minute`)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

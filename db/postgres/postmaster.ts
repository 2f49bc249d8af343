import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server says about itself in `postmaster.pid`. `socketDir` is empty where there is only TCP. */
export type Postmaster = { pid: number; port: number; socketDir: string; ready: boolean }

/**
 * The server that runs on `data`, or undefined: no file, or a file whose process is gone or is some other program that
 * was given the same number since (likely in a container, where numbers start over).
 */
export function readPostmaster(data: string): Postmaster | undefined {
  const lines = readIfThere(join(data, 'postmaster.pid'))?.split('\n')
  if (!lines) return undefined
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0 || !commandOf(pid).includes(data)) return undefined
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

/** The command line of a process, empty when it does not run. */
function commandOf(pid: number): string {
  if (process.platform === 'linux') return readIfThere(`/proc/${pid}/cmdline`) ?? ''
  const ask =
    process.platform === 'win32'
      ? [
          'powershell',
          '-NoProfile',
          '-Command',
          `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
        ]
      : ['ps', '-p', String(pid), '-o', 'args=']
  return Bun.spawnSync(ask).stdout.toString()
}

/** Undefined when there is no such file or process. Any other failure must not pass for that: the caller clears away what is dead. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as { code?: string }).code ?? '')) return undefined
    throw error
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server says about itself in `postmaster.pid`. `socketDir` is empty where there is only TCP. */
export type Postmaster = { pid: number; port: number; socketDir: string; ready: boolean }

/**
 * The server that runs on `data`, or undefined: no file, or a file whose process is gone or is some other program that
 * was given the same number since (likely in a container, where numbers start over).
 */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0 || !commandOf(pid).includes(data)) return undefined
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

/** The command line of a process, empty when it does not run. */
function commandOf(pid: number): string {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    } catch {
      return ''
    }
  }
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

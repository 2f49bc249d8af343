import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinaries } from './binaries.ts'
import { readPostmaster } from './postmaster.ts'
import { ownerOf, runAs } from './server-user.ts'

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS. */
const LONGEST_SOCKET_PATH = 100
const BY_SOCKET = process.platform !== 'win32'

/**
 * Made beside its place and renamed, so a first start that was cut short leaves no half cluster behind. The name is new
 * each time: what was cut short may still be writing under the old one.
 */
export async function initialise(home: string, password: string): Promise<void> {
  const making = join(home, `data.making-${process.pid}-${Date.now()}`)
  const passwordFile = join(home, 'password.initdb')
  const owner = ownerOf(home)
  const { initdb } = findBinaries()
  const { prefix, ...user } = runAs(home, [home, initdb])
  for (const old of new Bun.Glob('data.making-*').scanSync({ cwd: home, onlyFiles: false, absolute: true }))
    rmSync(old, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (owner) chownSync(passwordFile, owner.uid, owner.gid)
  const flags = ['--username=eshotry', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8']
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const run = Bun.spawn([...prefix, initdb, '-D', making, ...flags, ...locale], {
    ...user,
    cwd: home,
    env: serverEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaint = await new Response(run.stderr).text()
  rmSync(passwordFile)
  if ((await run.exited) !== 0) throw new Error(`The embedded PostgreSQL could not be made: ${complaint.trim()}`)
  renameSync(making, join(home, 'data'))
}

/** Nothing of ours that steers libpq or the server's locale leaks in; Windows cannot start a process without its own. */
function serverEnv(): Record<string, string> {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? '']] : [])))
}

/** Undefined once the server is ready, else what it said before it gave up. It outlives us and our terminal. */
export async function spawnServer(home: string): Promise<string | undefined> {
  const data = join(home, 'data')
  const log = join(home, 'server.log')
  const { postgres } = findBinaries()
  const { prefix, ...user } = runAs(home, [home, postgres])
  const settings = {
    listen_addresses: BY_SOCKET ? '' : '127.0.0.1',
    unix_socket_directories: BY_SOCKET ? socketDir(home) : '',
    port: BY_SOCKET ? '5432' : String(freePort()),
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const started = existsSync(log) ? statSync(log).size : 0
  // A file and not a pipe: a pipe would break under the server when we die before it.
  const fd = openSync(log, started > 10_000_000 ? 'w' : 'a', 0o600)
  const server = Bun.spawn([...prefix, postgres, '-D', data, ...flags], {
    ...user,
    cwd: home,
    env: serverEnv(),
    // Its own session, so that Ctrl-C in our terminal does not stop it before we have finished with it.
    detached: true,
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  server.unref()
  while (server.exitCode === null && server.signalCode === null) {
    if (readPostmaster(data)?.ready) return undefined
    await Bun.sleep(10)
  }
  const said = readFileSync(log).subarray(started).toString().trim()
  return said || `It ended with ${server.signalCode ?? server.exitCode} and said nothing`
}

function socketDir(home: string): string {
  const beside = join(home, 'run')
  const long = Buffer.byteLength(join(beside, '.s.PGSQL.5432')) > LONGEST_SOCKET_PATH
  const dir = long ? join(tmpdir(), `eshotry-${Bun.hash(home).toString(36)}`) : beside
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const owner = ownerOf(home)
  if (owner) chownSync(dir, owner.uid, owner.gid)
  else if (statSync(dir).uid !== process.getuid?.()) throw new Error(`${dir} belongs to somebody else`)
  chmodSync(dir, 0o700)
  return dir
}

function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = probe
  probe.stop(true)
  return port
}

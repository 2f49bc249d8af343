import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import postgres from 'postgres'
import { findBinaries } from './binaries.ts'
import { withLock } from './lock.ts'
import { type Postmaster, readPostmaster } from './postmaster.ts'
import { serverUser } from './server-user.ts'

/** Where and as whom to connect, in the words of the `postgres` package. */
export type Address = { host?: string; path?: string; port?: number; user: string; password: string; database: string }

export type Embedded = {
  address: Address
  /** Stops the server, unless another process is still connected to it: the last one out stops it. */
  close(): Promise<void>
}

/** Unix socket paths end at 107 bytes on Linux and 103 on macOS. */
const LONGEST_SOCKET_PATH = 100
const NEVER_TCP = process.platform !== 'win32'

/**
 * The real PostgreSQL server under `varDir`: made on first use, started when it does not run, joined when it does.
 * After a `kill -9` of the shop the server it left behind is joined; after one of the server, its own recovery runs.
 */
export async function openEmbedded(varDir: string): Promise<Embedded> {
  const home = resolve(varDir, 'postgres')
  const owner = serverUser(home)
  mkdirSync(home, { recursive: true })
  if (owner) chownSync(home, owner.uid, owner.gid)
  const lock = join(home, 'lock')
  return withLock(lock, async () => {
    const password = readPassword(home)
    if (!existsSync(join(home, 'data'))) await initialise(home, password, owner)
    const postmaster = await startOrJoin(home, password, owner)
    const address = addressOf(postmaster, password)
    return { address, close: () => withLock(lock, () => stopUnlessUsed(home, address)) }
  })
}

function readPassword(home: string): string {
  const path = join(home, 'password')
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 })
  }
  return readFileSync(path, 'utf8')
}

type Owner = { uid: number; gid: number } | undefined

/** Made beside its place and renamed, so a first start that was cut short leaves no half cluster behind. */
async function initialise(home: string, password: string, owner: Owner): Promise<void> {
  const making = join(home, 'data.making')
  const passwordFile = join(home, 'password.initdb')
  rmSync(making, { recursive: true, force: true })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (owner) chownSync(passwordFile, owner.uid, owner.gid)
  const flags = ['--username=eshotry', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8']
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const run = Bun.spawn([findBinaries().initdb, '-D', making, ...flags, ...locale], {
    ...owner,
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

async function startOrJoin(home: string, password: string, owner: Owner): Promise<Postmaster> {
  const data = join(home, 'data')
  for (let attempt = 0; ; attempt++) {
    const running = readPostmaster(data)
    if (running?.ready && (await answers(addressOf(running, password)))) return running
    if (!running) rmSync(join(data, 'postmaster.pid'), { force: true })
    const refused = running ? 'the one that runs does not answer yet' : await spawnServer(home, owner)
    if (attempt > 400) throw new Error(`The embedded PostgreSQL did not start: ${refused ?? 'it never became ready'}`)
    if (refused) await Bun.sleep(50)
  }
}

/** Undefined once the server is ready, else what it last said. It outlives us and our terminal: only we stop it. */
async function spawnServer(home: string, owner: Owner): Promise<string | undefined> {
  const data = join(home, 'data')
  const log = join(home, 'server.log')
  const sockets = socketDir(home, owner)
  const settings = {
    listen_addresses: NEVER_TCP ? '' : '127.0.0.1',
    unix_socket_directories: NEVER_TCP ? sockets : '',
    port: NEVER_TCP ? '5432' : String(await freePort()),
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const fd = openSync(log, 'w')
  const server = Bun.spawn([findBinaries().postgres, '-D', data, ...flags], {
    ...owner,
    cwd: home,
    env: serverEnv(),
    detached: true,
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  server.unref()
  while (server.exitCode === null && server.signalCode === null) {
    if (readPostmaster(data)?.ready) return undefined
    await Bun.sleep(10)
  }
  return readFileSync(log, 'utf8').trim() || `exit code ${server.exitCode}`
}

function socketDir(home: string, owner: Owner): string {
  const beside = join(home, 'run')
  const long = Buffer.byteLength(join(beside, '.s.PGSQL.5432')) > LONGEST_SOCKET_PATH
  const dir = long ? join(tmpdir(), `eshotry-${Bun.hash(home).toString(36)}`) : beside
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (owner) chownSync(dir, owner.uid, owner.gid)
  else if (NEVER_TCP && statSync(dir).uid !== process.getuid?.()) throw new Error(`${dir} belongs to somebody else`)
  chmodSync(dir, 0o700)
  return dir
}

async function freePort(): Promise<number> {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = probe
  probe.stop(true)
  return port
}

function addressOf({ port, socketDir: dir }: Postmaster, password: string): Address {
  const login = { user: 'eshotry', password, database: 'postgres' }
  return dir ? { ...login, path: join(dir, `.s.PGSQL.${port}`) } : { ...login, host: '127.0.0.1', port }
}

async function answers(address: Address): Promise<boolean> {
  const probe = postgres({ ...address, max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    await probe`select 1`
    return true
  } catch (error) {
    // A wrong password never becomes right by waiting.
    if ((error as { code?: string }).code === '28P01') throw error
    return false
  } finally {
    await probe.end({ timeout: 1 })
  }
}

async function stopUnlessUsed(home: string, address: Address): Promise<void> {
  const data = join(home, 'data')
  const postmaster = readPostmaster(data)
  if (!postmaster) return
  const probe = postgres({ ...address, max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    const others =
      await probe`select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
    if (others.length > 0) return
  } catch {
    return
  } finally {
    await probe.end({ timeout: 1 })
  }
  process.kill(postmaster.pid, 'SIGINT')
  while (readPostmaster(data)) await Bun.sleep(10)
}

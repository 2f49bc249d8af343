import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import postgres from 'postgres'
import { takeLock, withLock } from './lock.ts'
import { type Postmaster, readPostmaster } from './postmaster.ts'
import { initialise, spawnServer } from './server.ts'
import { ownerOf } from './server-user.ts'

/** Where and as whom to connect, in the words of the `postgres` package. */
export type Address = { host?: string; path?: string; port?: number; user: string; password: string; database: string }

export type Embedded = {
  address: Address
  /** Stops the server, unless another process is still connected to it: the last one out stops it. */
  close(): Promise<void>
}

const PATIENCE_MS = 60_000
const WATCH_MS = 1000

/**
 * The real PostgreSQL server under `varDir`: made on first use, started when it does not run, joined when it does, and
 * started again when it dies under us. After a `kill -9` of the shop the server it left behind is joined; after one of
 * the server, its own recovery runs.
 */
export async function openEmbedded(varDir: string): Promise<Embedded> {
  const home = resolve(varDir, 'postgres')
  makeHome(home)
  const lock = join(home, 'lock')
  const password = await withLock(lock, async () => readPassword(home))
  // `hold` is held for as long as we live: it is how the others see that the server is in use. Taken under the lock, or one
  // who closes just then would see nobody and stop the server that we have joined.
  const { address, hold } = await withLock(lock, async () => {
    const joined = addressOf(await startOrJoin(home, password), password)
    const connection = connectOnce(joined)
    await connection`select 1`
    return { address: joined, hold: connection }
  })
  const startAgain = () =>
    withLock(lock, async () => {
      await startOrJoin(home, password)
      await hold`select 1`
    })
  let restarting: Promise<unknown> | undefined
  const watch = setInterval(() => {
    if (restarting || !isGone(join(home, 'data'))) return
    restarting = startAgain()
      .catch((error: unknown) => console.error('The embedded PostgreSQL died and could not be started again:', error))
      .finally(() => (restarting = undefined))
  }, WATCH_MS)
  watch.unref()
  const close = async () => {
    clearInterval(watch)
    await restarting
    await withLock(lock, async () => {
      const used = await usedByOthers(hold)
      await hold.end({ timeout: 1 })
      if (!used) await stopServer(join(home, 'data'))
    })
  }
  return { address, close }
}

/** A server that cannot be looked at just now is not gone. */
function isGone(data: string): boolean {
  try {
    return !readPostmaster(data)
  } catch {
    return false
  }
}

/** The right to serve the data of a `varDir`; `announce` leaves the address for whoever comes second. */
export type Claim = { announce(url: string): void; release(): void }

/** Held by at most one process of the machine, and freed when that one ends, however it ends. */
export function claimVarDir(varDir: string): Claim | { servedBy: string } {
  mkdirSync(varDir, { recursive: true })
  const notice = join(varDir, 'serving')
  const lock = takeLock(join(varDir, 'serving.lock'), 0)
  if (!lock) return { servedBy: existsSync(notice) ? readFileSync(notice, 'utf8') : 'this data' }
  return { announce: (url) => writeFileSync(notice, `${url} (process ${process.pid})`), release: lock.release }
}

function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o755 })
  const owner = ownerOf(home)
  if (owner) chownSync(home, owner.uid, owner.gid)
}

function readPassword(home: string): string {
  const path = join(home, 'password')
  try {
    if (!existsSync(path)) {
      writeFileSync(`${path}.making`, randomBytes(24).toString('base64url'), { mode: 0o600 })
      renameSync(`${path}.making`, path)
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${path} is not ours to read: start the shop as the user who started it first`, { cause: error })
  }
}

/** As root, data that was copied or restored here belongs to us, and the server would refuse it. */
function giveToServer(home: string, data: string): void {
  const owner = ownerOf(home)
  if (owner && statSync(data).uid !== owner.uid) Bun.spawnSync(['chown', '-R', `${owner.uid}:${owner.gid}`, data])
}

/** Under the lock: the server that runs when this returns answers queries. */
async function startOrJoin(home: string, password: string): Promise<Postmaster> {
  const data = join(home, 'data')
  if (!existsSync(data)) await initialise(home, password)
  giveToServer(home, data)
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const running = readPostmaster(data)
    if (running?.ready && (await answers(addressOf(running, password)))) return running
    let said = 'it runs and does not answer'
    if (!running) {
      // What a dead server left: PostgreSQL itself would take the number of a reused process for a live one.
      rmSync(join(data, 'postmaster.pid'), { force: true })
      said = (await spawnServer(home)) ?? said
      // Backends of a killed server take a moment to notice that it is gone and let go of its memory.
      const passing = /still in use|already exists|does not answer/.test(said)
      if (!passing) throw new Error(`The embedded PostgreSQL did not start: ${said}`)
    }
    if (Date.now() > deadline) throw new Error(`The embedded PostgreSQL did not start: ${said}`)
    await Bun.sleep(running ? 50 : 0)
  }
}

function addressOf({ port, socketDir }: Postmaster, password: string): Address {
  const login = { user: 'eshotry', password, database: 'postgres' }
  return socketDir ? { ...login, path: join(socketDir, `.s.PGSQL.${port}`) } : { ...login, host: '127.0.0.1', port }
}

/** One connection that is neither dropped when idle nor renewed. */
function connectOnce(address: Address) {
  return postgres({ ...address, max: 1, max_lifetime: null, connect_timeout: 5, onnotice: () => {} })
}

async function answers(address: Address): Promise<boolean> {
  const probe = connectOnce(address)
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

async function usedByOthers(hold: postgres.Sql): Promise<boolean> {
  const others = hold`select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
  return others.then(
    (rows) => rows.length > 0,
    () => false,
  )
}

/** A fast shutdown: transactions in flight are rolled back, the rest is on disk when this returns. */
async function stopServer(data: string): Promise<void> {
  const postmaster = readPostmaster(data)
  if (!postmaster) return
  process.kill(postmaster.pid, 'SIGINT')
  while (readPostmaster(data)) await Bun.sleep(10)
}

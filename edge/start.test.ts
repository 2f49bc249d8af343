import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSql } from '../db/postgres/index.ts'
import { readPostmaster } from '../db/postgres/postmaster.ts'

/** The shop as an operator has it: its own process, its own PostgreSQL, signals that really kill. */
const root = join(import.meta.dir, '..')
const isRoot = process.getuid?.() === 0
const scratch = mkdtempSync(join(tmpdir(), 'eshotry-start-'))
chmodSync(scratch, 0o755)
const template = join(scratch, 'template')

setDefaultTimeout(120_000)

type Process = Bun.Subprocess<'ignore', 'pipe', 'pipe'>
const alive: Process[] = []

function spawn(
  varDir: string,
  words: string[],
  as: { uid?: number; gid?: number; env?: Record<string, string> } = {},
): Process {
  const { env, ...user } = as
  const child = Bun.spawn([process.execPath, join(root, 'jobs/main.ts'), ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', VAR_DIR: varDir, PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  alive.push(child)
  return child
}

/** A shop that has said it is ready. */
async function serve(varDir: string, as: Parameters<typeof spawn>[2] = {}): Promise<{ shop: Process; url: string }> {
  const shop = spawn(varDir, ['serve'], as)
  let said = ''
  for await (const chunk of shop.stdout) {
    said += new TextDecoder().decode(chunk)
    const url = /ready on (\S+)/.exec(said)?.[1]
    if (url) return { shop, url }
  }
  throw new Error(`The shop ended with ${await shop.exited}: ${await new Response(shop.stderr).text()}`)
}

async function stop(shop: Process): Promise<number> {
  shop.kill('SIGTERM')
  return shop.exited
}

async function end(child: Process) {
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

const dataOf = (varDir: string) => join(varDir, 'postgres/data')

/** Awaits what must become true, looking often. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((next) => setImmediate(next))
}

/** Runs `work` on the shop's database from here, as a second process that joins its server. */
async function inDatabase<T>(
  varDir: string,
  work: (sql: Awaited<ReturnType<typeof openSql>>['sql']) => Promise<T>,
): Promise<T> {
  const { sql, close } = await openSql({ varDir, pool: 1 })
  try {
    return await work(sql)
  } finally {
    await close()
  }
}

const remember = (varDir: string, name: string) =>
  inDatabase(varDir, (sql) => sql.insertInto('kernel.outbox').values({ name, payload: '{}' }).execute())

const remembered = (varDir: string) =>
  inDatabase(varDir, async (sql) =>
    (await sql.selectFrom('kernel.outbox').select('name').orderBy('id').execute()).map(({ name }) => name),
  )

let varDir = ''
beforeAll(async () => {
  const { code, err } = await end(spawn(template, ['migrate']))
  if (code !== 0) throw new Error(err)
})
beforeEach(() => {
  varDir = join(scratch, randomUUID())
  Bun.spawnSync(['cp', '-a', template, varDir])
})
afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL')
  for (const at of new Bun.Glob('**/postmaster.pid').scanSync({ cwd: scratch, absolute: true })) {
    const left = readPostmaster(at.replace(/\/postmaster\.pid$/, ''))
    if (left) process.kill(left.pid, 'SIGKILL')
  }
  rmSync(scratch, { recursive: true, force: true })
})

describe('a shop with the embedded PostgreSQL', () => {
  test('answers, and a SIGTERM stops it and its server cleanly', async () => {
    const { shop, url } = await serve(varDir)
    // A connection kept open, as a browser does, must not hold the stop up.
    const res = await fetch(`${url}/readyz`, { keepalive: true })
    expect(await res.json()).toEqual({ status: 'ready' })
    expect(await stop(shop)).toBe(0)
    expect(readPostmaster(dataOf(varDir))).toBeUndefined()
    expect(existsSync(join(dataOf(varDir), 'postmaster.pid'))).toBe(false)
  })

  test('told to stop twice in one breath, as by Ctrl-C through npm, still stops cleanly', async () => {
    const { shop } = await serve(varDir)
    shop.kill('SIGINT')
    shop.kill('SIGTERM')
    expect(await shop.exited).toBe(0)
    expect(readPostmaster(dataOf(varDir))).toBeUndefined()
  })

  test('killed with -9, leaves a server that the next start joins, with nothing lost', async () => {
    const first = await serve(varDir)
    await remember(varDir, 'before')
    first.shop.kill('SIGKILL')
    await first.shop.exited
    const orphan = readPostmaster(dataOf(varDir))?.pid
    const second = await serve(varDir)
    expect(readPostmaster(dataOf(varDir))?.pid).toBe(orphan!)
    expect(await remembered(varDir)).toEqual(['before'])
    expect(await stop(second.shop)).toBe(0)
    expect(readPostmaster(dataOf(varDir))).toBeUndefined()
  })

  test('starts its server again when that is killed with -9 under it, with nothing lost', async () => {
    const { shop, url } = await serve(varDir)
    await remember(varDir, 'before')
    const killed = readPostmaster(dataOf(varDir))!.pid
    process.kill(killed, 'SIGKILL')
    await until(() => (readPostmaster(dataOf(varDir))?.pid ?? killed) !== killed)
    await until(async () => (await fetch(`${url}/readyz`)).ok)
    expect(await remembered(varDir)).toEqual(['before'])
    expect(await stop(shop)).toBe(0)
  })

  test('and its server both killed with -9 come back with nothing lost', async () => {
    const { shop } = await serve(varDir)
    await remember(varDir, 'before')
    const { pid } = readPostmaster(dataOf(varDir))!
    shop.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    await shop.exited
    const again = await serve(varDir)
    expect(await remembered(varDir)).toEqual(['before'])
    expect(await stop(again.shop)).toBe(0)
  })

  test('killed while its data was being made, makes it anew', async () => {
    const fresh = join(scratch, randomUUID())
    mkdirSync(fresh)
    const child = spawn(fresh, ['serve'])
    await until(() => [...new Bun.Glob('postgres/data.making-*/PG_VERSION').scanSync(fresh)].length > 0)
    child.kill('SIGKILL')
    await child.exited
    const { shop } = await serve(fresh)
    expect(await stop(shop)).toBe(0)
  })

  test('started a second time on the same data says where it runs, exits 2 and touches nothing', async () => {
    const { shop, url } = await serve(varDir)
    const before = [readPostmaster(dataOf(varDir))?.pid, readFileSync(join(varDir, 'serving'), 'utf8')]
    for (const word of ['serve', 'start']) {
      const second = await end(spawn(varDir, [word]))
      expect(second.code).toBe(2)
      expect(second.err).toContain(
        `EshoTry is already running on ${url} (process ${shop.pid}); this start touched nothing`,
      )
    }
    expect([readPostmaster(dataOf(varDir))?.pid, readFileSync(join(varDir, 'serving'), 'utf8')]).toEqual(before)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await stop(shop)
  })

  test('whose port is taken says so, exits 2 and leaves no server behind', async () => {
    const taken = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const refused = await end(spawn(varDir, ['serve'], { env: { PORT: String(taken.port) } }))
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`Port ${taken.port} is taken`)])
    expect(readPostmaster(dataOf(varDir))).toBeUndefined()
    await taken.stop(true)
  })

  test('is not fooled by a lock file whose process number now belongs to another program', async () => {
    const stale = [process.pid, dataOf(varDir), 0, 5432, join(varDir, 'postgres/run'), '', '', 'ready   ']
    writeFileSync(join(dataOf(varDir), 'postmaster.pid'), `${stale.join('\n')}\n`)
    const { shop } = await serve(varDir)
    expect(await stop(shop)).toBe(0)
  })

  test('keeps its server while a command comes and goes', async () => {
    const { shop, url } = await serve(varDir)
    expect((await end(spawn(varDir, ['migrate', '--json']))).out).toContain('"ran": []')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    await stop(shop)
    expect(readPostmaster(dataOf(varDir))).toBeUndefined()
  })

  test('is made once when two processes start on nothing together', async () => {
    const fresh = join(scratch, randomUUID())
    const both = await Promise.all([end(spawn(fresh, ['migrate', '--json'])), end(spawn(fresh, ['migrate', '--json']))])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.filter(({ out }) => out.includes('0001-kernel'))).toHaveLength(1)
    expect(readPostmaster(dataOf(fresh))).toBeUndefined()
  })

  test('runs under a path too long for a socket', async () => {
    const deep = join(varDir, 'x'.repeat(60), 'y'.repeat(60))
    mkdirSync(deep, { recursive: true })
    cpSync(join(varDir, 'postgres'), join(deep, 'postgres'), { recursive: true })
    const { shop } = await serve(deep)
    expect(await stop(shop)).toBe(0)
  })

  test.if(isRoot)(
    'runs for root in a home that is closed to everybody else',
    async () => {
      const home = join(scratch, randomUUID())
      mkdirSync(home, { mode: 0o700 })
      const { shop, url } = await serve(join(home, 'var'))
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect(await stop(shop)).toBe(0)
    },
    60_000,
  )

  test.if(isRoot)(
    'runs for an ordinary user',
    async () => {
      const home = join(scratch, randomUUID())
      Bun.spawnSync(['install', '-d', '-o', '65534', '-g', '65534', home])
      const { shop, url } = await serve(join(home, 'var'), { uid: 65534, gid: 65534 })
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect(await stop(shop)).toBe(0)
    },
    60_000,
  )
})

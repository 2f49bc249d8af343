import { join } from 'node:path'
import { claimServing, type OpenedInfra, openInfra } from '../db/index.ts'
import { startWorker } from '../db/jobs/worker.ts'
import { migrate } from '../db/migrations/index.ts'
import { createModules, type Modules } from '../modules/index.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { prepareAssets } from '../web/kept-assets.ts'
import { createApp } from './app.ts'

/**
 * A shop that listens. `warmUp` spends idle time so that the first try-on is as fast as the next. `stop` answers the requests
 * in flight, then closes the stores.
 */
export type Shop = { url: string; warmUp(): void; stop(): Promise<void> }

type Opening = {
  env: Record<string, string | undefined>
  log: (line: string) => void
  /** Runs on the migrated stores before the first request. */
  prepare?: (modules: Modules, infra: OpenedInfra) => Promise<void>
}

/** Throws `conflict` when a shop serves the same data already, or something else has the port; then nothing was touched. */
export async function openShop({ env, log, prepare }: Opening): Promise<Shop> {
  const config = readConfig(env)
  // Closed in the reverse order of opening, after a stop as after a start that fails half way.
  const opened = new AsyncDisposableStack()
  try {
    const claim = claimServing(config)
    opened.defer(claim.release)
    const server = listen(config.PORT, config.HOST)
    opened.defer(() => stopListening(server))
    const url = `http://localhost:${server.port}`
    claim.announce(url)
    const assets = prepareAssets(join(config.VAR_DIR, 'assets'))
    // Awaited below; a store that cannot be opened must not leave its failure unheard.
    assets.catch(() => {})
    const infra = await openInfra(config, log)
    opened.defer(infra.close)
    await migrate(infra.sql)
    const modules = createModules(infra)
    opened.defer(modules.close)
    await prepare?.(modules, infra)
    const following = modules.search.follow()
    opened.defer(following.stop)
    // A large catalogue without an index is served while one is built.
    await withinMs(INDEX_PATIENCE_MS, following.ready)
    const limits = { perMinute: config.RATE_LIMIT, trustedProxies: config.TRUSTED_PROXIES }
    server.reload({ fetch: createApp(modules, await assets, limits).fetch })
    // After the first request can come: what a worker needs takes a quarter of a second to load.
    if (config.WORKER === 'on') opened.defer(startWorker(modules).stop)
    // Without a worker of its own it still sends: the first buyer shall not wait for what that needs.
    else infra.jobs.open().catch((error: unknown) => console.error('jobs:', error))
    // The server goes last in this order and must go first: nobody may be answered without stores.
    const stop = () => stopListening(server).finally(() => opened.disposeAsync())
    return { url, warmUp: modules.tryOn.warmUp, stop }
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

/** The port is taken first, so that a start which cannot have it stops before it does anything. */
function listen(port: number, hostname: string) {
  const headers = { 'retry-after': '1' }
  try {
    return Bun.serve({
      port,
      hostname,
      // A try-on on a busy machine may be silent between two stages for longer than the ten seconds that are the default.
      idleTimeout: 120,
      fetch: () => new Response('EshoTry is starting', { status: 503, headers }),
    })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new AppError('conflict', `Port ${port} is taken by another program: free it, or set PORT`)
  }
}

const INDEX_PATIENCE_MS = 2000

async function withinMs(patienceMs: number, work: Promise<void>): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, patienceMs)
  await Promise.race([work, patience.promise])
  clearTimeout(timer)
}

const LAST_REQUESTS_MS = 10_000

/** Idle connections that a browser keeps open do not hold us up, nor does a request that never ends. */
async function stopListening(server: Bun.Server<undefined>): Promise<void> {
  const finished = server.stop()
  const deadline = Date.now() + LAST_REQUESTS_MS
  while (server.pendingRequests > 0 && Date.now() < deadline) await Bun.sleep(10)
  await server.stop(true)
  await finished
}

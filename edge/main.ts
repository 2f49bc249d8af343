import { claimServing, type OpenedInfra, openInfra } from '../db/index.ts'
import { migrate } from '../db/migrations/index.ts'
import { createModules, type Modules } from '../modules/index.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { buildAssets } from '../web/build-assets.ts'
import { createApp } from './app.ts'

/** A shop that listens. `stop` answers the requests in flight, then closes the stores. */
export type Shop = { url: string; stop(): Promise<void> }

type Opening = {
  env: Record<string, string | undefined>
  log: (line: string) => void
  /** Runs on the migrated stores before the first request. */
  prepare?: (modules: Modules, infra: OpenedInfra) => Promise<void>
}

/** Throws `conflict` when a shop serves the same data already, or something else has the port; then nothing was touched. */
export async function openShop({ env, log, prepare }: Opening): Promise<Shop> {
  const config = readConfig(env)
  const claim = claimServing(config)
  const starting = listen(config.PORT, config.HOST)
  const url = `http://localhost:${starting.port}`
  claim.announce(url)
  try {
    const [infra, assets] = await Promise.all([openInfra(config, log), buildAssets()])
    await migrate(infra.sql)
    const modules = createModules(infra)
    await prepare?.(modules, infra)
    const app = createApp(modules, assets)
    starting.reload({ fetch: app.fetch })
    const stop = async () => {
      await stopListening(starting)
      await modules.close()
      await infra.close()
      claim.release()
    }
    return { url, stop }
  } catch (error) {
    await starting.stop(true)
    claim.release()
    throw error
  }
}

/** The port is taken first, so that a start which cannot have it stops before it does anything. */
function listen(port: number, hostname: string) {
  const headers = { 'retry-after': '1' }
  try {
    return Bun.serve({ port, hostname, fetch: () => new Response('EshoTry is starting', { status: 503, headers }) })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new AppError('conflict', `Port ${port} is taken by another program: free it, or set PORT`)
  }
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

import { openInfra } from '../db/index.ts'
import { migrate } from '../db/migrations/index.ts'
import { createModules } from '../modules/index.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { createApp } from './app.ts'

/** A shop that listens; `stop` lets requests in flight finish, then closes the stores. */
export type Shop = { url: string; stop(): Promise<void> }

export async function openShop(env: Record<string, string | undefined>, log: (line: string) => void): Promise<Shop> {
  const config = readConfig(env)
  const infra = await openInfra(config, log)
  await migrate(infra.sql)
  const app = createApp(createModules(infra))
  const server = Bun.serve({ port: config.PORT, hostname: config.HOST, fetch: app.fetch })
  const stop = async () => {
    await server.stop()
    await infra.close()
  }
  return { url: `http://localhost:${server.port}`, stop }
}

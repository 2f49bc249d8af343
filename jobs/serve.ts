import type { Command } from 'commander'
import { openShop, type Shop } from '../edge/main.ts'
import { addCommand, type Output, runs } from './command.ts'

export function registerServe(cli: Command): void {
  runs(addCommand(cli, 'serve', 'Run the shop until it is told to stop'), ({ out }) =>
    serveUntilStopped(() => openShop({ env: process.env, log: out.note }), out),
  )
}

/**
 * Opens the shop, says that it is ready, and stops it on SIGTERM or SIGINT. One that comes while it opens is kept until
 * then, so that no half-made store is left behind; a second one ends the process at once.
 */
export async function serveUntilStopped(open: () => Promise<Shop>, out: Output): Promise<void> {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => tell())
  const shop = await open()
  const seconds = Math.round(performance.now() / 100) / 10
  out.result({ url: shop.url, seconds }, `EshoTry is ready on ${shop.url} (${seconds} s)`)
  await told
  out.note('stopping')
  await shop.stop()
}

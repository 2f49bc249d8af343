import type { Command } from 'commander'
import { openShop, type Shop } from '../edge/main.ts'
import { addCommand, type Output, runs } from './command.ts'

export function registerServe(cli: Command): void {
  runs(addCommand(cli, 'serve', 'Run the shop until it is told to stop'), async ({ out }) => {
    await untilStopped(await openShop({ env: process.env, log: out.note }), out)
  })
}

/** Says that the shop is ready, and stops it on SIGTERM or SIGINT; a second one ends the process at once. */
export async function untilStopped(shop: Shop, out: Output): Promise<void> {
  const seconds = Math.round(performance.now() / 100) / 10
  out.result({ url: shop.url, seconds }, `EshoTry is ready on ${shop.url} (${seconds} s)`)
  await new Promise<void>((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop())
  })
  out.note('stopping')
  await shop.stop()
}

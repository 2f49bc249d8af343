import type { Command } from 'commander'
import { openShop } from '../edge/main.ts'
import { addCommand, runs } from './command.ts'

export function registerServe(cli: Command): void {
  runs(addCommand(cli, 'serve', 'Run the shop until it is told to stop'), async ({ out }) => {
    const shop = await openShop(process.env, out.note)
    const seconds = (performance.now() / 1000).toFixed(1)
    out.result({ url: shop.url }, `EshoTry is ready on ${shop.url} (${seconds} s)`)
    await new Promise<void>((stop) => {
      process.once('SIGTERM', () => stop())
      process.once('SIGINT', () => stop())
    })
    out.note('stopping')
    await shop.stop()
  })
}

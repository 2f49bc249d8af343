import type { Command } from 'commander'
import { openShop, type Shop } from '../edge/main.ts'
import { listSettings } from '../modules/kernel/config.ts'
import { addCommand, type Output, runs } from './command.ts'

const settings = (): string =>
  listSettings()
    .map(({ name, about, byDefault }) => `  ${name}${byDefault === undefined ? '' : ` (${byDefault})`}\n      ${about}`)
    .join('\n')

export function registerServe(cli: Command): void {
  const command = addCommand(cli, 'serve', 'Run the shop until it is told to stop')
  command.addHelpText('after', () => `\nSet by the environment; nothing needs to be:\n${settings()}`)
  runs(command, ({ out }) => serveUntilStopped(() => openShop({ env: process.env, log: out.note }), out))
}

/** Ctrl-C reaches us from the terminal and once more from each of npm and Bun above us: that is one wish, not three. */
const ECHO_MS = 1000

/**
 * Opens the shop, says that it is ready, and stops it on SIGTERM or SIGINT. One that comes while it opens is kept until
 * then, so that no half-made store is left behind; a later one ends the process at once.
 */
export async function serveUntilStopped(open: () => Promise<Shop>, out: Output): Promise<void> {
  const { promise: told, resolve: tell } = Promise.withResolvers<void>()
  let firstTold: number | undefined
  const hear = () => {
    firstTold ??= performance.now()
    if (performance.now() - firstTold > ECHO_MS) process.exit(1)
    tell()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear)
  const shop = await open()
  const seconds = Math.round(performance.now() / 100) / 10
  out.result({ url: shop.url, seconds }, `EshoTry is ready on ${shop.url} (${seconds} s)`)
  shop.warmUp()
  await told
  out.note('stopping')
  await shop.stop()
}

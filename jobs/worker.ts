import type { Command } from 'commander'
import { startWorker } from '../db/jobs/worker.ts'
import { addCommand, runs, withShop } from './command.ts'

/** Any number of these may run beside a shop, on this machine or another: each job is done by one of them. */
export function registerWorker(cli: Command): void {
  runs(addCommand(cli, 'worker', 'Do the background work of the shop until told to stop'), async ({ out }) => {
    const told = Promise.withResolvers<void>()
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => told.resolve())
    await withShop(async (modules) => {
      const worker = startWorker(modules)
      out.result({ status: 'working' }, 'The worker is ready')
      await told.promise
      out.note('stopping')
      await worker.stop()
    })
  })
}

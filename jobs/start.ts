import type { Command } from 'commander'
import { openShop } from '../edge/main.ts'
import { pullModels } from '../modules/tryon/index.ts'
import { addCommand, type Output, runs } from './command.ts'
import { seedCatalogue } from './seed.ts'
import { serveUntilStopped } from './serve.ts'

/** Two idle cores draw all of the demo catalogue in half of this; whoever waits on less should not wait for minutes. */
const OPEN_AFTER_MS = 50_000

/** Each step does nothing when it was done before, so a later start goes straight to the shop. */
export function registerStart(cli: Command): void {
  runs(addCommand(cli, 'start', 'Prepare what is missing, fill an empty shop, and serve it'), async ({ out }) => {
    const stopping = new AbortController()
    const open = async () => {
      const shop = await openShop({
        env: process.env,
        log: out.note,
        async prepare(modules, { docs, modelsDir }) {
          const { written } = await pullModels(modelsDir)
          if (written.length > 0) out.note(`models: ${written.length} put in ${modelsDir}`)
          await drawFor(OPEN_AFTER_MS, () => seedCatalogue({ shop: modules, docs, out }), {
            out,
            stopping: stopping.signal,
          })
        },
      })
      const stop = async () => {
        stopping.abort()
        await shop.stop()
      }
      return { ...shop, stop }
    }
    await serveUntilStopped(open, out)
    // A drawing that was cut short has threads that hold the process; the next start goes on where it was.
    process.exit()
  })
}

/** Resolves when `draw` has finished or `patienceMs` are over; then the rest is drawn while the shop serves. */
async function drawFor(
  patienceMs: number,
  draw: () => Promise<number>,
  { out, stopping }: { out: Output; stopping: AbortSignal },
): Promise<void> {
  let waitedFor = true
  const drawing = draw().catch((error: unknown) => {
    if (waitedFor) throw error
    if (!stopping.aborted) console.error('The demo catalogue could not be drawn to its end:', error)
    return 0
  })
  const drawn = await Promise.race([drawing, Bun.sleep(patienceMs).then(() => undefined)])
  waitedFor = false
  if (drawn === undefined) out.note('catalogue: the rest of the demo products is drawn while the shop serves')
  else if (drawn > 0) out.note(`catalogue: drew ${drawn} demo products`)
}

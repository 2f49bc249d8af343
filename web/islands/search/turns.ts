type Scheduler = { postTask(work: () => void, options: { priority: 'background' }): Promise<void> }

/** The browser's turn: what comes after waits behind keys that were pressed meanwhile, and their paint. */
export function yieldTurn(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler }
  return new Promise((resolve) => {
    if (scheduler) void scheduler.postTask(resolve, { priority: 'background' })
    else setTimeout(resolve)
  })
}

/** After what has just changed is on the screen. */
export const painted = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve(yieldTurn())))

/** Longer than that is not worked at a stretch: a letter waits no longer than for this. */
const STRETCH_MS = 4

/** What is called between two pieces of work: it gives the turn away when the stretch was long enough. */
export function inStretches(): () => Promise<void> {
  let began = -Infinity
  return async () => {
    if (performance.now() - began < STRETCH_MS) return
    await yieldTurn()
    began = performance.now()
  }
}

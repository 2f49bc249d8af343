import type { LoadPlan } from './bench-load.ts'

export type Load = { perSecond: number; p50Ms: number; p99Ms: number; failed: number }
export type Row = { route: string; ours: Load; bare: Load; share: number }
export type Which = 'ours' | 'bare'

/** Sends the plan from a process of its own. */
export async function sendLoad(plan: LoadPlan): Promise<Load> {
  const script = new URL('bench-load.ts', import.meta.url).pathname
  const child = Bun.spawn([process.execPath, script], { stdio: [new Blob([JSON.stringify(plan)]), 'pipe', 'inherit'] })
  const answer = await new Response(child.stdout).text()
  if ((await child.exited) !== 0) throw new Error('The load generator failed')
  return JSON.parse(answer) as Load
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const medianLoad = (loads: Load[]): Load => ({
  perSecond: median(loads.map(({ perSecond }) => perSecond)),
  p50Ms: median(loads.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(loads.map(({ p99Ms }) => p99Ms)),
  failed: loads.reduce((sum, { failed }) => sum + failed, 0),
})

/**
 * Turn about, so that whatever else the machine does meets both alike; the share is the median over the turns' own shares.
 * The first turn warms up and does not count.
 */
export async function measureTurns(
  route: string,
  turns: number,
  send: (which: Which, turn: number) => Promise<Load>,
): Promise<Row> {
  const measured: Record<Which, Load[]> = { ours: [], bare: [] }
  for (let turn = 0; turn <= turns; turn++)
    for (const which of turn % 2 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
      const load = await send(which, turn)
      if (turn > 0) measured[which].push(load)
    }
  const shares = measured.ours.map(({ perSecond }, turn) => perSecond / (measured.bare[turn]?.perSecond ?? Number.NaN))
  return { route, ours: medianLoad(measured.ours), bare: medianLoad(measured.bare), share: median(shares) }
}

const line = (cells: (string | number)[]) =>
  cells.map((cell, place) => (place === 0 ? String(cell).padEnd(28) : String(cell).padStart(12))).join('')

export function turnsTable(title: string, rows: Row[], bareName: string): string {
  const cells = (name: string, { perSecond, p50Ms, p99Ms }: Load, share: string) =>
    line([name, Math.round(perSecond), p50Ms, p99Ms, share])
  return [
    title,
    line(['route', 'requests/s', 'p50 ms', 'p99 ms', 'share']),
    ...rows.flatMap(({ route, ours, bare, share }) => [
      cells(route, ours, `${Math.round(share * 100)}%`),
      cells(`  ${bareName}`, bare, ''),
    ]),
  ].join('\n')
}

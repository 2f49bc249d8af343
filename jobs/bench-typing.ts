import type { Command } from 'commander'
import type { Browser, Page } from 'playwright-core'
import { openOwnDatabase } from '../db/own-database.ts'
import { createApp } from '../edge/app.ts'
import { createModules, type Modules } from '../modules/index.ts'
import { buildAssets } from '../web/build-assets.ts'
import { addCommand, type Output, runs } from './command.ts'
import { demoProducts } from './draw/catalogue/index.ts'

const WORDS = [
  'linen shirt',
  'blue jeans',
  'wool jumper',
  'striped tee',
  'black dress',
  'everyday tee',
  'garden skirt',
  'white trousers',
  'green hoodie',
  'light jacket',
]
/** Between two letters: someone who types a hundred words a minute. */
const BETWEEN_MS = 120
/** Event timing tells nothing of what was shorter than this. */
const LEAST_MS = 16
const SLOWDOWNS = [1, 6]

type Which = 'box' | 'bare'
type Options = { url?: string; words: string }
type Typed = { interactions: number[]; blockedMs: number }
type Row = { slowdown: number; which: Which; letters: number; p50: number; p95: number; max: number; blockedMs: number }

export function registerBenchTyping(cli: Command): void {
  const about = 'From a letter typed into the search box to its paint, beside the same box without its script'
  const command = addCommand(cli, 'bench typing', about)
    .option('--url <url>', 'a shop that runs already; otherwise one of its own with the names of the demo catalogue')
    .option('--words <count>', 'how many texts are typed, each on a fresh page', String(WORDS.length))
  runs<Options>(command, async ({ options, out }) => {
    const { openBrowser } = await import('../web/browser.ts')
    const browser = await openBrowser()
    try {
      const texts = WORDS.slice(0, Number(options.words))
      const measure = (url: string) => measureTyping(browser, { url, texts }, out)
      const rows = options.url === undefined ? await withOwnShop(measure) : await measure(options.url)
      out.result({ rows }, describeRows(rows))
    } finally {
      await browser.close()
    }
  })
}

async function measureTyping(browser: Browser, { url, texts }: { url: string; texts: string[] }, out: Output) {
  const rows: Row[] = []
  const progress = out.progress('texts', texts.length * SLOWDOWNS.length * 2)
  for (const slowdown of SLOWDOWNS) {
    const typed: Record<Which, Typed[]> = { box: [], bare: [] }
    // Turn about, so that whatever else the machine does meets both alike.
    for (const [turn, text] of texts.entries())
      for (const which of turn % 2 ? (['bare', 'box'] as const) : (['box', 'bare'] as const)) {
        typed[which].push(await typeOn(browser, { url, text, slowdown, which }))
        progress.step()
      }
    rows.push(rowOf(slowdown, 'box', typed.box), rowOf(slowdown, 'bare', typed.bare))
  }
  progress.end()
  return rows
}

type Typing = { url: string; text: string; slowdown: number; which: Which }

/** Types on a fresh page, so that what the first letters load counts too. */
async function typeOn(browser: Browser, { url, text, slowdown, which }: Typing): Promise<Typed> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  try {
    const page = await context.newPage()
    if (which === 'bare') await page.route('**/assets/search-box-*.js', (route) => route.abort())
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.goto(new URL('/women', url).href, { waitUntil: 'networkidle' })
    await page.locator('#search').focus()
    await watch(page)
    const pressed: Promise<void>[] = []
    for (const letter of text) {
      // By the clock and not after the answer, as fingers do not wait either.
      pressed.push(page.keyboard.press(letter === ' ' ? 'Space' : letter))
      await Bun.sleep(BETWEEN_MS)
    }
    await Promise.all(pressed)
    return { ...(await watched(page, text)), blockedMs: await blocked(page) }
  } finally {
    await context.close()
  }
}

type Watched = { durations: Map<number, number>; blockedMs: number }

const watch = (page: Page) =>
  page.evaluate((durationThreshold) => {
    const seen: Watched = { durations: new Map(), blockedMs: 0 }
    Object.assign(globalThis, { seen })
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
        if (interactionId > 0)
          seen.durations.set(interactionId, Math.max(duration, seen.durations.get(interactionId) ?? 0))
    }).observe({ type: 'event', durationThreshold } as PerformanceObserverInit)
    new PerformanceObserver((list) => {
      for (const { blockingDuration } of list.getEntries() as (PerformanceEntry & { blockingDuration: number })[])
        seen.blockedMs += blockingDuration
    }).observe({ type: 'long-animation-frame' })
  }, LEAST_MS)

/** Of every letter the longest of its events, ms; asked once a frame came after all of them. */
async function watched(page: Page, text: string): Promise<{ interactions: number[] }> {
  const told = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) =>
        requestAnimationFrame(() =>
          setTimeout(() => resolve([...(globalThis as unknown as { seen: Watched }).seen.durations.values()]), 100),
        ),
      ),
  )
  return { interactions: [...told, ...Array.from({ length: text.length - told.length }, () => LEAST_MS)] }
}

const blocked = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Watched }).seen.blockedMs)

function rowOf(slowdown: number, which: Which, typed: Typed[]): Row {
  const sorted = typed.flatMap(({ interactions }) => interactions).toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  const blockedMs = Math.round(typed.reduce((sum, one) => sum + one.blockedMs, 0) / Math.max(typed.length, 1))
  return { slowdown, which, letters: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1), blockedMs }
}

const NAMES: Record<Which, string> = { box: 'search box', bare: '  the same without script' }

const line = (cells: (string | number)[]) =>
  cells.map((cell, place) => (place === 0 ? String(cell).padEnd(28) : String(cell).padStart(10))).join('')

function describeRows(rows: Row[]): string {
  return [
    'From the key to the paint, ms (16: that or less); blocked: by long frames, per text. Bar at 6x: p95 100, max 200',
    line(['', 'slowdown', 'letters', 'p50', 'p95', 'max', 'blocked']),
    ...rows.map(({ which, slowdown, letters, p50, p95, max, blockedMs }) =>
      line([NAMES[which], `${slowdown}x`, letters, p50, p95, max, blockedMs]),
    ),
  ].join('\n')
}

async function withOwnShop<T>(work: (url: string) => Promise<T>): Promise<T> {
  const own = await openOwnDatabase(`bench_${process.pid}`, { varDir: 'var/bench', pool: 4 })
  const modules = createModules(own.infra)
  const server = Bun.serve({ port: 0, fetch: createApp(modules, await buildAssets()).fetch })
  try {
    await saveProducts(modules)
    await modules.search.build()
    return await work(server.url.href)
  } finally {
    await server.stop(true)
    await modules.close()
    await own.discard()
  }
}

/** The demo catalogue with one plain picture each: what is typed finds as much as there, and nothing need be drawn. */
async function saveProducts({ catalog, media }: Modules): Promise<void> {
  const data = new Uint8ClampedArray(360 * 480 * 4).fill(180)
  for (const { spec: _spec, colours, ...product } of demoProducts()) {
    const stored = await media.storeRaster({ width: 360, height: 480, data })
    const shown = colours.map(({ name, hex }) => ({ name, hex }))
    const saved = await catalog.saveProduct({
      ...product,
      colours: shown,
      images: shown.map(({ name }) => Object.assign({ alt: product.name, colour: name }, stored)),
    })
    if (!saved.ok) throw new Error(saved.reason)
  }
}

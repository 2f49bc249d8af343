import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import type { PaymentKeys } from '../db/index.ts'
import { startWorker, type Worker } from '../db/jobs/worker.ts'
import type { SearchIndex } from '../db/search/index.ts'
import { openTestInfra } from '../db/testing.ts'
import { createApp } from '../edge/app.ts'
import { createModules } from '../modules/index.ts'
import { openBrowser } from './browser.ts'
import { buildAssets } from './build-assets.ts'

/** A camera that shows a test picture, for whoever allows it. */
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const LONG = 60_000

export type TestVisit = { page: Page; context: BrowserContext; complaints: string[] }
type Options = { width?: number; javaScriptEnabled?: boolean }

type AxeResult = { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }

const axeSource = Bun.file(join(import.meta.dir, '../node_modules/axe-core/axe.min.js'))

/** Breaches of any rule that axe has, and whatever is wider than the screen. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource.text())
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(of: Document): Promise<AxeResult> } }).axe.run(document),
  )
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  const said = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
  return wider > 0 ? [...said, `${wider} px wider than the screen`] : said
}

/** `keys`: how it is paid; `search`: an index of its own, instead of the one that all tests share. */
type ShopOptions = { keys?: Pick<PaymentKeys, 'stripe' | 'paypal'>; search?: SearchIndex }

/** The whole shop on a port of its own with a worker, and a browser to visit it with. */
export async function openTestShop({ keys, search }: ShopOptions = {}) {
  const server = Bun.serve({ port: 0, fetch: () => new Response('', { status: 503 }), idleTimeout: 120 })
  const stores = await openTestInfra()
  const baseUrl = server.url.href.replace(/\/$/, '')
  const infra = {
    ...stores,
    ...(keys && { paymentKeys: { ...keys, test: false, baseUrl } }),
    ...(search && { search }),
  }
  const modules = createModules(infra)
  const app = createApp(modules, await buildAssets())
  const browser = await openBrowser(CAMERA)
  server.reload({ fetch: (request, itself) => app.fetch(request, itself) })
  let worker: Worker | undefined
  const at = (path: string) => new URL(path, server.url).href

  /** A fresh visitor. What the browser complains of is kept, but for answers that a refused form is meant to have. */
  async function visit(path: string, { width = 1280, javaScriptEnabled = true }: Options = {}): Promise<TestVisit> {
    const context = await browser.newContext({
      viewport: { width, height: width < 600 ? 740 : 900 },
      javaScriptEnabled,
      reducedMotion: 'reduce',
      permissions: ['camera'],
    })
    context.setDefaultTimeout(LONG)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of (?:409|422)/.test(message.text())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => {
      // The browser's own word when it leaves out the fade to a page: it came too soon, or is isolated otherwise.
      if (!/view ?transition|transition was/i.test(error.message)) complaints.push(error.message)
    })
    await page.goto(at(path))
    return { page, context, complaints }
  }

  return {
    infra,
    modules,
    app,
    at,
    visit,
    faultsOf,
    browser,
    /** After the tables were emptied: what was queued before is gone with them. */
    startWork() {
      worker = startWorker(modules)
    },
    async close() {
      await worker?.stop()
      await browser.close()
      await server.stop(true)
      await modules.close()
    },
  }
}

/** A drawn picture to hang on products, stored as any other. */
export async function storePicture({ media }: Pick<ReturnType<typeof createModules>, 'media'>, colour: string) {
  const drawn = await sharp({ create: { width: 360, height: 480, channels: 3, background: colour } })
    .png()
    .toBuffer()
  const stored = await media.store(new Uint8Array(drawn))
  if (!stored.ok) throw new Error('the drawn picture was not accepted')
  const { key, width, height } = stored
  return { key, width, height }
}

const LOOK_AGAIN_MS = 25

/** What `look` finds, once it finds something; a worker or a page is at it meanwhile. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + LONG
  while (Date.now() < end) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new Error(`Still not: ${look}`)
}

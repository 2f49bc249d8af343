import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { openTestInfra } from '../db/testing.ts'
import { createModules } from '../modules/index.ts'
import { createApp } from './app.ts'

setDefaultTimeout(120_000)
const browserPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)
const app = createApp(createModules(await openTestInfra()))

test('the document names no path twice, and an answer for each of its routes', async () => {
  const { paths } = (await (await app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { responses: object }>>
  }
  expect(Object.keys(paths).length).toBeGreaterThan(5)
  for (const routes of Object.values(paths))
    for (const { responses } of Object.values(routes)) expect(Object.keys(responses)).not.toBeEmpty()
})

test('Swagger UI comes from our own disk, and nothing else does', async () => {
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'])
    expect((await app.request(`/docs/${file}`)).status).toBe(200)
  for (const file of ['package.json', '..%2Fpackage.json', 'swagger-ui-bundle.js.map'])
    expect((await app.request(`/docs/${file}`)).status).toBe(404)
})

test.if(browserPath !== undefined)('the document can be browsed under the content security policy', async () => {
  const server = Bun.serve({ port: 0, fetch: app.fetch })
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(error.message))
    await page.goto(`http://localhost:${server.port}/docs`)
    await page.getByText('/v1/products', { exact: true }).first().waitFor()
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
    await server.stop(true)
  }
})

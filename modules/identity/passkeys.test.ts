import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'
import { signInAs } from './testing.ts'

const BROWSERS = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
setDefaultTimeout(120_000)

const infra = await openTestInfra()
const modules = createModules(infra)
const app = createApp(modules)
let server: ReturnType<typeof Bun.serve>
let browser: Browser

beforeAll(async () => {
  const executablePath = BROWSERS.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('Passkey tests need Chromium: install it, or name it in CHROMIUM_PATH')
  server = Bun.serve({
    port: 0,
    fetch: (request) => (request.url.endsWith('/page') ? page() : app.fetch(request)),
  })
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
const page = () => new Response('<!doctype html><title>A page</title>', { headers: { 'content-type': 'text/html' } })

afterAll(async () => {
  await browser?.close()
  await server?.stop(true)
})
beforeEach(emptyTestInfra)

/** A page of the shop in a browser that holds an authenticator of its own. */
async function openDevice() {
  const context = await browser.newContext()
  const tab = await context.newPage()
  const devtools = await context.newCDPSession(tab)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await tab.goto(`http://localhost:${server.port}/page`)
  const credentials = () => devtools.send('WebAuthn.getCredentials', { authenticatorId })
  const credential = async () => (await credentials()).credentials[0]!
  return { tab, devtools, authenticatorId, credential, close: () => context.close() }
}

type Answer = { status: number; body: Record<string, never> }

/** What the script of a page does, with nothing but the browser's own functions. */
const pass = (tab: Page, what: 'create' | 'get', paths: { options: string; end: string }, bearer?: string) =>
  tab.evaluate(
    async ([action, optionsPath, endPath, token]) => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
      const begun = await fetch(optionsPath, { method: 'POST', headers })
      if (!begun.ok) return { status: begun.status, body: await begun.json() }
      const { options } = await begun.json()
      const passkey = (await (action === 'create'
        ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          }))) as PublicKeyCredential | null
      const body = JSON.stringify({ response: passkey?.toJSON(), ...(action === 'create' && { name: 'My phone' }) })
      const ended = await fetch(endPath, { method: 'POST', headers, body })
      return { status: ended.status, body: await ended.json(), sent: body }
    },
    [what, paths.options, paths.end, bearer ?? ''] as const,
  ) as Promise<Answer & { sent?: string }>

const CREATE = { options: '/v1/me/passkeys/options', end: '/v1/me/passkeys' }
const SIGN_IN = { options: '/v1/auth/passkeys/options', end: '/v1/auth/passkeys/sign-in' }

test('a passkey is added, signs in without a name being given, and signs in no more once it is removed', async () => {
  const device = await openDevice()
  const { user, grant, headers } = await signInAs(modules.identity, 'retailer')
  expect(await pass(device.tab, 'create', CREATE, grant.accessToken)).toMatchObject({ status: 201 })

  const signedIn = await pass(device.tab, 'get', SIGN_IN)
  expect(signedIn).toMatchObject({ status: 200, body: { user: { id: user.id, role: 'retailer' } } })
  // The cookies of the answer are the browser's own now.
  expect(await device.tab.evaluate(async () => (await fetch('/v1/me/sessions')).status)).toBe(200)

  const list = await app.request('/v1/me/passkeys', { headers })
  const { items } = (await list.json()) as { items: { id: string; name: string; usedAt: string | null }[] }
  expect(items).toMatchObject([{ name: 'My phone', usedAt: expect.any(String) }])
  const removed = await app.request(`/v1/me/passkeys/${items[0]!.id}`, { method: 'DELETE', headers })
  expect(removed.status).toBe(204)
  expect(await pass(device.tab, 'get', SIGN_IN)).toMatchObject({ status: 422 })
  const actions = (await modules.audit.listEntries({ limit: 10 })).items.map(({ action }) => action)
  expect(actions).toEqual(['identity.passkey_removed', 'identity.passkey_added', 'identity.user_created'])
  await device.close()
})

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })

test('an answer of an authenticator counts once, and only for the user who began it', async () => {
  const device = await openDevice()
  const [ada, bob] = [await signInAs(modules.identity), await signInAs(modules.identity)]
  const made = await pass(device.tab, 'create', CREATE, ada.grant.accessToken)
  expect((await post(CREATE.end, made.sent ?? '', ada.headers)).status).toBe(422)
  expect((await post(CREATE.end, made.sent ?? '', bob.headers)).status).toBe(422)
  const used = await pass(device.tab, 'get', SIGN_IN)
  expect(used.status).toBe(200)
  expect((await post(SIGN_IN.end, used.sent ?? '')).status).toBe(422)
  await device.close()
})

test('what is no challenge is refused before the database sees it', async () => {
  for (const challenge of ['"a\\u0000"', '7', '""', '{}']) {
    const clientDataJSON = Buffer.from(`{"challenge":${challenge}}`).toString('base64url')
    const response = { id: 'a', rawId: 'a', type: 'public-key', response: { clientDataJSON } }
    expect((await post(SIGN_IN.end, JSON.stringify({ response }))).status).toBe(422)
  }
})

test('a copy of an authenticator is found out by its count', async () => {
  const device = await openDevice()
  const { grant } = await signInAs(modules.identity)
  await pass(device.tab, 'create', CREATE, grant.accessToken)
  const copy = await device.credential()
  for (let i = 0; i < 2; i++) expect((await pass(device.tab, 'get', SIGN_IN)).status).toBe(200)
  const { authenticatorId } = device
  await device.devtools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: copy.credentialId })
  await device.devtools.send('WebAuthn.addCredential', { authenticatorId, credential: copy })
  expect((await pass(device.tab, 'get', SIGN_IN)).status).toBe(422)
  await device.close()
})

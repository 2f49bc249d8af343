import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const BROWSERS = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The Chromium of this machine without a window. Throws an error that says how to name another. */
export function openBrowser(more: string[] = []): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('Pages are tried in Chromium: install it, or name it in CHROMIUM_PATH')
  return chromium.launch({ executablePath, args: [...ARGS, ...more] })
}

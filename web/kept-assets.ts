import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssetFile, Assets } from './assets.ts'

const root = join(import.meta.dir, '..')

/** What the assets are made of: the pages, the pure code they share with the server, and the exact packages. */
const SOURCES = ['web/**/*.{ts,tsx,css,svg}', 'modules/*/pure/**/*.ts', 'package.json', 'bun.lock']

type Kept = Omit<Assets, 'files'> & {
  files: [path: string, file: { type: string; plain: string; gzip: string; brotli: string }][]
}

/**
 * The assets built from the sources as they are now: those kept in `dir` by an earlier start when nothing has changed,
 * else new ones, which are then kept. Throws as `buildAssets` does.
 */
export async function prepareAssets(dir: string): Promise<Assets> {
  const name = `${await digestOfSources()}.json`
  const kept = Bun.file(join(dir, name))
  if (await kept.exists()) return opened((await kept.json()) as Kept)
  const { buildAssets } = await import('./build-assets.ts')
  const assets = await buildAssets()
  await keep(assets, dir, name)
  return assets
}

async function digestOfSources(): Promise<string> {
  const paths = SOURCES.flatMap((pattern) => Array.from(new Bun.Glob(pattern).scanSync(root)))
    .filter((path) => !path.includes('.test.'))
    .toSorted()
  const texts = await Promise.all(paths.map((path) => Bun.file(join(root, path)).text()))
  const hasher = new Bun.CryptoHasher('sha256').update(Bun.version)
  for (const [index, path] of paths.entries()) hasher.update(`\0${path}\0${texts[index]}`)
  return hasher.digest('hex').slice(0, 32)
}

/** Renamed into place, so that a start cut short leaves nothing half; what older sources left behind goes. */
async function keep(assets: Assets, dir: string, name: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const files: Kept['files'] = [...assets.files].map(([path, { type, plain, gzip, brotli }]) => [
    path,
    { type, plain: inBase64(plain), gzip: inBase64(gzip), brotli: inBase64(brotli) },
  ])
  const unfinished = join(dir, `${name}.${process.pid}.new`)
  await Bun.write(unfinished, JSON.stringify({ ...assets, files }))
  await rename(unfinished, join(dir, name))
  const old = (await readdir(dir)).filter((file) => file.endsWith('.json') && file !== name)
  await Promise.all(old.map((file) => rm(join(dir, file), { force: true })))
}

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'))

const opened = ({ files, ...rest }: Kept): Assets => ({
  ...rest,
  files: new Map(
    files.map(([path, { type, plain, gzip, brotli }]): [string, AssetFile] => [
      path,
      { type, plain: bytesOf(plain), gzip: bytesOf(gzip), brotli: bytesOf(brotli) },
    ]),
  ),
})

import { createGenerator } from '@unocss/core'
import { presetWind4 } from '@unocss/preset-wind4'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { AssetFile, Assets } from './assets.ts'
import { shortcuts, theme } from './styles/theme.ts'

const here = import.meta.dir
const PREFIX = '/assets/'

/**
 * Builds the stylesheet from the class names written in the pages, and one ES module per file of islands/.
 * Takes most of a second of one core; `prepareAssets` keeps the outcome.
 * @throws Error naming what failed to compile
 */
export async function buildAssets(): Promise<Assets> {
  const files: Assets['files'] = new Map()
  const [css, islands] = await Promise.all([buildStylesheet(), buildIslands(files)])
  const stylesheet = `${PREFIX}shop-${Bun.hash(css).toString(36)}.css`
  files.set(stylesheet, compress(css, 'text/css; charset=utf-8'))
  const mark = await Bun.file(join(here, 'styles/mark.svg')).text()
  const icon = `${PREFIX}mark-${Bun.hash(mark).toString(36)}.svg`
  files.set(icon, compress(mark, 'image/svg+xml'))
  return { stylesheet, icon, islands, files }
}

async function buildStylesheet(): Promise<string> {
  const base = await Bun.file(join(here, 'styles/base.css')).text()
  const generator = await createGenerator({
    presets: [presetWind4()],
    theme,
    shortcuts: [shortcuts],
    preflights: [{ layer: 'house', getCSS: () => base }],
    layers: { properties: -400, theme: -300, base: -200, house: -100 },
  })
  const paths = [...new Bun.Glob('{pages,parts,tryon,islands}/**/*.{ts,tsx}').scanSync(here)].filter(
    (path) => !path.includes('.test.'),
  )
  const sources = await Promise.all(paths.map((path) => Bun.file(join(here, path)).text()))
  const { css } = await generator.generate(sources.join('\n'), { minify: true })
  return css
}

async function buildIslands(files: Assets['files']): Promise<Assets['islands']> {
  const entrypoints = [...new Bun.Glob('islands/*.{ts,tsx}').scanSync(here)].map((path) => join(here, path))
  const build = await Bun.build({
    entrypoints,
    target: 'browser',
    format: 'esm',
    splitting: true,
    minify: true,
    naming: { entry: '[name]-[hash].[ext]', chunk: '[name]-[hash].[ext]' },
    define: { 'process.env.NODE_ENV': '"production"' },
    jsx: { runtime: 'automatic', importSource: 'preact', development: false },
  })
  const islands: Assets['islands'] = {}
  for (const output of build.outputs) {
    const name = output.path.split('/').at(-1) ?? output.path
    const text = await output.text()
    files.set(PREFIX + name, compress(text, 'text/javascript; charset=utf-8'))
    if (output.kind === 'entry-point')
      islands[name.replace(/-[^-]+\.js$/, '')] = { src: PREFIX + name, chunks: eager(text) }
  }
  return islands
}

/** The chunks named in static import statements: preloading them saves the browser one round trip. */
const eager = (script: string): string[] =>
  [...script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, name]) => `${PREFIX}${name}`)

function compress(text: string, type: string): AssetFile {
  const plain = new TextEncoder().encode(text)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  return {
    type,
    plain,
    gzip: new Uint8Array(gzipSync(plain)),
    brotli: new Uint8Array(brotliCompressSync(plain, quality)),
  }
}

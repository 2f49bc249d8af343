import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { SizeChartSchema } from '../modules/catalog/index.ts'
import type { SizeChart } from '../modules/catalog/pure/size-chart.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { createPictures, type Encoding, type Pictures } from '../modules/media/index.ts'
import {
  BodySchema,
  createEngine,
  createPoseEstimator,
  pullModels,
  STAGES,
  startPoseEstimator,
} from '../modules/tryon/index.ts'
import type { BodyInput } from '../modules/tryon/pure/garment-size.ts'
import { GARMENT_CATEGORIES, type GarmentCategory } from '../modules/tryon/pure/garment.ts'
import type { Mask } from '../modules/tryon/pure/image.ts'
import { addCommand, runs } from './command.ts'

type Options = {
  person: string
  garment: string
  category?: GarmentCategory
  size?: string
  sizeChart?: string
  body?: string
  out: string
  report?: string
  masks?: string
}

const ENCODING_OF: Record<string, Encoding> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
}

/** Needs no shop and no database: two pictures in, one out. */
export function registerTryOn(cli: Command): void {
  const command = addCommand(cli, 'try-on', 'Put a garment on a person: two pictures in, one out')
    .requiredOption('--person <file>', 'picture of the person (JPEG, PNG, WebP, AVIF, GIF, TIFF)')
    .requiredOption('--garment <file>', 'picture of the garment, on a plain or cluttered ground or cut out')
    .addOption(
      new Option('--category <category>', 'what the garment is; found from its picture without').choices(
        GARMENT_CATEGORIES,
      ),
    )
    .option('--size <size>', 'size to draw; the middle one of the chart without')
    .option('--size-chart <file>', 'finished garment measures in cm, as JSON')
    .option('--body <file>', 'what is known of the body, as JSON: {"heightCm": 172}')
    .requiredOption('--out <file>', 'result: .png (lossless), .jpg, .webp or .avif, the size of the person picture')
    .option('--report <file>', 'what was found and drawn, as JSON')
    .option('--masks <dir>', 'write edit.png (what may differ) and garment.png (where it shows)')
    .addHelpText('after', '\nExit codes: 0 drawn, 1 failed, 2 refused (the reason is in the report) or bad input.')
  runs<Options>(command, async ({ options, out }) => {
    const encoding = ENCODING_OF[extname(options.out).toLowerCase()]
    if (!encoding) throw new AppError('invalid', `--out must end in ${Object.keys(ENCODING_OF).join(', ')}`)
    const pictures = createPictures()
    const modelsDir = join(resolve(readConfig(process.env).VAR_DIR), 'models')
    await pullModels(modelsDir)
    const job = {
      person: await bytesOf(options.person),
      garment: { picture: await bytesOf(options.garment), category: options.category },
      chart: options.sizeChart ? await readSizeChart(options.sizeChart) : undefined,
      size: options.size,
      body: options.body ? await readBody(options.body) : undefined,
    }
    const createEstimator = availableParallelism() > 1 ? startPoseEstimator : createPoseEstimator
    const estimator = createEstimator({ modelsDir })
    const engine = createEngine({ pictures, estimator, device: 'cpu' })
    const bar = out.progress('try-on', STAGES.length)
    const outcome = await engine.run(job, () => bar.step())
    bar.end()
    await engine.close()
    if (options.report) await writeWhole(options.report, `${JSON.stringify(outcome.report, null, 2)}\n`)
    if (!outcome.ok) {
      out.note(`refused: ${outcome.reason}. ${outcome.report.message ?? ''}`)
      out.result(outcome.report, '', 2)
      return
    }
    await writeWhole(options.out, await pictures.encode(outcome.picture, encoding))
    if (options.masks) await writeMasks(options.masks, { edit: outcome.edit, garment: outcome.cloth }, pictures)
    out.result(outcome.report, `${options.out}: ${Math.round(outcome.report.timingsMs['total'] ?? 0)} ms`)
  })
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new AppError('invalid', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`)
  })
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await bytesOf(path))) as unknown
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', `${path} is not JSON`)
  }
}

const issuesOf = (path: string, issues: { path: PropertyKey[]; message: string }[]) =>
  new AppError('invalid', `${path}: ${issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`)

async function readSizeChart(path: string): Promise<SizeChart> {
  const read = SizeChartSchema.safeParse(await jsonOf(path))
  if (!read.success) throw issuesOf(path, read.error.issues)
  return read.data as SizeChart
}

async function readBody(path: string): Promise<BodyInput> {
  const read = BodySchema.safeParse(await jsonOf(path))
  if (!read.success) throw issuesOf(path, read.error.issues)
  return read.data
}

/** Under another name first: nobody finds half a file. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(resolve(path)), { recursive: true })
  const temporary = `${path}.${process.pid}.part`
  await writeFile(temporary, content)
  await rename(temporary, path)
}

async function writeMasks(dir: string, masks: Record<string, Mask>, pictures: Pictures): Promise<void> {
  for (const [name, mask] of Object.entries(masks))
    await writeWhole(join(dir, `${name}.png`), await pictures.encodeMask(mask))
}

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../modules/kernel/config.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { createPictures, type Pictures } from '../modules/media/index.ts'
import {
  createEngine,
  createPoseEstimator,
  type PoseEstimator,
  prepareGarment,
  pullModels,
} from '../modules/tryon/index.ts'
import type { PreparedGarment } from '../modules/tryon/pure/garment.ts'
import type { Raster } from '../modules/tryon/pure/image.ts'
import { judgePose, legsHang } from '../modules/tryon/pure/judge-pose.ts'
import { segmentPerson } from '../modules/tryon/pure/parts-segment.ts'
import { PART, type PersonParts } from '../modules/tryon/pure/parts.ts'
import type { Pose } from '../modules/tryon/pure/pose.ts'
import { renderTryOn } from '../modules/tryon/pure/render-try-on.ts'
import { addCommand, type Output, runs } from './command.ts'
import { contactSheet } from './contact-sheet.ts'
import { measureSizes } from './try-on-sizes.ts'
import { countChangedOutside, coverOfBody, leakOf, poseDrift, printFidelity } from './try-on-quality.ts'

/** One garment of every kind that a shop sells; others with `--garments`. */
const DOZEN = [
  'saleor_dash-tee-front',
  'cc0_tshirt_04',
  'saleor_polo-shirt-front',
  'cc0_longsleeve_02',
  'saleor_blue-hoodie',
  'cc0_shirt_02',
  'cc0_outwear_00',
  'cc0_pants_08',
  'cc0_shorts_02',
  'cc0_skirt_02',
  'cc0_dress_08',
  'cc0_dress_06',
]

type Options = { photos: string; out: string; garments?: string; persons?: string }
type Person = { name: string; picture: Raster; pose: Pose; parts: PersonParts }
type Row = Record<string, string | number>

export function registerBenchTryOn(cli: Command): void {
  const about = 'Dress every person in every kind of garment: a table of quality and time, and a contact sheet'
  const command = addCommand(cli, 'bench try-on', about)
    .option('--photos <dir>', 'folder with persons/, persons-synthetic/ and garments/', '../shared/photos')
    .option('--out <dir>', 'where the contact sheet and the pictures go', 'var/bench/try-on')
    .option('--garments <names>', 'names of garment pictures, with commas')
    .option('--persons <names>', 'names of person pictures, with commas')
  runs<Options>(command, async ({ options, out }) => {
    const modelsDir = join(resolve(readConfig(process.env).VAR_DIR), 'models')
    await pullModels(modelsDir)
    const bench = { pictures: createPictures(), estimator: createPoseEstimator({ modelsDir }), out, options }
    const result = await runBench(bench)
    bench.estimator.close()
    out.result(result, result.text)
  })
}

type Bench = { pictures: Pictures; estimator: PoseEstimator; out: Output; options: Options }

async function runBench(bench: Bench) {
  const { options, out, pictures } = bench
  const people: Person[] = []
  const refused: string[] = []
  for (const path of await pictureFiles(options.photos, ['persons', 'persons-synthetic'], options.persons)) {
    const person = await readPerson(bench, path)
    if (typeof person === 'string') refused.push(`${nameOf(path)}: ${person}`)
    else people.push(person)
  }
  const garments = await readGarments(bench)
  const bar = out.progress('try-on', people.length * garments.length)
  const rows: Row[] = []
  const cells: (Raster | undefined)[] = [undefined, ...garments.map(({ garment }) => garment.cutout)]
  for (const person of people) {
    cells.push(person.picture)
    for (const { name, garment } of garments) {
      if (garment.category !== 'top' && !legsHang(person.pose)) {
        refused.push(`${person.name} in ${name}: pose_unsupported`)
        cells.push(undefined)
        bar.step()
        continue
      }
      const { row, picture } = await dress(bench, person, name, garment)
      rows.push(row)
      cells.push(picture)
      bar.step()
    }
  }
  bar.end()
  await Bun.$`mkdir -p ${options.out}`.quiet()
  const sheet = join(options.out, 'contact-sheet.png')
  await writeFile(sheet, await pictures.encode(contactSheet(cells, garments.length + 1, [240, 320]), 'png'))
  const sizes = measureSizes(people, garments)
  const times = await timeEngine(bench)
  const text = [
    table(rows),
    sizes.text,
    times.text,
    `refused: ${refused.join(', ') || 'none'}`,
    `contact sheet: ${sheet}`,
  ].join('\n\n')
  return { rows, sizes: sizes.rows, times: times.times, cold: times.cold, refused, sheet, text }
}

const nameOf = (path: string) => basename(path).replace(/\.[^.]+$/, '')

async function pictureFiles(photos: string, folders: string[], only?: string): Promise<string[]> {
  const wanted = only?.split(',')
  const files: string[] = []
  for (const folder of folders) {
    const dir = join(photos, folder)
    const names = await readdir(dir).catch(() => {
      throw new AppError('invalid', `${dir}: no such folder; say where pictures are with --photos`)
    })
    for (const name of names.toSorted())
      if (/^[^.]+\.(png|jpe?g|webp|avif)$/.test(name) && (!wanted || wanted.includes(nameOf(name))))
        files.push(join(dir, name))
  }
  return files
}

async function readPicture(pictures: Pictures, path: string): Promise<Raster> {
  const read = await pictures.read(new Uint8Array(await readFile(path)))
  if (!read.ok) throw new AppError('invalid', `${path}: ${read.reason}`)
  return read.picture
}

async function readPerson({ pictures, estimator }: Bench, path: string): Promise<Person | string> {
  const picture = await readPicture(pictures, path)
  const judged = judgePose(await estimator.estimate(picture), picture.width, picture.height)
  if (!judged.ok) return judged.reason
  return { name: nameOf(path), picture, pose: judged.person, parts: segmentPerson(picture, judged.person) }
}

async function readGarments({ pictures, options, out }: Bench): Promise<{ name: string; garment: PreparedGarment }[]> {
  const garments: { name: string; garment: PreparedGarment }[] = []
  for (const path of await pictureFiles(options.photos, ['garments'], options.garments ?? DOZEN.join(','))) {
    const prepared = await prepareGarment(await readPicture(pictures, path))
    if (prepared.ok) garments.push({ name: nameOf(path), garment: prepared.garment })
    else out.note(`${nameOf(path)}: ${prepared.reason}`)
  }
  return garments
}

const clock = () => performance.now()

async function dress(bench: Bench, person: Person, name: string, garment: PreparedGarment) {
  const { picture, pose, parts } = person
  const from = clock()
  const rendered = renderTryOn({ picture, pose, parts, garment, measures: {}, body: { heightCm: 172 }, clock })
  const ms = clock() - from
  const again = judgePose(await bench.estimator.estimate(rendered.picture), picture.width, picture.height)
  const cover = coverOfBody(parts, pose, rendered.cloth)
  const worn = garment.category === 'bottom' ? PART.lower : PART.upper
  const row: Row = {
    person: person.name,
    garment: name,
    kind: `${garment.category} ${garment.cut}`,
    changedOutside: countChangedOutside(picture, rendered.picture, rendered.edit),
    face: cover.face,
    hairAndHands: round(100 * Math.max(cover.hair, cover.hands)),
    poseDrift: round(100 * poseDrift(pose, again.ok ? again.person : undefined)),
    ssim: round(printFidelity(garment, rendered), 3),
    leak: garment.openFront ? 0 : round(100 * leakOf(parts, picture, rendered, worn)),
    ms: Math.round(ms),
  }
  await Bun.$`mkdir -p ${bench.options.out}`.quiet()
  await writeFile(
    join(bench.options.out, `${person.name}--${name}.png`),
    await bench.pictures.encode(rendered.picture, 'png'),
  )
  return { row, picture: rendered.picture }
}

const round = (value: number, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits

/** The pipeline from bytes to picture, as the API runs it: the first run in this process is cold for the engine's own parts. */
async function timeEngine({ pictures, options }: Bench) {
  const modelsDir = join(resolve(readConfig(process.env).VAR_DIR), 'models')
  const engine = createEngine({ pictures, estimator: createPoseEstimator({ modelsDir }), device: 'cpu' })
  const paths = timedPaths(options)
  const person = new Uint8Array(await readFile(paths.person))
  const garment = new Uint8Array(await readFile(paths.garment))
  const times: Record<string, number>[] = []
  for (let i = 0; i < 6; i++) {
    const outcome = await engine.run({ person, garment: { picture: garment } })
    times.push(outcome.report.timingsMs)
  }
  await engine.close()
  const warm = times.slice(1).toSorted((a, b) => (a['total'] ?? 0) - (b['total'] ?? 0))[2] ?? {}
  const cold = await timeCold(paths, options.out)
  const text = [
    `time, 768x1024, CPU, ms (median of 5 after one): ${JSON.stringify(warm)}`,
    `cold, the command in a new process (best of 3, bar < 4000): ${JSON.stringify(cold)}`,
  ].join('\n')
  return { times, cold, text }
}

const timedPaths = ({ photos }: Options) => ({
  person: join(photos, 'persons', 'catvton_men_model_7.png'),
  garment: join(photos, 'garments', 'saleor_dash-tee-front.png'),
})

/** `total` as the report tells it, `process` from start to end with the files written, `cpu` of all its threads, ms. */
async function timeCold({ person, garment }: ReturnType<typeof timedPaths>, dir: string) {
  const tries: { total: number; process: number; cpu: number }[] = []
  const main = join(import.meta.dir, 'main.ts')
  const pair = ['--person', person, '--garment', garment, '--out', join(dir, 'cold.png'), '--json']
  for (let i = 0; i < 3; i++) {
    const from = clock()
    const child = Bun.spawn([process.execPath, main, 'try-on', ...pair], { stdout: 'pipe', stderr: 'ignore' })
    const { timingsMs } = (await new Response(child.stdout).json()) as { timingsMs: Record<string, number> }
    await child.exited
    const cpu = Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000
    tries.push({ total: timingsMs['total'] ?? Number.NaN, process: Math.round(clock() - from), cpu: Math.round(cpu) })
  }
  return tries.toSorted((a, b) => a.total - b.total)[0]
}

function table(rows: Row[]): string {
  const names = Object.keys(rows[0] ?? {})
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length)))
  const line = (cells: string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  const worst = (name: string, pick: (values: number[]) => number) => pick(rows.map((row) => Number(row[name])))
  const summary = [
    ['pixels changed outside the edit mask', 'bar 0', worst('changedOutside', (v) => Math.max(...v))],
    ['face pixels covered', 'bar 0', worst('face', (v) => Math.max(...v))],
    ['hair and hands covered, % (worst)', 'bar < 1', worst('hairAndHands', (v) => Math.max(...v))],
    ['pose drift, % of shoulder width (median)', 'bar < 3', worst('poseDrift', median)],
    ['print fidelity, SSIM (median)', 'bar >= 0.95', worst('ssim', median)],
    ['old garment left, % (worst)', 'bar 0', worst('leak', (v) => Math.max(...v))],
    ['render, ms (median)', '', worst('ms', median)],
  ]
  return [
    line(names),
    ...rows.map((row) => line(names.map((name) => String(row[name])))),
    '',
    ...summary.map((cells) => cells.join('  ')),
  ].join('\n')
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { createPictures } from '../modules/media/index.ts'
import { cutGarment, photographGarment } from '../modules/tryon/pure/drawn-garment.ts'
import { drawMannequin } from '../modules/tryon/testing-mannequin.ts'
import { runCommand } from './testing.ts'

// Each run is a process of its own that loads the networks.
setDefaultTimeout(120_000)

const dir = await mkdtemp(join(tmpdir(), 'try-on-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const at = (name: string) => join(dir, name)

const [WIDTH, HEIGHT] = [240, 320]
const mannequin = drawMannequin({ width: WIDTH, height: HEIGHT })
const CHART = {
  unit: 'cm',
  category: 'top',
  sizes: {
    S: { chest: 98, length: 60, shoulder: 42, sleeve: 18 },
    M: { chest: 104, length: 66, shoulder: 44, sleeve: 21 },
    L: { chest: 110, length: 72, shoulder: 46, sleeve: 24 },
  },
}

beforeAll(async () => {
  const pictures = createPictures()
  await Bun.write(at('me.png'), await pictures.encode(mannequin, 'png'))
  await Bun.write(at('tee.jpg'), await pictures.encode(photographGarment(cutGarment('tee')), 'jpeg'))
  await Bun.write(at('chart.json'), JSON.stringify(CHART))
  await Bun.write(at('inches.json'), JSON.stringify({ ...CHART, unit: 'in' }))
  await Bun.write(at('body.json'), '{"heightCm": 168}')
})

/** Runs the command as a person would; `{}` stands for the folder of this test. */
const tryOn = (...args: string[]) => runCommand('try-on', ...args.map((arg) => arg.replace('{}', dir)))

const PAIR = ['--person', '{}/me.png', '--garment', '{}/tee.jpg']
const reportAt = async (name: string) => (await Bun.file(at(name)).json()) as Record<string, never>

async function grey(name: string) {
  const { format, channels, depth } = await sharp(at(name)).metadata()
  const { data, info } = await sharp(at(name)).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { data, kind: [format, channels, depth], size: [info.width, info.height] }
}

/** The lowest row where the garment shows in the middle of the picture. */
async function hemRow(mask: string): Promise<number> {
  const { data } = await grey(mask)
  let row = 0
  for (let y = 0; y < HEIGHT; y++) if (data[y * WIDTH + WIDTH / 2]! > 127) row = y
  return row
}

describe('two pictures in, one out', () => {
  const large = ['--size', 'L', '--out', '{}/l/out.png', '--report', '{}/l/report.json', '--masks', '{}/l/masks']
  const known = ['--size-chart', '{}/chart.json', '--body', '{}/body.json']
  let first: Awaited<ReturnType<typeof tryOn>>
  beforeAll(async () => {
    first = await tryOn(...PAIR, ...known, ...large)
  }, 120_000)

  test('it says where the picture is, and leaves nothing half written', async () => {
    expect([first.exitCode, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain(at('l/out.png'))
    expect((await readdir(at('l'))).toSorted()).toEqual(['masks', 'out.png', 'report.json'])
    expect((await readdir(at('l/masks'))).toSorted()).toEqual(['edit.png', 'garment.png'])
  })

  test('the picture has the size of the person, and is the same to the byte where nothing was edited', async () => {
    const { data, info } = await sharp(at('l/out.png')).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([WIDTH, HEIGHT])
    const edit = await grey('l/masks/edit.png')
    let [outside, inside] = [0, 0]
    for (let i = 0; i < WIDTH * HEIGHT; i++)
      for (let c = 4 * i; c < 4 * i + 4; c++) {
        if (data[c] === mannequin.data[c]) continue
        if (edit.data[i] === 0) outside++
        else inside++
      }
    expect(outside).toBe(0)
    expect(inside).toBeGreaterThan(0.1 * WIDTH * HEIGHT)
  })

  test('the masks are 8-bit pictures of the same size', async () => {
    for (const name of ['edit', 'garment']) {
      const { kind, size } = await grey(`l/masks/${name}.png`)
      expect([kind, size]).toEqual([
        ['png', 1, 'uchar'],
        [WIDTH, HEIGHT],
      ])
    }
  })

  test('the report says what was found and drawn', async () => {
    const report = await reportAt('l/report.json')
    expect(report).toMatchObject({ status: 'ok', size: 'L', heightCm: 168, heightAssumed: false, device: 'cpu' })
    expect(report).toMatchObject({ garment: { category: 'top' }, measuresCm: CHART.sizes.L })
    expect(report['landmarks']).toHaveLength(33)
    for (const name of ['pixelsPerCm', 'placement', 'timingsMs']) expect(report).toHaveProperty(name)
  })

  test('a smaller size is shorter by as many centimetres as the chart says, and the answer can be JSON', async () => {
    const small = ['--size', 'S', '--out', '{}/s.webp', '--masks', '{}/s-masks', '--category', 'top', '--json']
    const { exitCode, stdout } = await tryOn(...PAIR, ...known, ...small)
    const report = JSON.parse(stdout) as { size: string; pixelsPerCm: number }
    expect([exitCode, report.size]).toEqual([0, 'S'])
    const shorter = (await hemRow('l/masks/garment.png')) - (await hemRow('s-masks/garment.png'))
    expect(Math.abs(shorter / report.pixelsPerCm - 12)).toBeLessThan(1.5)
    expect((await sharp(at('s.webp')).metadata()).width).toBe(WIDTH)
  })
})

test('a refusal exits 2 with its reason, writes the report and no picture', async () => {
  const files = ['--out', '{}/none.png', '--report', '{}/none.json', '--masks', '{}/none-masks']
  const { exitCode, stdout, stderr } = await tryOn('--person', '{}/tee.jpg', '--garment', '{}/tee.jpg', ...files)
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain('no_person')
  expect(await reportAt('none.json')).toMatchObject({ status: 'refused', reason: 'no_person', landmarks: [] })
  expect([existsSync(at('none.png')), existsSync(at('none-masks'))]).toEqual([false, false])
})

test.each([
  ['a picture that is not there', ['--person', '{}/nobody.png', '--garment', '{}/tee.jpg'], '{}/x.png', 'no such file'],
  ['a kind of picture that is not written', PAIR, '{}/x.gif', '--out must end in'],
  ['a size chart in inches', [...PAIR, '--size-chart', '{}/inches.json'], '{}/x.png', 'unit must be "cm"'],
  ['a body that is a picture', [...PAIR, '--body', '{}/me.png'], '{}/x.png', 'is not JSON'],
])('%s is bad input: it exits 2, says why and writes nothing', async (_what, args, out, why) => {
  const { exitCode, stderr } = await tryOn(...args, '--out', out)
  expect(exitCode).toBe(2)
  expect(stderr).toContain(why)
  expect(stderr).not.toContain('    at ')
  expect(existsSync(at(`x${out.slice(-4)}`))).toBe(false)
})

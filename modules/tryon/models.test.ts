import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { DETECTOR_FILE, ensureModels, LANDMARK_FILE, listModels, pullModels } from './models.ts'
import { addInputMetadata } from './pure/tflite-metadata.ts'

let modelsDir: string
beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'models-'))
})
afterEach(() => rm(modelsDir, { recursive: true, force: true }))

const states = async () => (await listModels(modelsDir)).map(({ state }) => state)

test('pulling puts every model in place once, and leaves nothing half written', async () => {
  expect(await states()).toEqual(['missing', 'missing', 'missing'])
  const { written } = await pullModels(modelsDir)
  expect(await states()).toEqual(['present', 'present', 'present'])
  expect((await readdir(modelsDir)).toSorted()).toEqual(written.toSorted())
  expect(await pullModels(modelsDir)).toEqual({ written: [] })
})

test('a damaged model is noticed by its checksum and replaced, the others are not touched', async () => {
  await pullModels(modelsDir)
  const untouched = (await stat(join(modelsDir, LANDMARK_FILE))).mtimeMs
  const { size } = await stat(join(modelsDir, DETECTOR_FILE))
  await writeFile(join(modelsDir, DETECTOR_FILE), new Uint8Array(size))
  expect(await states()).toEqual(['damaged', 'present', 'present'])
  expect(await pullModels(modelsDir)).toEqual({ written: [DETECTOR_FILE] })
  expect(await states()).toEqual(['present', 'present', 'present'])
  expect((await stat(join(modelsDir, LANDMARK_FILE))).mtimeMs).toBe(untouched)
})

test('what is needed is put in place on demand, also in place of a file cut short', async () => {
  await ensureModels(modelsDir, [DETECTOR_FILE])
  expect(await readdir(modelsDir)).toEqual([DETECTOR_FILE])
  await truncate(join(modelsDir, DETECTOR_FILE), 1000)
  await ensureModels(modelsDir, [DETECTOR_FILE])
  expect((await states())[0]).toBe('present')
})

test('several pulls at once all succeed', async () => {
  await Promise.all([pullModels(modelsDir), pullModels(modelsDir), pullModels(modelsDir)])
  expect(await states()).toEqual(['present', 'present', 'present'])
})

test('every model says where it is from and under which licence', async () => {
  for (const { model } of await listModels(modelsDir)) {
    expect(model.licence).toBe('Apache-2.0')
    expect(model.source).toStartWith('npm:')
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('metadata is added in front of a model whose own bytes stay as they are', async () => {
  await ensureModels(modelsDir, [DETECTOR_FILE])
  const model = new Uint8Array(await Bun.file(join(modelsDir, DETECTOR_FILE)).arrayBuffer())
  const extended = addInputMetadata(model, { mean: 127.5, std: 127.5 })
  const added = extended.length - model.length
  expect(added % 16).toBe(0)
  expect(Buffer.compare(extended.subarray(added), model)).toBe(0)
  const front = Buffer.from(extended.subarray(0, added)).toString('latin1')
  expect(front.slice(4, 8)).toBe('TFL3')
  expect(front).toContain('TFLITE_METADATA')
  expect(front).toContain('M001')
  expect(() => addInputMetadata(new Uint8Array(64), { mean: 0, std: 255 })).toThrow('Not a TFLite model')
})

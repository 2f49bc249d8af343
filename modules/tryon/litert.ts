import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { type CompiledModel, loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core'

/** A network ready to run: one float input of `shape`, its outputs in the file's order. Each call gives fresh arrays. */
export type Network = { run(input: Float32Array, shape: number[]): Promise<Float32Array[]>; close(): void }

let loading: Promise<unknown> | undefined

/** An adapter whose device is none: what the loader asks for first, and complains about when there is no `navigator.gpu`. */
const noGpu = { requestAdapter: async () => ({ limits: {}, features: new Set(), requestDevice: async () => null }) }

/**
 * The package's loader expects a classic web worker: it calls `importScripts` and finds `ModuleFactory` on the global object. Here
 * that script is evaluated with the `require` it uses for reading its `.wasm`. It would also take a GPU when it finds one; these
 * networks run on the CPU. Everything put on global objects goes away once it has loaded.
 */
async function load(): Promise<void> {
  const require = createRequire(import.meta.url)
  const wasmDir = join(dirname(require.resolve('@litertjs/core/package.json')), 'wasm')
  const scope = globalThis as Record<string, unknown>
  const gpu = Object.getOwnPropertyDescriptor(navigator, 'gpu')
  Object.defineProperty(navigator, 'gpu', { value: noGpu, configurable: true })
  scope['importScripts'] = (path: string) => {
    const source = `${readFileSync(path, 'utf8')}\nreturn ModuleFactory`
    const script = compileFunction(source, ['require', '__filename', '__dirname'], { filename: path })
    scope['ModuleFactory'] = script(createRequire(path), path, dirname(path))
    scope['Module'] = { print: () => {}, printErr: () => {} }
  }
  try {
    await loadLiteRt(wasmDir)
  } finally {
    delete scope['importScripts']
    if (gpu) Object.defineProperty(navigator, 'gpu', gpu)
    else Reflect.deleteProperty(navigator, 'gpu')
  }
}

/** Compiles a `.tflite` file for the CPU (WASM SIMD, XNNPACK). The runtime is loaded once per process, on first use. */
export async function loadNetwork(path: string): Promise<Network> {
  const bytes = await readFile(path)
  await (loading ??= load())
  const model: CompiledModel = await loadAndCompile(new Uint8Array(bytes), { accelerator: 'wasm' })
  return {
    async run(input, shape) {
      const tensor = new Tensor(input, shape)
      try {
        const outputs = await model.run(tensor)
        return outputs.map((output) => {
          const values = Float32Array.from(output.toTypedArray())
          output.delete()
          return values
        })
      } finally {
        tensor.delete()
      }
    },
    close: () => model.delete(),
  }
}

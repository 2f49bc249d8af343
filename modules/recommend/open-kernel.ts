import { matrixKernelBytes } from './pure/matrix-kernel-wasm.ts'
import { openPlainKernel, type OpenKernel } from './pure/matrix-kernel.ts'

const PAGE_FLOATS = 16_384

/** The kernel in WebAssembly, or undefined where the machine has no SIMD in it or not so much memory. */
function openWasmKernel(floats: number): ReturnType<OpenKernel> | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(floats / PAGE_FLOATS) })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(matrixKernelBytes()), { host: { memory } })
    const run = exports['run'] as (...bytes: number[]) => void
    return {
      name: 'wasm',
      memory: new Float32Array(memory.buffer, 0, floats),
      subtractProduct: (...[c, stride, a, b, depth, tiles]) => run(4 * c, 4 * stride, 4 * a, 4 * b, depth, tiles),
    }
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The fastest kernel that this machine has. */
export const openKernel: OpenKernel = (floats) => openWasmKernel(floats) ?? openPlainKernel(floats)

import '@tensorflow/tfjs-backend-webgpu'
import { env, matMul, ready, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core'

// What the library takes for a browser by itself comes with its stores of models, and the bundler leaves it out.
env().setPlatform('browser', {
  fetch: (path, init) => fetch(path, init),
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes),
  isTypedArray: (value): value is Float32Array => ArrayBuffer.isView(value) && !(value instanceof DataView),
})

/**
 * The products of `rows` vectors of `dimensions` numbers with one of them, on the GPU. Only loaded where that pays, since
 * this file brings TensorFlow.js with it.
 * @throws Error where the device has no GPU to give, or loses it
 */
export async function dotsOnGpu(vectors: Int8Array, profile: Float64Array, rows: number): Promise<Float32Array> {
  if (!(await setBackend('webgpu'))) throw new Error('No WebGPU on this device')
  await ready()
  const dimensions = profile.length
  const product = tidy(() =>
    matMul(
      tensor2d(Float32Array.from(vectors), [rows, dimensions]),
      tensor2d(Float32Array.from(profile), [dimensions, 1]),
    ),
  )
  try {
    return (await product.data()) as Float32Array
  } finally {
    product.dispose()
  }
}

/** One convolution: weights [out][in][k][k], batch norm folded in, "same" padding. */
type Layer = {
  out: number
  in: number
  kernel: number
  stride: number
  dilation: number
  weights: Float32Array
  bias: Float32Array
}

/** The silhouette network: `size` is the side of its square input, names and classes those of its outputs. */
export type GarmentNet = { names: string[]; classes: string[]; size: number; layers: Map<string, Layer> }

type Header = {
  names: string[]
  classes: string[]
  size: number
  layers: { name: string; shape: [number, number, number, number]; stride: number; dilation: number }[]
}

/** Channels first: `data[(c * height + y) * width + x]`. */
type Planes = { channels: number; width: number; height: number; data: Float32Array }

/** Reads the weights that `jobs/training/train-landmarks.py` writes. Throws RangeError on a truncated file. */
export const parseGarmentNet = (bytes: Uint8Array): GarmentNet => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = view.getUint32(0, true)
  let text = ''
  for (let i = 4; i < 4 + headerLength; i++) text += String.fromCodePoint(view.getUint8(i))
  const header = JSON.parse(text) as Header
  const layers = new Map<string, Layer>()
  let at = 4 + headerLength
  for (const { name, shape, stride, dilation } of header.layers) {
    const [out, into, kernel] = shape
    const per = into * kernel * kernel
    const bias = new Float32Array(out)
    const weights = new Float32Array(out * per)
    for (let o = 0; o < out; o++) {
      const scale = view.getFloat32(at + o * 4, true)
      bias[o] = view.getFloat32(at + (out + o) * 4, true)
      for (let i = 0; i < per; i++) weights[o * per + i] = view.getInt8(at + out * 8 + o * per + i) * scale
    }
    at += out * 8 + out * per
    layers.set(name, { out, in: into, kernel, stride, dilation, weights, bias })
  }
  return { names: header.names, classes: header.classes, size: header.size, layers }
}

/** Copies the planes into a frame of zeros, so that the convolution needs no test at the borders. */
const pad = (input: Planes, by: number): Planes => {
  const width = input.width + 2 * by
  const height = input.height + 2 * by
  const data = new Float32Array(input.channels * width * height)
  for (let c = 0; c < input.channels; c++) {
    for (let y = 0; y < input.height; y++) {
      const from = (c * input.height + y) * input.width
      data.set(input.data.subarray(from, from + input.width), (c * height + y + by) * width + by)
    }
  }
  return { channels: input.channels, width, height, data }
}

const convolve = (layer: Layer, input: Planes, relu: boolean): Planes => {
  const { out, kernel, stride, dilation, weights } = layer
  const padded = pad(input, dilation * (kernel >> 1))
  const width = Math.ceil(input.width / stride)
  const height = Math.ceil(input.height / stride)
  const area = width * height
  const data = new Float32Array(out * area)
  for (let o = 0; o < out; o++) {
    const plane = data.subarray(o * area, (o + 1) * area)
    plane.fill(layer.bias[o]!)
    for (let c = 0; c < layer.in; c++) {
      for (let k = 0; k < kernel * kernel; k++) {
        const weight = weights[(o * layer.in + c) * kernel * kernel + k]!
        const base = (c * padded.height + ((k / kernel) | 0) * dilation) * padded.width + (k % kernel) * dilation
        for (let y = 0, to = 0; y < height; y++) {
          let from = base + y * stride * padded.width
          for (const end = to + width; to < end; to++, from += stride) plane[to]! += weight * padded.data[from]!
        }
      }
    }
    if (relu) for (let i = 0; i < area; i++) if (plane[i]! < 0) plane[i] = 0
  }
  return { channels: out, width, height, data }
}

const plus = (a: Planes, b: Planes): Planes => ({ ...a, data: a.data.map((v, i) => v + b.data[i]!) })

const double = (input: Planes): Planes => {
  const width = input.width * 2
  const height = input.height * 2
  const data = new Float32Array(input.channels * width * height)
  for (let i = 0; i < data.length; i++) {
    const x = i % width
    const row = (i / width) | 0
    const c = (row / height) | 0
    data[i] = input.data[(c * input.height + ((row % height) >> 1)) * input.width + (x >> 1)]!
  }
  return { channels: input.channels, width, height, data }
}

const planeMeans = (input: Planes): Planes => {
  const area = input.width * input.height
  const data = new Float32Array(input.channels)
  for (let i = 0; i < input.data.length; i++) data[(i / area) | 0]! += input.data[i]! / area
  return { channels: input.channels, width: 1, height: 1, data }
}

const softmax = (logits: Float32Array): Float32Array => {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = logits.map((v) => Math.exp(v - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((v) => v / sum)
}

export type NetReading = {
  /** Per name: x, y from 0 to 1 over the input square, and how concentrated its heatmap is (0 to 1). */
  points: { x: number; y: number; certainty: number }[]
  /** Probability per class. */
  classes: Float32Array
  /** Probability that the garment has been turned by 0, 1, 2, 3 quarter turns clockwise. */
  turns: Float32Array
}

/** Mean position near the peak of one heatmap: what lies far from the peak is another candidate, not a blur of this one. */
const readHeatmap = (logits: Float32Array, side: number): { x: number; y: number; certainty: number } => {
  const p = softmax(logits)
  let peak = 0
  for (let i = 1; i < p.length; i++) if (p[i]! > p[peak]!) peak = i
  const px = peak % side
  const py = (peak / side) | 0
  let sum = 0
  let x = 0
  let y = 0
  for (let v = Math.max(0, py - 3); v <= Math.min(side - 1, py + 3); v++) {
    for (let u = Math.max(0, px - 3); u <= Math.min(side - 1, px + 3); u++) {
      const w = p[v * side + u]!
      sum += w
      x += w * (u + 0.5)
      y += w * (v + 0.5)
    }
  }
  return { x: x / sum / side, y: y / sum / side, certainty: sum }
}

/** Reads a silhouette (`size * size`, 0 to 1, 1 is garment). */
export const readSilhouette = (net: GarmentNet, silhouette: Float32Array): NetReading => {
  const run = (name: string, input: Planes, relu = true): Planes => {
    const layer = net.layers.get(name)
    if (!layer) throw new Error(`the weights lack layer ${name}`)
    return convolve(layer, input, relu)
  }
  const input: Planes = { channels: 1, width: net.size, height: net.size, data: silhouette }
  const quarter = run('c3', run('c2', run('c1', input)))
  const eighth = run('c5', run('c4', quarter))
  let deep = run('c6', eighth)
  deep = plus(run('c7', deep), deep)
  deep = plus(run('c8', deep), deep)
  const middle = run('u1', plus(double(run('m1', deep)), eighth))
  const fine = run('u2', plus(double(run('m2', middle)), quarter))
  const heat = run('heat', fine, false)
  const head = run('fc2', run('fc1', planeMeans(deep)), false).data
  const area = heat.width * heat.height
  return {
    points: net.names.map((_, k) => readHeatmap(heat.data.subarray(k * area, (k + 1) * area), heat.width)),
    classes: softmax(head.subarray(0, net.classes.length)),
    turns: softmax(head.subarray(net.classes.length)),
  }
}

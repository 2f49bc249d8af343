import { expect, test } from 'bun:test'
import { parseGarmentNet, readSilhouette } from './garment-net.ts'

const LAYERS: [string, number, number, number, number, number][] = [
  // name, out, in, kernel, stride, dilation
  ['c1', 2, 1, 5, 2, 1],
  ['c2', 2, 2, 3, 2, 1],
  ['c3', 2, 2, 3, 1, 1],
  ['c4', 2, 2, 3, 2, 1],
  ['c5', 2, 2, 3, 1, 1],
  ['c6', 2, 2, 3, 2, 1],
  ['c7', 2, 2, 3, 1, 1],
  ['c8', 2, 2, 3, 1, 2],
  ['m1', 2, 2, 1, 1, 1],
  ['u1', 2, 2, 3, 1, 1],
  ['m2', 2, 2, 1, 1, 1],
  ['u2', 2, 2, 3, 1, 1],
  ['heat', 1, 2, 1, 1, 1],
  ['fc1', 2, 2, 1, 1, 1],
  ['fc2', 6, 2, 1, 1, 1],
]

/** A network whose every kernel passes its centre through, channel by channel. */
const passThrough = (): Uint8Array => {
  const header = JSON.stringify({
    names: ['hemCentre'],
    classes: ['top sleeveless', 'nothing'],
    size: 32,
    layers: LAYERS.map(([name, out, into, kernel, stride, dilation]) => ({
      name,
      shape: [out, into, kernel, kernel],
      stride,
      dilation,
    })),
  })
  const text = new TextEncoder().encode(header + ' '.repeat((4 - (header.length % 4)) % 4))
  const parts: Uint8Array[] = [new Uint8Array(Uint32Array.of(text.length).buffer), text]
  for (const [, out, into, kernel] of LAYERS) {
    parts.push(new Uint8Array(new Float32Array(out).fill(1).buffer), new Uint8Array(new Float32Array(out).buffer))
    const weights = new Int8Array(out * into * kernel * kernel)
    const centre = (kernel * kernel - 1) / 2
    for (let o = 0; o < out; o++) weights[(o * into + Math.min(o, into - 1)) * kernel * kernel + centre] = 1
    parts.push(new Uint8Array(weights.buffer))
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

test('a network that passes its input through points at the one lit spot', () => {
  const net = parseGarmentNet(passThrough())
  const silhouette = new Float32Array(32 * 32)
  for (let y = 8; y < 16; y++) for (let x = 16; x < 24; x++) silhouette[y * 32 + x] = 40
  const reading = readSilhouette(net, silhouette)
  expect(reading.points[0]!.x).toBeCloseTo(20 / 32, 1)
  expect(reading.points[0]!.y).toBeCloseTo(12 / 32, 1)
  expect(reading.classes.length).toBe(2)
  expect(reading.turns.reduce((a, b) => a + b, 0)).toBeCloseTo(1)
})

test('truncated weights are refused', () => {
  const bytes = passThrough()
  expect(() => parseGarmentNet(bytes.subarray(0, bytes.length - 9))).toThrow(RangeError)
})

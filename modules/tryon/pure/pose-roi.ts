import type { Point, Raster } from './image.ts'

/** A square window on a picture: its centre and side in image pixels, and its turn in radians (clockwise on screen). */
export type Roi = { centre: Point; size: number; rotation: number }

/** How a window becomes a network's input: values run linearly from `min` (0) to `max` (255). */
export type RoiInput = { side: number; min: number; max: number; border: 'black' | 'edge' }

/**
 * Window of a person from the two alignment points that the networks give: the middle of the hips, and a point on the circle
 * that encloses the person, straight above the head when the person stands upright. The side is twice the distance,
 * widened by 1.25 (MediaPipe AlignmentPointsRectsCalculator and RectTransformationCalculator as set in
 * tasks/cc/vision/pose_detector/pose_detector_graph.cc).
 */
export function roiFromAlignment(centre: Point, scale: Point): Roi {
  const dx = scale.x - centre.x
  const dy = scale.y - centre.y
  const turn = Math.PI / 2 - Math.atan2(-dy, dx)
  return {
    centre: { x: centre.x, y: centre.y },
    size: 2 * Math.hypot(dx, dy) * 1.25,
    rotation: turn - 2 * Math.PI * Math.floor((turn + Math.PI) / (2 * Math.PI)),
  }
}

/** The smallest upright square that holds the whole picture in its middle: the letterbox of the detector. */
export const wholePicture = (width: number, height: number): Roi => ({
  centre: { x: width / 2, y: height / 2 },
  size: Math.max(width, height),
  rotation: 0,
})

/**
 * Where to look for people whom the detector missed in the whole picture: the picture with room around it (a head or feet beyond
 * the edge), then squares of 0.6 of its longer side that overlap by a fifth (people far away).
 */
export function closerLooks(width: number, height: number): Roi[] {
  const whole = wholePicture(width, height)
  const side = whole.size * 0.6
  const middles = (length: number) => {
    if (length <= side) return [length / 2]
    const count = Math.ceil((length - 0.2 * side) / (0.8 * side))
    return Array.from({ length: count }, (_, i) => side / 2 + ((length - side) * i) / (count - 1))
  }
  const tiles = middles(height).flatMap((y) =>
    middles(width).map((x) => ({ centre: { x, y }, size: side, rotation: 0 })),
  )
  return [Object.assign(whole, { size: whole.size * 1.5 }), ...tiles]
}

/** A position within the window (0 to 1 both ways) in image pixels. */
export function fromRoi({ centre, size, rotation }: Roi, { x, y }: Point): Point {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)]
  const [u, v] = [(x - 0.5) * size, (y - 0.5) * size]
  return { x: centre.x + cos * u - sin * v, y: centre.y + sin * u + cos * v }
}

/** Adds the bilinear sample at pixel coordinates (x, y), times `gain`, to the three values at `at`; outside the picture is black. */
function addBorderSample(picture: Raster, x: number, y: number, gain: number, out: Float32Array, at: number): void {
  const { width, height, data } = picture
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  for (let corner = 0; corner < 4; corner++) {
    const cx = x0 + (corner & 1)
    const cy = y0 + (corner >> 1)
    if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue
    const weight = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy)) * gain
    const from = (cy * width + cx) * 4
    for (let c = 0; c < 3; c++) out[at + c] = out[at + c]! + data[from + c]! * weight
  }
}

const clamp = (value: number, max: number) => (value < 0 ? 0 : value > max ? max : value)

/**
 * Resamples the window to `side` x `side` x 3 floats, bilinearly; where the window shrinks the picture, each value is the mean of
 * a grid of samples, so that fine cloth patterns do not alias. Transparent pixels count by their colour.
 */
export function sampleRoi(picture: Raster, roi: Roi, { side, min, max, border }: RoiInput): Float32Array {
  const { data, width } = picture
  const out = new Float32Array(side * side * 3).fill(min)
  const taps = clamp(Math.round(roi.size / side / 1.5) - 1, 2) + 1
  const origin = fromRoi(roi, { x: 0, y: 0 })
  const step = roi.size / (side * taps)
  const cos = Math.cos(roi.rotation) * step
  const sin = Math.sin(roi.rotation) * step
  const gain = (max - min) / 255 / (taps * taps)
  const right = width - 1
  const bottom = picture.height - 1
  for (let v = 0; v < side * taps; v++) {
    const row = Math.floor(v / taps) * side
    for (let u = 0; u < side * taps; u++) {
      let x = origin.x + cos * (u + 0.5) - sin * (v + 0.5) - 0.5
      let y = origin.y + sin * (u + 0.5) + cos * (v + 0.5) - 0.5
      const at = (row + Math.floor(u / taps)) * 3
      if (border === 'edge') {
        x = clamp(x, right)
        y = clamp(y, bottom)
      }
      if (x < 0 || y < 0 || x >= right || y >= bottom) {
        addBorderSample(picture, x, y, gain, out, at)
        continue
      }
      const x0 = Math.floor(x)
      const y0 = Math.floor(y)
      const a = (y0 * width + x0) * 4
      const b = a + width * 4
      const w11 = (x - x0) * (y - y0) * gain
      const w10 = (x - x0) * gain - w11
      const w01 = (y - y0) * gain - w11
      const w00 = gain - w11 - w10 - w01
      out[at] = out[at]! + data[a]! * w00 + data[a + 4]! * w10 + data[b]! * w01 + data[b + 4]! * w11
      out[at + 1] = out[at + 1]! + data[a + 1]! * w00 + data[a + 5]! * w10 + data[b + 1]! * w01 + data[b + 5]! * w11
      out[at + 2] = out[at + 2]! + data[a + 2]! * w00 + data[a + 6]! * w10 + data[b + 2]! * w01 + data[b + 6]! * w11
    }
  }
  return out
}

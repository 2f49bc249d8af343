import type { Point } from '../../modules/tryon/pure/image.ts'
import { densify } from './geometry.ts'
import type { Scene } from './scene.ts'

/** Marks a pixel whose ink is the thread's colour. */
export const THREAD_INK = 254

type Visit = (pixel: number, distance: number, along: number) => void

/** Visits the pixels within `reach` px of a path given in cm; `distance` is signed (px), `along` runs in px. */
const follow = (scene: Scene, path: readonly Point[], reach: number, visit: Visit): void => {
  const points = densify(path, 1.5, false).map(scene.place)
  let before = 0
  for (let k = 1; k < points.length; k++) {
    const a = points[k - 1]!
    const b = points[k]!
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    if (length === 0) continue
    const [ex, ey] = [(b.x - a.x) / length, (b.y - a.y) / length]
    const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach))
    const x1 = Math.min(scene.width - 1, Math.ceil(Math.max(a.x, b.x) + reach))
    const y0 = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach))
    const y1 = Math.min(scene.height - 1, Math.ceil(Math.max(a.y, b.y) + reach))
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const px = x + 0.5 - a.x
        const py = y + 0.5 - a.y
        const t = px * ex + py * ey
        if (t < 0 || t >= length) continue
        const d = ex * py - ey * px
        if (d < reach && d > -reach && scene.alpha[y * scene.width + x]! > 0) visit(y * scene.width + x, d, before + t)
      }
    before += length
  }
}

/** A seam: a soft valley pulled in along a path, a little uneven. Width and depth in px. */
export const seam = (scene: Scene, path: readonly Point[], width = 1.6, depth = 0.9, dark = 0.14): void => {
  const { fine, shade, noise } = scene
  follow(scene, path, width * 2.6, (i, d, t) => {
    const uneven = 1 + 0.5 * noise(t / 9, width * 7)
    const s = (d / width) ** 2
    const g = Math.exp(-s)
    fine[i]! -= depth * uneven * g
    shade[i]! *= 1 - dark * g * g
  })
}

/** A line of stitches beside a seam: thread sunk in cloth. With `contrast` the thread shows its own colour. */
export const topstitch = (scene: Scene, path: readonly Point[], contrast = 0, weight = 1): void => {
  const { fine, shade, ink, inkShare, pxPerCm, noise } = scene
  const pitch = Math.max(3.2, pxPerCm * 0.3)
  follow(scene, path, 4.5, (i, d, t) => {
    const puckered = noise(t / (pxPerCm * 0.55), 3.3)
    const trough = Math.exp(-(d * d) / 5)
    fine[i]! -= (0.55 + 0.5 * puckered) * trough * weight
    const phase = t / pitch - Math.floor(t / pitch)
    const dash = phase < 0.68 ? 1 : 0
    const line = Math.max(0, 1 - Math.abs(d) / 0.95)
    if (line <= 0) return
    if (dash > 0) {
      fine[i]! += 0.5 * line * weight
      if (contrast > 0) {
        ink[i] = THREAD_INK
        inkShare[i] = Math.max(inkShare[i]!, line * contrast)
      } else shade[i]! *= 1 - 0.1 * line
    } else shade[i]! *= 1 - 0.2 * line * weight
  })
}

/** A raised or sunk line with the same profile on both sides: edge of a facing seen through, a cord, a crease pressed in. */
export const ridge = (scene: Scene, path: readonly Point[], width: number, height: number): void => {
  const { fine } = scene
  follow(scene, path, width * 2.6, (i, d) => {
    fine[i]! += height * Math.exp(-((d / width) ** 2))
  })
}

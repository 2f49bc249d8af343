import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { at, cubic, mirror, offset, reversed, through } from './geometry.ts'
import { mould } from './relief.ts'
import { lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { topstitch } from './stitches.ts'

/** Turned-back fronts with a notch, and the collar above them; a camp collar is a short one. */
export const layLapels = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const half = shape.cut.neckWidth / 2
  const depth = shape.cut.neckDepth
  const wide = Math.min(6.4, 2.6 + depth * 0.13)
  const notch = depth * (depth > 22 ? 0.3 : 0.44)
  const contrast = spec.contrastStitch ? 0.8 : 0
  for (const side of [-1, 1]) {
    const flip = (points: Point[]): Point[] => (side > 0 ? points : reversed(mirror(points)))
    const v = (t: number): Point => at(half * (1 - t) + 0.1 * t, depth * t)
    const peak = at(v(notch / depth).x + wide, notch + 0.6)
    const lapel = [
      ...through([v(0.02), v(0.5), v(1)], 6),
      ...cubic(
        at(0.1, depth),
        at(wide * 0.9, depth * 0.86),
        at(peak.x - 0.2, notch + (depth - notch) * 0.3),
        peak,
        12,
      ).slice(1),
      at(v(notch / depth).x + wide * 0.36, notch - 0.8),
      at(half + 0.6, 1),
    ]
    const cast = { reach: 0.45, strength: 0.62, x: side > 0 ? 0.05 : 0, y: 0.25 }
    const area = lay(scene, [flip(lapel)], {
      slot: 'main',
      frame: { kind: 'flat', origin: at(0, 0), angle: side * -0.22 },
      thickness: 2.8,
      shadow: cast,
    })
    mould(scene, area, { round: 2.6, depth: 0.22, on: 'over', folds: [] })
    const collar = [
      at(half - 0.6, -3),
      ...cubic(v(0.02), v(0.1), v(0.16), v((notch - 0.6) / depth), 6),
      at(v(notch / depth).x + wide * 0.4, notch - 0.9),
      at(v(notch / depth).x + wide * 0.62, notch - 2.7),
      ...cubic(
        at(v(notch / depth).x + wide * 0.62, notch - 2.7),
        at(half + 3, 4),
        at(half + 2.8, 2.4),
        at(half + 2.3, 1.9),
        6,
      ).slice(1),
      ...cubic(at(half + 2.3, 1.9), at(half + 1.7, -0.5), at(half + 0.8, -2.6), at(half - 0.6, -3), 8).slice(1, -1),
    ]
    const leaf = lay(scene, [flip(collar)], {
      slot: spec.block === 'yoke' ? 'second' : 'main',
      frame: { kind: 'flat', origin: at(side * half, 0), angle: side * -0.6 },
      thickness: 2,
      shadow: { reach: 0.25, strength: 0.35, x: 0, y: 0.15 },
    })
    mould(scene, leaf, { round: 2, depth: 0.25, on: 'over', folds: [] })
    if (contrast > 0) topstitch(scene, offset(flip(lapel).slice(14, 26), side > 0 ? 0.6 : -0.6), contrast)
  }
}

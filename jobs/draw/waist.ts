import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { add, at, band, between, cubic, offset } from './geometry.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

/** A line across the body at height y, sagging a little. */
const across = (y: number, width: number): Point[] =>
  cubic(at(-width / 2, y), at(-width / 6, y + 0.5), at(width / 6, y + 0.5), at(width / 2, y), 14)

/** A seam, gathers or a tied belt at the waist, and the seams between tiers. */
export const sewWaist = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const gather = (y: number, width: number, up: number, down: number): void => {
    for (let k = 0; k < 44; k++) {
      const x = width * (-0.48 + (k / 43) * 0.96) + between(scene.random, -0.3, 0.3)
      const top = at(x, y - up * between(scene.random, 0.3, 1))
      seam(scene, [top, at(x * 1.03, y + down * between(scene.random, 0.3, 1))], 1.9, 0.8, 0.07)
    }
  }
  if (spec.waistSeam === 'seam') seam(scene, across(cut.waistY, cut.waist), 1.8, 1.1, 0.16)
  if (spec.waistSeam === 'elastic') {
    gather(cut.waistY, cut.waist, 2.5, 4.5)
    for (const dy of [-0.8, 0.8]) seam(scene, across(cut.waistY + dy, cut.waist), 1.8, 1, 0.12)
  }
  for (let k = 1; k < (spec.tiers ?? 0); k++) {
    const t = k / spec.tiers!
    const y = cut.waistY + (cut.length - cut.waistY) * t
    const width = cut.waist + (cut.hem - cut.waist) * t
    seam(scene, across(y, width), 2.2, 1.8, 0.24)
    gather(y, width, 0.2, 4)
  }
  if (spec.waistSeam !== 'belt') return
  const line = across(cut.waistY, cut.waist * 1.005)
  const cast = { reach: 0.3, strength: 0.42, x: 0, y: 0.15 }
  gather(cut.waistY, cut.waist, 4.2, 5.5)
  lay(scene, [band(line, -2, 2)], {
    slot: 'main',
    frame: { kind: 'flat', origin: at(0, 0), angle: Math.PI / 2 },
    thickness: 2.2,
    clip: true,
    shadow: cast,
  })
  for (const d of [-1.5, 1.5]) topstitch(scene, offset(line, d), 0, 0.7)
  const knot = at(cut.waist * 0.12, cut.waistY + 0.6)
  for (const [dx, length] of [
    [-1.6, 19],
    [2.2, 23],
  ] as const) {
    const tail = cubic(
      knot,
      at(knot.x + dx, knot.y + 5),
      at(knot.x + dx * 1.3, knot.y + 12),
      at(knot.x + dx * 1.9, knot.y + length),
      14,
    )
    lay(scene, [band(tail, -1.7, 1.7)], { slot: 'main', frame: FLAT, thickness: 2, shadow: cast })
  }
  lay(scene, [[at(-1.7, -2.1), at(1.9, -1.8), at(2.2, 2.1), at(-1.5, 2.3)].map((p) => add(p, knot))], {
    slot: 'main',
    frame: FLAT,
    thickness: 2.6,
    bevel: 3,
    shadow: cast,
  })
}

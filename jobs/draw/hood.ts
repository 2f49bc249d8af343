import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { at, cubic, mirror, offset, reversed } from './geometry.ts'
import { circle, layCord, sewLabel } from './notions.ts'
import { mould } from './relief.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

const HEIGHT = 25

/** The rim of the hood's opening on the right, from the front of the neck up to the crown. */
const rimOf = (half: number, depth: number): Point[] => [
  ...cubic(at(0, depth + 1.2), at(half * 0.62, depth * 0.72), at(half + 0.6, -1), at(half + 0.4, -8), 12),
  ...cubic(at(half + 0.4, -8), at(half + 0.2, -14.5), at(half * 0.72, -HEIGHT + 4.6), at(0, -HEIGHT + 4.2), 12).slice(
    1,
  ),
]

/** The hood standing up behind the neck: its lining inside the opening. Everything here lies behind a head. */
export const drawHoodBack = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const half = cut.neckWidth / 2
  const rim = rimOf(half, cut.neckDepth)
  const outer = cubic(at(half + 2.2, 3.2), at(half + 5.4, -7), at(half + 5.8, -HEIGHT), at(0, -HEIGHT), 22)
  const dome = [...outer, ...reversed(mirror(outer)).slice(1), at(0, cut.neckDepth)]
  const shell = lay(scene, [dome], { slot: 'main', frame: FLAT, inside: true, thickness: 1.5 })
  mould(scene, shell, {
    round: 5.5,
    depth: 2.4,
    folds: [
      { path: [at(half + 2, 0), at(half + 3, -7), at(half + 1.6, -14)], width: 1, height: 0.35 },
      { path: [at(-half - 1.6, -1), at(-half - 3.2, -9), at(-half - 2, -15)], width: 1.1, height: 0.3 },
      { path: [at(-3, -HEIGHT + 2), at(2, -HEIGHT + 2.6), at(6, -HEIGHT + 4)], width: 0.9, height: 0.2 },
    ],
  })
  const opening = [...rim, ...reversed(mirror(rim)).slice(1)]
  const lining = lay(scene, [opening], {
    slot: spec.inside ? 'inside' : 'inside',
    frame: FLAT,
    inside: true,
    light: 0.62,
  })
  mould(scene, lining, {
    round: 9,
    depth: -2.6,
    folds: [
      { path: [at(-4, -12), at(-1, -5), at(0, 1)], width: 1.4, height: 0.4 },
      { path: [at(5, -14), at(3.4, -6), at(1, 0)], width: 1.4, height: 0.35 },
    ],
  })
  for (const side of [rim, mirror(rim)]) {
    seam(scene, side, 7, 0.2, 0.34)
    topstitch(scene, offset(side, side === rim ? 2.4 : -2.4), 0)
    topstitch(scene, offset(side, side === rim ? 0.5 : -0.5), 0, 0.6)
  }
  seam(scene, [at(0, -HEIGHT + 4.4), at(0, -HEIGHT + 0.3)], 1.8, 1, 0.15)
  sewLabel(scene, at(0, cut.backDrop + 1), 4.2, 2.4)
}

/** The hood's lower edge over the shoulders, crossing in front, and its cords. */
export const drawHoodFront = (scene: Scene, spec: TopSpec, half: number, depth: number): void => {
  for (const side of [-1, 1]) {
    const inner = cubic(
      at(half + 0.4, -6),
      at(half + 0.6, -1),
      at(half * 0.62, depth * 0.72),
      at(-0.3, depth + 1.2),
      14,
    )
    const outer = cubic(at(-0.3, depth + 3.4), at(half * 0.7, depth + 1.8), at(half + 2.6, 6), at(half + 3.1, 2), 14)
    const outline = [...inner, ...outer, at(half + 2.9, -5)]
    const area = lay(scene, [side > 0 ? outline : reversed(mirror(outline))], {
      slot: 'main',
      frame: { kind: 'flat', origin: at(0, 0), angle: side * -0.5 },
      thickness: 2,
      bevel: 2,
      shadow: { reach: 0.5, strength: 0.45, x: 0, y: 0.3 },
    })
    mould(scene, area, {
      round: 3,
      depth: 0.6,
      on: 'over',
      folds: [
        {
          path: [at(side * (half + 2), 1), at(side * half * 0.8, depth * 0.6), at(side * 2, depth + 1)],
          width: 0.8,
          height: 0.25,
        },
      ],
    })
    topstitch(scene, offset(side > 0 ? inner : mirror(inner), side > 0 ? 1.9 : -1.9), 0)
  }
  for (const side of [-1, 1]) {
    const x = side * 3.1
    const top = depth + 0.4
    lay(scene, [circle(at(x, top), 0.42)], {
      slot: 'metal',
      frame: FLAT,
      thickness: 1.2,
      bevel: 1,
      shadow: { reach: 0.1, strength: 0.4 },
    })
    lay(scene, [circle(at(x, top), 0.22)], { slot: 'dark', frame: FLAT })
    const long = side > 0 ? 15.5 : 17
    const cord = cubic(
      at(x, top),
      at(x + side * 0.6, top + 4),
      at(x - side * 0.5 + 0.4, top + 9),
      at(x + side * 0.5, top + long),
      16,
    )
    layCord(scene, cord, 0.62, spec.neck === 'hood' ? 'trim' : 'second')
  }
}

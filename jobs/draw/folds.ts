import type { Point } from '../../modules/tryon/pure/image.ts'
import type { SleeveShape, TopCut } from './cut-top.ts'
import type { TrousersCut } from './cut-bottom.ts'
import { add, along, at, between, cubic, mix, type Random } from './geometry.ts'
import type { Fold } from './relief.ts'

const arc = (a: Point, b: Point, sag: number): Point[] => {
  const middle = mix(a, b, 0.5)
  const across = at(-(b.y - a.y) * sag, (b.x - a.x) * sag)
  return cubic(a, add(mix(a, b, 0.3), across), add(mix(middle, b, 0.4), across), b, 8)
}

const mirrored = (fold: Fold): Fold => ({ ...fold, path: fold.path.map((p) => at(-p.x, p.y)) })

/** Pulls from the armpits, slack at the waist, long soft folds up from the hem. */
export const torsoFolds = (cut: TopCut, random: Random, crease: number): Fold[] => {
  const folds: Fold[] = []
  const half = cut.chest / 2
  const armpit = at(half, cut.slope + cut.armhole)
  for (const side of [1, -1]) {
    const own: Fold[] = []
    const count = 2 + Math.floor(random() * 2)
    for (let k = 0; k < count; k++) {
      const start = at(armpit.x - between(random, 0.5, 2), armpit.y - between(random, -2.5, 5))
      const down = between(random, 5, 17)
      const end = at(armpit.x - between(random, 9, 19), armpit.y + down)
      own.push({
        path: arc(start, end, between(random, -0.05, 0.16)),
        width: between(random, 0.7, 1.35),
        height: between(random, 0.16, 0.34) * crease,
        root: 1,
      })
    }
    own.push({
      path: arc(
        at(cut.shoulder / 2 - 1, cut.slope + 3),
        at(cut.shoulder / 2 - between(random, 4, 8), cut.slope + cut.armhole * 0.75),
        -0.06,
      ),
      width: between(random, 1.2, 1.9),
      height: between(random, 0.12, 0.24) * crease,
    })
    if (cut.length > 44) {
      for (let k = 0; k < 3; k++) {
        const y = cut.waistY + between(random, -9, 10)
        const start = at(cut.waist / 2 - between(random, 0, 2), y)
        const end = at(cut.waist / 2 - between(random, 7, 17), y + between(random, -4, 7))
        own.push({
          path: arc(start, end, between(random, -0.2, 0.2)),
          width: between(random, 0.7, 1.3),
          height: between(random, 0.1, 0.26) * crease,
          root: 1,
        })
      }
    }
    folds.push(...(side > 0 ? own : own.map(mirrored)))
  }
  const hems = 3 + Math.floor(random() * 3)
  for (let k = 0; k < hems; k++) {
    const x = cut.hem * between(random, -0.44, 0.44)
    const top = cut.length - between(random, 14, 34)
    folds.push({
      path: arc(
        at(x, cut.length + 1),
        at(x * 0.9 + between(random, -3, 3), Math.max(cut.slope + cut.armhole, top)),
        between(random, -0.06, 0.06),
      ),
      width: between(random, 1.3, 2.6),
      height: between(random, 0.12, 0.3) * crease,
      root: 1,
    })
  }
  return folds
}

/** Creases of a sleeve: pulls at the armpit, crossing folds at the elbow, slack above the cuff. */
export const sleeveFolds = (sleeve: SleeveShape, long: boolean, random: Random, crease: number): Fold[] => {
  const folds: Fold[] = []
  const outer = (t: number): Point => along(sleeve.outer, t)
  const inner = (t: number): Point => along(sleeve.inner, t)
  const pull = (from: number, to: number, reach: number, size: number): void => {
    const a = inner(from)
    const b = mix(inner(to), outer(to), reach)
    folds.push({
      path: arc(a, b, between(random, -0.18, 0.18)),
      width: between(random, 0.55, 1.05),
      height: size * between(random, 0.7, 1.2) * crease,
      root: 1,
    })
  }
  pull(0.01, long ? 0.16 : 0.4, between(random, 0.5, 0.8), 0.3)
  pull(0.03, long ? 0.24 : 0.62, between(random, 0.35, 0.7), 0.26)
  if (!long) {
    pull(0.35, 0.9, between(random, 0.3, 0.6), 0.16)
    return folds
  }
  for (let k = 0; k < 5; k++) {
    const t = 0.4 + 0.05 * k + between(random, -0.02, 0.02)
    pull(t, t + between(random, -0.1, 0.12), between(random, 0.45, 0.92), between(random, 0.14, 0.28))
  }
  for (let k = 0; k < 3; k++) {
    const t = between(random, 0.66, 0.86)
    const a = mix(outer(t), inner(t), between(random, 0.02, 0.2))
    const b = mix(outer(t), inner(t + between(random, 0.03, 0.1)), between(random, 0.6, 0.95))
    folds.push({
      path: arc(a, b, between(random, -0.2, 0.2)),
      width: between(random, 0.6, 1),
      height: between(random, 0.1, 0.2) * crease,
    })
  }
  for (let k = 0; k < 3; k++) {
    const t = 0.895 + 0.028 * k
    const a = mix(outer(t), inner(t), between(random, 0.05, 0.3))
    const b = mix(outer(t), inner(t), between(random, 0.65, 0.95))
    folds.push({
      path: arc(a, b, between(random, -0.12, 0.12)),
      width: between(random, 0.4, 0.7),
      height: between(random, 0.1, 0.2) * crease,
    })
  }
  folds.push({
    path: [outer(0.12), mix(outer(0.3), inner(0.3), 0.3), mix(outer(0.45), inner(0.45), 0.55)],
    width: between(random, 1.1, 1.7),
    height: between(random, 0.12, 0.24) * crease,
  })
  return folds
}

/** Whiskers from the crotch, breaks at knee and hem. For one leg on the right; mirror for the left. */
export const legFolds = (cut: TrousersCut, random: Random, crease: number): Fold[] => {
  const folds: Fold[] = []
  const long = cut.length - cut.rise > 40
  for (let k = 0; k < 4; k++) {
    const start = at(between(random, 0.2, 1), cut.rise - between(random, -1.5, 5.5))
    const end = at(cut.hip * between(random, 0.26, 0.44), cut.rise - between(random, -5, 9) - k * 1.2 + 4)
    folds.push({
      path: arc(start, end, between(random, -0.05, 0.14)),
      width: between(random, 0.5, 0.95),
      height: between(random, 0.14, 0.3) * crease,
      root: 1,
    })
  }
  const middle = (y: number): number => {
    const t = (y - cut.rise) / (cut.length - cut.rise)
    return (cut.thigh / 2) * (1 - t) + cut.stance * t
  }
  const widthAt = (y: number): number => {
    const t = (y - cut.rise) / (cut.length - cut.rise)
    return cut.thigh * (1 - t) + cut.hem * t
  }
  const cross = (y: number, from: number, to: number, slant: number, height: number): void => {
    const w = widthAt(y) / 2
    folds.push({
      path: arc(at(middle(y) + w * from, y), at(middle(y) + w * to, y + slant), between(random, -0.16, 0.16)),
      width: between(random, 0.55, 1.1),
      height: height * crease,
      root: 1,
    })
  }
  if (long) {
    for (let k = 0; k < 4; k++) {
      const y = cut.kneeY + between(random, -9, 9)
      const inside = random() < 0.6
      cross(
        y,
        inside ? -0.95 : 0.95,
        inside ? between(random, -0.1, 0.5) : between(random, -0.5, 0.1),
        between(random, -5, 5),
        between(random, 0.12, 0.26),
      )
    }
    for (let k = 0; k < 3; k++)
      cross(
        cut.length - between(random, 3, 12),
        -0.9,
        between(random, 0, 0.8),
        between(random, -3, 4),
        between(random, 0.08, 0.2),
      )
    folds.push({
      path: arc(
        at(middle(cut.rise + 8) + between(random, -2, 2), cut.rise + 8),
        at(middle(cut.kneeY) + between(random, -1.5, 1.5), cut.kneeY - 4),
        0.03,
      ),
      width: between(random, 1.4, 2.1),
      height: 0.2 * crease,
    })
  } else
    for (let k = 0; k < 2; k++)
      cross(
        cut.length - between(random, 4, 9),
        -0.9,
        between(random, -0.2, 0.4),
        between(random, -4, 2),
        between(random, 0.1, 0.2),
      )
  return folds
}

import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { at, cubic, mirror, offset, reversed, through } from './geometry.ts'
import { drawHoodBack, drawHoodFront } from './hood.ts'
import { layLapels } from './lapels.ts'
import { circle, sewButton, sewLabel } from './notions.ts'
import { mould } from './relief.ts'
import { FLAT, type Frame, lay, type Layer, type Scene, type Slot } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

const polar = (shape: TopShape): Frame => ({ kind: 'polar', origin: at(0, -3), radius: shape.cut.neckDepth + 4 })

/** What is seen of the back behind the neck: inner back, neck tape or collar stand, label. */
export const drawBackNeck = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const half = cut.neckWidth / 2
  if (spec.neck === 'hood') {
    drawHoodBack(scene, spec, shape)
    return
  }
  const inner: Layer = { slot: 'inside', frame: FLAT, inside: true, light: 0.7 }
  const area = lay(scene, [shape.backNeck], inner)
  mould(scene, area, { round: 3, depth: 0.5, folds: [] })
  if (spec.neck === 'rib' || spec.neck === 'bound') {
    const width = spec.neck === 'rib' ? 2.1 : 1
    lay(scene, [[...shape.backNeckline, ...reversed(offset(shape.backNeckline, -width))]], {
      slot: 'second',
      frame: polar(shape),
      inside: true,
      light: 0.8,
      thickness: 1,
      clip: true,
    })
    seam(scene, offset(shape.backNeckline, -width), 1.6, 1, 0.2)
  } else if (['shirt', 'camp', 'polo', 'band', 'lapel', 'bomber', 'stand'].includes(spec.neck)) {
    const rise = spec.neck === 'band' ? 3 : spec.neck === 'bomber' || spec.neck === 'stand' ? 4.6 : 3.6
    const top = through(
      [
        at(-half - 0.3, 0.6),
        at(-half + 0.5, -rise + 1),
        at(-half * 0.5, -rise - 0.25),
        at(0, -rise - 0.4),
        at(half * 0.5, -rise - 0.25),
        at(half - 0.5, -rise + 1),
        at(half + 0.3, 0.6),
      ],
      8,
    )
    const collarSlot: Slot =
      spec.neck === 'polo' || spec.neck === 'bomber' ? 'second' : spec.neck === 'lapel' ? 'main' : 'main'
    const back = lay(scene, [[...top, ...reversed(offset(shape.backNeckline, -0.9))]], {
      slot: collarSlot,
      frame: FLAT,
      inside: true,
      light: 0.82,
      thickness: 1,
    })
    mould(scene, back, { round: 2, depth: 0.5, folds: [] })
    seam(scene, offset(shape.backNeckline, -0.5), 1.6, 1.2, 0.25)
    if (spec.neck !== 'band' && spec.neck !== 'stand' && spec.neck !== 'bomber')
      seam(
        scene,
        top.map((p) => at(p.x * 0.94, p.y + 0.8)),
        2.4,
        1,
        0.12,
      )
  } else topstitch(scene, offset(shape.backNeckline, -0.7), 0)
  if (spec.neck === 'straps') return
  const stand = ['shirt', 'camp', 'polo', 'band', 'lapel', 'bomber', 'stand'].includes(spec.neck)
  sewLabel(scene, at(0, cut.backDrop + (stand ? 2 : spec.neck === 'rib' ? 3.2 : 1.9)), 4.4, 2.2)
}

const ribNeck = (scene: Scene, shape: TopShape, width: number): void => {
  const outer = offset(shape.frontNeckline, -width)
  const strip = [...shape.frontNeckline, ...reversed(outer)]
  lay(scene, [strip], {
    slot: 'second',
    frame: polar(shape),
    thickness: 1,
    bevel: 2,
    clip: true,
    shadow: { reach: 0.15, strength: 0.2, x: 0, y: 0.1 },
  })
  seam(scene, outer, 1.6, 1.2, 0.2)
  if (width > 1.4) topstitch(scene, offset(shape.frontNeckline, -width - 0.45), 0, 0.7)
}

/** A collar leaf on the right, as closed outline; the left one mirrors it. */
const leafOf = (half: number, depth: number, point: number, spread: number): Point[] => {
  const inner = cubic(
    at(half - 0.55, -3.1),
    at(half - 0.2, 0.5),
    at(half * 0.5, depth * 0.72),
    at(0.35, depth - 0.7),
    14,
  )
  const tip = at(half * 0.5 + spread, depth + point)
  const outer = cubic(
    tip,
    at(half * 0.75 + spread * 0.9, depth * 0.72 + point * 0.55),
    at(half + 1.9, depth * 0.45 + 1.6),
    at(half + 2.3, 2.3),
    12,
  )
  const fold = cubic(at(half + 2.3, 2.3), at(half + 1.8, 0), at(half + 0.9, -2.7), at(half - 0.55, -3.1), 10)
  return [...inner, ...outer, ...fold.slice(1, -1)]
}

const shirtCollar = (scene: Scene, spec: TopSpec, shape: TopShape, slot: Slot): void => {
  const half = shape.cut.neckWidth / 2
  const depth = shape.cut.neckDepth
  const soft = slot === 'second'
  const leaf = leafOf(half, depth, soft ? 4.2 : 4.6, soft ? 2.6 : 1.9)
  if (spec.front !== 'open') {
    lay(scene, [[at(-1.7, depth - 2.6), at(1.7, depth - 2.6), at(1.9, depth + 0.7), at(-1.9, depth + 0.7)]], {
      slot,
      frame: FLAT,
      thickness: 1,
    })
    if (!soft) sewButton(scene, at(0, depth - 0.7), 0.55)
  }
  for (const side of [-1, 1]) {
    const outline = side > 0 ? leaf : reversed(mirror(leaf))
    const area = lay(scene, [outline], {
      slot,
      frame: { kind: 'flat', origin: at(side * half, 0), angle: side * -0.62 },
      thickness: 2.2,
      bevel: 2,
      shadow: { reach: 0.35, strength: 0.5, x: 0, y: 0.25 },
    })
    mould(scene, area, {
      round: 2.2,
      depth: 0.3,
      on: 'over',
      folds: [{ path: [at(side * (half + 0.3), -2), at(side * half * 0.75, depth * 0.5)], width: 1.1, height: 0.22 }],
    })
    const run = side > 0 ? leaf.slice(14, 27) : mirror(leaf.slice(14, 27))
    topstitch(scene, offset(run, side > 0 ? 0.6 : -0.6), spec.contrastStitch ? 0.8 : 0, 0.8)
    topstitch(
      scene,
      [at(side * 0.95, depth - 0.4), at(side * (half * 0.5 + (soft ? 2.6 : 1.9) - 0.3), depth + (soft ? 3.3 : 3.7))],
      spec.contrastStitch ? 0.8 : 0,
      0.8,
    )
  }
}

const bandCollar = (scene: Scene, shape: TopShape, height: number, slot: Slot): void => {
  const half = shape.cut.neckWidth / 2
  const depth = shape.cut.neckDepth
  for (const side of [-1, 1]) {
    const outer = cubic(
      at(half + 0.5, 0.9),
      at(half * 0.85, depth * 0.75),
      at(half * 0.4, depth + 0.2),
      at(0.1, depth + 0.5),
      12,
    )
    const inner = cubic(
      at(0.1, depth - height * 0.8),
      at(half * 0.4, depth - height),
      at(half * 0.82, depth * 0.2),
      at(half - 0.5, -height + 0.8),
      12,
    )
    const outline = [...outer, ...inner]
    lay(scene, [side > 0 ? outline : reversed(mirror(outline))], {
      slot,
      frame: polar(shape),
      thickness: 1.6,
      shadow: { reach: 0.2, strength: 0.35, x: 0, y: 0.15 },
    })
    seam(scene, side > 0 ? outer : mirror(outer), 1.6, 1, 0.18)
  }
}

/** A rolled or standing knit collar that closes round the neck. */
const rollCollar = (scene: Scene, shape: TopShape, height: number): void => {
  const half = shape.cut.neckWidth / 2
  const depth = shape.cut.neckDepth
  const opening = circle(at(0, -height), half * 0.82, 0.2)
  lay(scene, [opening], { slot: 'inside', frame: FLAT, inside: true, light: 0.45 })
  const right = through([at(half * 0.82, -height), at(half * 0.93, -height * 0.5), at(half + 0.7, 0.9)], 8)
  const base = cubic(at(half + 0.7, 0.9), at(half * 0.7, depth), at(half * 0.3, depth), at(0, depth), 12)
  const lip = Array.from({ length: 21 }, (_, i) => {
    const t = (i / 20) * Math.PI
    return at(-half * 0.82 * Math.cos(t), -height + half * 0.2 * Math.sin(t))
  })
  const outline = [
    ...lip,
    ...right.slice(1),
    ...base.slice(1),
    ...reversed(mirror(base)).slice(1),
    ...reversed(mirror(right)).slice(1, -1),
  ]
  const area = lay(scene, [outline], {
    slot: 'second',
    frame: FLAT,
    thickness: 1.4,
    shadow: { reach: 0.4, strength: 0.4, x: 0, y: 0.3 },
  })
  mould(scene, area, { round: 5, depth: 2.4, folds: [] })
  if (height > 6) {
    const lower = [...mirror(base), ...reversed(base).slice(1)].map((p) => at(p.x * 1.02, p.y - 1.1))
    seam(scene, lower, 3, 2.2, 0.3)
  }
  seam(scene, [...mirror(base), ...reversed(base).slice(1)], 2, 1.4, 0.2)
}

/** Collars and neck edges that lie over the front. */
export const buildNeck = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  switch (spec.neck) {
    case 'rib':
      ribNeck(scene, shape, spec.front === 'buttons' ? 2.6 : 2.1)
      return
    case 'bound':
      ribNeck(scene, shape, 0.9)
      return
    case 'faced':
    case 'straps':
    case 'collarless':
      topstitch(scene, offset(shape.frontNeckline, -0.8), spec.contrastStitch ? 0.8 : 0, 0.8)
      return
    case 'shirt':
      shirtCollar(scene, spec, shape, 'main')
      return
    case 'polo':
      shirtCollar(scene, spec, shape, 'second')
      return
    case 'band':
      bandCollar(scene, shape, 3, 'main')
      return
    case 'bomber':
      bandCollar(scene, shape, 4.2, 'second')
      return
    case 'stand':
      bandCollar(scene, shape, 4.8, 'main')
      return
    case 'turtle':
    case 'mock':
      rollCollar(scene, shape, spec.neck === 'turtle' ? 7.5 : 4.2)
      return
    case 'lapel':
    case 'camp':
      layLapels(scene, spec, shape)
      return
    case 'hood':
      drawHoodFront(scene, spec, cut.neckWidth / 2, cut.neckDepth)
      return
  }
}

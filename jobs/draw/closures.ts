import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { at, band, cubic, mirror, reversed, through } from './geometry.ts'
import { buttonhole, layCord, sewButton, sewZip } from './notions.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

/** Half width of the gap of an open front at height y. */
export const openGap = (shape: TopShape, y: number): number => {
  const { cut } = shape
  const t = Math.max(0, (y - cut.neckDepth) / (cut.length - cut.neckDepth))
  return 1.2 + 4.6 * t ** 0.7
}

const placket = (scene: Scene, spec: TopSpec, from: number, to: number, count: number): void => {
  const contrast = spec.contrastStitch ? 0.8 : 0
  const knit = spec.neck === 'rib'
  const half = knit ? 1.5 : 1.7
  const strip = band([at(0, from - 0.4), at(0, to)], -half, half)
  lay(scene, [strip], {
    slot: knit ? 'second' : 'main',
    frame: knit ? { kind: 'flat', origin: at(0, 0), angle: Math.PI / 2 } : FLAT,
    thickness: 1.3,
    clip: true,
    shadow: { reach: 0.2, strength: 0.46, x: 0.1, y: 0.05 },
  })
  seam(scene, [at(-half, from), at(-half, to)], 1.3, 0.6, 0.1)
  if (!knit) for (const x of [-half + 0.5, half - 0.5]) topstitch(scene, [at(x, from), at(x, to)], contrast, 0.8)
  const step = (to - from) / (count + 0.35)
  const heavy =
    ['denim', 'twill', 'corduroy', 'leather', 'suede', 'coated'].includes(spec.fabric) &&
    spec.type === 'top' &&
    spec.sleeve === 'long' &&
    spec.pockets !== 'chest'
  for (let k = 0; k < count; k++) {
    const y = from + step * (k + (spec.neck === 'shirt' || spec.neck === 'band' ? 0.75 : 0.45))
    if (!heavy) buttonhole(scene, at(0, y), 1.7, knit ? 0 : 0)
    sewButton(scene, at(0, y), heavy ? 0.82 : knit ? 0.85 : 0.56, heavy)
  }
}

const tailored = (scene: Scene, spec: TopSpec, shape: TopShape, double: boolean): void => {
  const { cut } = shape
  const x = double ? 6.2 : 1.9
  const from = cut.neckDepth
  const to = cut.length
  const edge = [
    at(double ? 0.6 : 0.1, from),
    at(x, from + (double ? 9 : 4)),
    at(x, to - 7),
    ...(double ? [at(x, to)] : cubic(at(x, to - 7), at(x, to - 2.2), at(x - 1, to - 0.4), at(x - 5, to + 0.4), 8)),
  ]
  seam(scene, edge, 1.8, 1.6, 0.34)
  for (const d of [0.3])
    seam(
      scene,
      edge.map((p) => at(p.x + d, p.y)),
      5,
      0.5,
      0.12,
    )
  if (spec.contrastStitch)
    topstitch(
      scene,
      edge.map((p) => at(p.x - 0.7, p.y)),
      0.8,
    )
  const count = spec.buttons ?? (double ? 3 : 2)
  const reach = Math.min(cut.length - 14, from + (double ? 30 : count > 2 ? cut.length - from - 16 : 11))
  for (let k = 0; k < count; k++) {
    const y = count === 1 ? from + 1.5 : from + 1.6 + ((reach - from) * k) / (count - 1)
    for (const s of double ? [-1, 1] : [0]) sewButton(scene, at(double ? s * 4.6 : 0, y), 1.05)
  }
}

const openFront = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const knit = spec.neck === 'rib'
  const stations = [0, 0.15, 0.4, 0.7, 1].map(
    (t) => cut.neckDepth * 0.98 + (cut.length - 0.2 - cut.neckDepth * 0.98) * t,
  )
  const right = through(
    stations.map((y) => at(openGap(shape, y), y)),
    8,
  )
  const gap: Point[] = [at(0, cut.neckDepth - 1.5), ...right, ...reversed(mirror(right))]
  lay(scene, [gap], { slot: 'inside', frame: FLAT, inside: true, light: 0.62 })
  for (const side of [right, mirror(right)]) {
    seam(
      scene,
      side.map((p) => at(p.x - Math.sign(p.x) * 0.2, p.y)),
      scene.pxPerCm * 0.55,
      0.6,
      0.3,
    )
    const out = Math.sign(side[0]!.x)
    if (knit) {
      const strip = [...side, ...reversed(side.map((p) => at(p.x + out * 2.8, p.y)))]
      lay(scene, [strip], {
        slot: 'second',
        frame: { kind: 'flat', origin: at(0, 0), angle: Math.PI / 2 },
        thickness: 1.4,
        shadow: { reach: 0.2, strength: 0.3, x: 0, y: 0.1 },
      })
    } else {
      topstitch(
        scene,
        side.map((p) => at(p.x + out * 0.7, p.y)),
        spec.contrastStitch ? 0.8 : 0,
        0.8,
      )
    }
  }
  if (spec.buttons && spec.neck !== 'lapel')
    for (let k = 0; k < spec.buttons; k++) {
      const y = cut.neckDepth + 4 + ((cut.length - cut.neckDepth - 10) * k) / Math.max(1, spec.buttons - 1)
      sewButton(scene, at(-openGap(shape, y) - 1.4, y), 0.85, ['denim', 'leather'].includes(spec.fabric))
    }
}

/** What closes the front: plackets, zips, tailored overlaps; or the gap of an open one. */
export const closeFront = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const from = cut.neckDepth
  switch (spec.front ?? 'plain') {
    case 'plain':
      return
    case 'buttons':
      if (spec.neck === 'lapel' || spec.neck === 'collarless') tailored(scene, spec, shape, false)
      else placket(scene, spec, from, cut.length - (spec.hem === 'rib' ? 0.2 : 0.4), spec.buttons ?? 7)
      return
    case 'double':
      tailored(scene, spec, shape, true)
      return
    case 'henley':
      placket(scene, spec, from, from + (spec.neck === 'polo' ? 13 : 12), spec.buttons ?? 3)
      seam(scene, [at(-1.7, from + 13), at(1.7, from + 13)], 1.3, 0.8, 0.2)
      return
    case 'zip':
      seam(scene, [at(-1.1, from), at(-1.1, cut.length)], 2.4, 1, 0.16)
      seam(scene, [at(1.1, from), at(1.1, cut.length)], 2.4, 1, 0.16)
      sewZip(scene, [
        at(0, from - (spec.neck === 'stand' || spec.neck === 'bomber' ? 2.6 : 0)),
        at(0, cut.length - 0.2),
      ])
      for (const x of [-1.8, 1.8])
        topstitch(scene, [at(x, from + 0.6), at(x, cut.length)], spec.contrastStitch ? 0.8 : 0, 0.8)
      return
    case 'open':
      openFront(scene, spec, shape)
      return
    case 'wrap': {
      const line = [at(cut.neckWidth * 0.42, 2), at(0, from), at(-cut.waist * 0.42, cut.waistY - 1)]
      seam(scene, line, 1.8, 1.4, 0.3)
      seam(
        scene,
        line.map((p) => at(p.x - 0.4, p.y + 0.4)),
        5,
        0.4,
        0.12,
      )
      const knot = at(-cut.waist * 0.36, cut.waistY)
      layCord(
        scene,
        cubic(knot, at(knot.x - 1, knot.y + 6), at(knot.x + 2, knot.y + 12), at(knot.x - 1, knot.y + 21), 12),
        1.7,
        'main',
      )
      layCord(
        scene,
        cubic(knot, at(knot.x + 3, knot.y + 4), at(knot.x + 2, knot.y + 10), at(knot.x + 4, knot.y + 16), 12),
        1.7,
        'main',
      )
      return
    }
  }
}

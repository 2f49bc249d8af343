import type { SizeMeasures } from '../../modules/catalog/pure/size-chart.ts'
import type { Point } from '../../modules/tryon/pure/image.ts'
import { type SleeveCut, type SleeveShape, type TopCut, type TopShape, hangSleeve, shapeTop } from './cut-top.ts'
import { closeFront } from './closures.ts'
import { FABRICS, type Fabric } from './fabric.ts'
import { sleeveFolds, torsoFolds } from './folds.ts'
import { add, along, at, band, between, cubic, direction, mix, offset, type Random, reversed } from './geometry.ts'
import { buildNeck, drawBackNeck } from './necks.ts'
import { sewPockets } from './pockets.ts'
import type { Noise } from './plane.ts'
import { mould, type Relief } from './relief.ts'
import { FLAT, type Frame, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

/** A wide skirt hangs in waves; what it is wider than its waist decides how many. */
const wavesOf = (spec: TopSpec, m: SizeMeasures, waist: number): Pick<TopCut, 'waves'> => {
  const flare = spec.type === 'dress' && m.hem ? m.hem / 2 / waist - 1.25 : 0
  if (flare <= 0.05 || spec.flare === 0) return {}
  return { waves: { count: Math.round(2.4 + flare * 2.2), depth: Math.min(1.1, 0.3 + flare * 0.55) } }
}

/** Flat widths and lengths of the middle size, from the chart where it speaks and the usual cut where it does not. */
export const cutTop = (spec: TopSpec, m: SizeMeasures, random: Random): TopCut => {
  const chest = (m.chest ?? 100) / 2
  const shoulder = m.shoulder ?? chest * 0.86
  const dress = spec.type === 'dress'
  const length = m.length ?? 68
  const waistY = spec.waistY ?? (dress ? 39 : Math.min(length * 0.62, 43))
  const waist = m.waist ? m.waist / 2 : chest * (spec.waistShare ?? (dress ? 0.86 : 0.97))
  const hemShape = spec.hemShape ?? 'straight'
  const base = {
    neckWidth: spec.neckWidth ?? 17.5,
    neckDepth: spec.neckDepth ?? 8.5,
    neckSquare: spec.neckSquare ?? 2.1,
    backDrop: spec.backDrop ?? 1.8,
    shoulder,
    slope: spec.slope ?? 4.2,
    armhole: spec.armhole ?? 14.5 + chest * 0.16,
    chest,
    waistY,
    waist,
    ...(m.hip && dress ? { hip: { y: waistY + 20, width: m.hip / 2 } } : {}),
    hem: m.hem ? m.hem / 2 : chest * (spec.hemShare ?? (dress ? 1.2 : spec.hem === 'rib' ? 0.92 : 1)),
    ...(spec.hem === 'rib' ? { gather: 6.5 } : {}),
    ...wavesOf(spec, m, waist),
    length,
    hemShape,
    hemDrop: spec.hemDrop ?? (hemShape === 'shirttail' ? 5.5 : 1.2),
  }
  if (spec.sleeve === 'none') return { ...base, sleeves: null }
  const long = spec.sleeve === 'long'
  const length2 = m.sleeve ?? (long ? 61 : 20)
  const cuff = long ? (spec.cuffWidth ?? 10.5) * 0.92 : (spec.cuffWidth ?? chest * 0.32)
  const elbow = long ? Math.max(cuff + 0.6, (spec.elbowWidth ?? chest * 0.265) * 0.82) : cuff
  const puff = spec.puff ?? 0.9
  const draw = (): SleeveCut => {
    if (!long) {
      const angle = (spec.sleeveAngle ?? 40) + between(random, -1.5, 1.5)
      return { length: length2, angle, forearmAngle: angle - 5, elbow: cuff, cuff, puff }
    }
    const forearmAngle = (spec.sleeveAngle ?? 8.5 + (chest - shoulder) * 0.5) + between(random, -1.2, 1.2)
    return hangSleeve(base, { length: length2, forearmAngle, elbow, cuff, puff }, 0.2)
  }
  return { ...base, sleeves: { left: draw(), right: draw() } }
}

const sleeveFrame = (sleeve: SleeveShape): Frame => {
  const [outer, inner] = sleeve.cuff
  const start = mix(sleeve.armhole[0]!, sleeve.armhole.at(-1)!, 0.45)
  const elbow = mix(along(sleeve.outer, 0.52), along(sleeve.inner, 0.5), 0.5)
  const end = mix(outer, inner, 0.5)
  const angleTo = (a: Point, b: Point): number => {
    const d = direction(a, b)
    return Math.atan2(d.x, d.y)
  }
  const v = Math.hypot(elbow.x - start.x, elbow.y - start.y)
  return {
    kind: 'bent',
    origin: start,
    angle: angleTo(start, elbow),
    then: { origin: elbow, angle: angleTo(elbow, end), v },
    over: 9,
  }
}

/** A strip along the end of a sleeve, `height` cm up from the cuff. */
const cuffStrip = (sleeve: SleeveShape, height: number, flare = 0): { strip: Point[]; edge: Point[] } => {
  const [outer, inner] = sleeve.cuff
  const up = direction(outer, along(sleeve.outer, 0.93))
  const across = direction(outer, inner)
  const topOuter = add(add(outer, up, height), across, -flare)
  const topInner = add(add(inner, up, height), across, flare)
  return { strip: [topOuter, outer, inner, topInner], edge: [topOuter, topInner] }
}

/** Lays a sleeve; what is returned gives it its volume and finishes its cuff once the body is there too. */
const laySleeve = (scene: Scene, spec: TopSpec, sleeve: SleeveShape): (() => void) => {
  const fabric: Fabric = FABRICS[spec.fabric]
  const crease = fabric.crease * (spec.crease ?? 1)
  const long = spec.sleeve === 'long'
  const frame = sleeveFrame(sleeve)
  const slot = spec.block === 'sleeves' ? 'second' : 'main'
  const [outer, inner] = sleeve.cuff
  const cuff = spec.cuff ?? 'stitched'
  if (cuff !== 'shirt' && cuff !== 'rib') {
    const out = direction(along(sleeve.outer, 0.9), outer)
    const opening = [outer, add(mix(outer, inner, 0.3), out, 0.55), add(mix(outer, inner, 0.75), out, 0.5), inner]
    lay(scene, [opening], { slot: 'inside', frame, light: 0.5 })
  }
  const area = lay(scene, [sleeve.outline], { slot, frame, thickness: 0.8, bevel: 2 })
  const relief: Relief = {
    round: long ? 5.2 : 5.5,
    depth: long ? 2.2 : 1.7,
    on: 'whole',
    folds: sleeveFolds(sleeve, long, scene.random, crease),
    drape: drapeOf(fabric, crease),
  }
  return () => {
    mould(scene, area, relief)
    finishCuff(scene, spec, sleeve, frame)
  }
}

const drapeOf = (fabric: Fabric, crease: number): NonNullable<Relief['drape']> => [
  { height: 0.34 * crease, across: 10, along: 17, lean: 0.3 },
  { height: 0.085 * crease, across: 3.4, along: 7.5, lean: -0.5, sharp: fabric.sharp * 0.6 },
  ...(fabric.sharp > 0.45
    ? [{ height: 0.022 * crease * fabric.sharp, across: 1.5, along: 2.6, lean: 0.5, sharp: 0.4 }]
    : []),
]

const finishCuff = (scene: Scene, spec: TopSpec, sleeve: SleeveShape, frame: Frame): void => {
  const cuff = spec.cuff ?? 'stitched'
  const contrast = spec.contrastStitch ? 0.85 : 0
  const [outer, inner] = sleeve.cuff
  if (cuff === 'stitched') {
    const { edge } = cuffStrip(sleeve, 2.2)
    seam(scene, edge, 2, 0.7, 0.06)
    topstitch(scene, edge, contrast, 0.9)
    return
  }
  if (cuff === 'plain') return
  if (cuff === 'elastic') {
    const { edge } = cuffStrip(sleeve, 1.6)
    seam(scene, edge, 2.6, 1.4, 0.16)
    return
  }
  const height = cuff === 'rib' ? 6 : cuff === 'turned' ? 3 : 6.2
  const { strip, edge } = cuffStrip(sleeve, height, cuff === 'turned' ? 0.25 : cuff === 'rib' ? -0.35 : 0.1)
  lay(scene, [strip], {
    slot: cuff === 'rib' ? 'second' : spec.block === 'sleeves' ? 'second' : 'main',
    frame,
    thickness: cuff === 'turned' ? 2.4 : 1.2,
    shadow: { reach: 0.18, strength: 0.3, x: 0.02, y: cuff === 'turned' ? -0.2 : -0.1 },
  })
  seam(scene, edge, 1.8, 1.1, 0.2)
  if (cuff !== 'shirt') return
  for (const inset of [0.5, 5.6]) {
    const up = direction(outer, strip[0]!)
    topstitch(scene, [add(outer, up, inset), add(inner, up, inset)], contrast)
  }
  const button = add(mix(outer, inner, 0.3), direction(outer, strip[0]!), height / 2)
  lay(
    scene,
    [
      Array.from({ length: 14 }, (_, i) =>
        add(button, at(Math.cos((i / 7) * Math.PI), Math.sin((i / 7) * Math.PI)), 0.5),
      ),
    ],
    {
      slot: 'button',
      frame: FLAT,
      thickness: 1.6,
      bevel: 1,
      shadow: { reach: 0.1, strength: 0.5 },
    },
  )
}

/** Puffs between stitched lines, as height in cm. */
const quilting = (kind: NonNullable<TopSpec['quilt']>, noise: Noise): ((x: number, y: number) => number) => {
  const hump = (t: number): number => {
    const f = Math.abs(t - Math.floor(t) - 0.5) * 2
    return Math.sqrt(Math.max(0, 1 - f * f * f * f))
  }
  if (kind === 'diamonds') return (x, y) => 0.32 * Math.min(hump((x + y) / 7.4), hump((x - y) / 7.4))
  const pitch = kind === 'puffs' ? 8 : 4.6
  const high = kind === 'puffs' ? 1.15 : 0.5
  return (x, y) => {
    const h = hump((y + 0.5 * noise(x * 0.11, y * 0.05)) / pitch)
    return high * h + 0.3 * noise(x * 0.55, y * 0.16 + 9) * (1 - h * h) + 0.1 * noise(x * 0.3, y * 0.3)
  }
}

const skirtFlutes = (cut: TopCut, scene: Scene): ((x: number, y: number) => number) | undefined => {
  const { waves } = cut
  if (!waves) return undefined
  const shift = scene.random() * 10
  return (x, y) => {
    if (y < cut.waistY) return 0
    const t = (y - cut.waistY) / (cut.length - cut.waistY)
    const half = (cut.waist + (cut.hem - cut.waist) * t) / 2
    const bend = scene.noise((x / half) * 1.3 + shift, t * 1.1) * (1.1 - t)
    const wave = Math.cos((x / half) * Math.PI * waves.count + bend)
    return (0.35 + waves.depth * 1.25) * t ** 0.7 * (0.7 * wave + 0.3 * wave * wave)
  }
}

const frontRelief = (scene: Scene, spec: TopSpec, cut: TopCut): Relief => {
  const fabric: Fabric = FABRICS[spec.fabric]
  const crease = fabric.crease * (spec.crease ?? 1)
  const flutes = skirtFlutes(cut, scene)
  const quilt = spec.quilt ? quilting(spec.quilt, scene.noise) : undefined
  return {
    round: 7.5,
    depth: 2.7,
    on: 'whole',
    folds: torsoFolds(cut, scene.random, crease),
    drape: drapeOf(fabric, crease),
    ...(flutes || quilt ? { extra: (x: number, y: number) => (flutes?.(x, y) ?? 0) + (quilt?.(x, y) ?? 0) } : {}),
  }
}

const finishHem = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const hem = spec.hem ?? 'stitched'
  if (hem === 'plain') return
  if (hem === 'rib') {
    const height = 6.5
    const top = shape.hemline.map((p) => at(p.x * 1.02, p.y - height))
    const low = shape.hemline.map((p) => at(p.x * 1.02, p.y + 0.4))
    const cast = { reach: 0.25, strength: 0.3, x: 0, y: -0.2 }
    lay(scene, [[...top, ...reversed(low)]], { slot: 'second', frame: FLAT, thickness: 0.8, clip: true, shadow: cast })
    seam(scene, top, 2, 1.4, 0.22)
    return
  }
  const up = hem === 'elastic' ? 2 : cut.hemShape === 'shirttail' ? 0.8 : 2.4
  const line = shape.hemline.map((p) => at(p.x * 0.995, p.y - up))
  seam(scene, line, 2, hem === 'elastic' ? 1.6 : 0.7, 0.06)
  topstitch(scene, line, spec.contrastStitch ? 0.85 : 0, 0.9)
}

const sewBody = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  for (const side of ['left', 'right'] as const) {
    const hole = shape.armholes[side]
    if (shape.sleeves) {
      seam(scene, hole, 2, 1.3, 0.2)
      if (spec.contrastStitch || spec.front === 'buttons')
        topstitch(
          scene,
          offset(hole, side === 'left' ? 0.7 : -0.7).map((p) => p),
          spec.contrastStitch ? 0.8 : 0,
          0.8,
        )
    } else topstitch(scene, offset(hole, side === 'left' ? -0.9 : 0.9), 0, 0.8)
  }
  if (spec.yoke) {
    const y = cut.slope + cut.armhole * 0.34
    const edge = shape.armholes.right.find((p) => p.y >= y) ?? shape.armholes.right[0]!
    const line = [
      at(-edge.x, edge.y),
      at(-edge.x * 0.4, edge.y + 0.4),
      at(edge.x * 0.4, edge.y + 0.4),
      at(edge.x, edge.y),
    ]
    seam(scene, line, 1.8, 1, 0.18)
    topstitch(scene, offset(line, -0.6), spec.contrastStitch ? 0.85 : 0)
  }
  if (spec.darts)
    for (const s of [-1, 1])
      seam(
        scene,
        [
          at(s * cut.chest * 0.24, cut.waistY - 14),
          at(s * cut.waist * 0.22, cut.waistY),
          at(s * cut.waist * 0.23, cut.waistY + 12),
        ],
        1.6,
        0.8,
        0.14,
      )
}

/** A seam, gathers or a tied belt at the waist, and the seams between tiers. */
const sewWaist = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const across = (y: number, width: number): Point[] =>
    cubic(at(-width / 2, y), at(-width / 6, y + 0.5), at(width / 6, y + 0.5), at(width / 2, y), 14)
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

const colourBlock = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  if (typeof spec.block !== 'object') return
  const { cut } = shape
  const [y0, y1] = [spec.block.from * cut.length, spec.block.to * cut.length]
  const wide = 200
  const area = [at(-wide, y0), at(wide, y0), at(wide, y1), at(-wide, y1)]
  void area
  const side = (y: number): number =>
    along(shape.sides.right, Math.max(0, (y - shape.sides.right[0]!.y) / (cut.length - shape.sides.right[0]!.y))).x
  const polygon = [
    at(-side(y0), y0),
    at(side(y0), y0),
    at(side((y0 + y1) / 2), (y0 + y1) / 2),
    at(side(y1), y1),
    at(-side(y1), y1),
    at(-side((y0 + y1) / 2), (y0 + y1) / 2),
  ]
  lay(scene, [polygon], { slot: 'second', frame: FLAT, clip: true })
  for (const y of [y0, y1]) if (y < cut.length - 2) seam(scene, [at(-side(y), y), at(side(y), y)], 1.6, 0.9, 0.12)
}

/** Draws a top or dress back to front into the scene. */
export const buildTop = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  drawBackNeck(scene, spec, shape)
  const { sleeves } = shape
  const finish = sleeves ? [laySleeve(scene, spec, sleeves.left), laySleeve(scene, spec, sleeves.right)] : []
  if (cut.hemShape === 'shirttail') {
    const back = offset(shape.hemline, 0).map((p) => at(p.x * 0.985, p.y + 1.1))
    lay(scene, [[...shape.hemline, ...reversed(back)]], { slot: 'inside', frame: FLAT, light: 0.66 })
  }
  const front = lay(scene, [shape.front], {
    slot: 'main',
    frame: FLAT,
    thickness: 1.2,
    bevel: 2,
    shadow: { reach: 0.35, strength: 0.24, x: 0, y: 0.2 },
  })
  for (const done of finish) done()
  mould(scene, front, frontRelief(scene, spec, cut))
  colourBlock(scene, spec, shape)
  sewBody(scene, spec, shape)
  sewWaist(scene, spec, shape)
  finishHem(scene, spec, shape)
  sewPockets(scene, spec, shape)
  closeFront(scene, spec, shape)
  buildNeck(scene, spec, shape)
}

export const shapeOfTop = (spec: TopSpec, measures: SizeMeasures, random: Random): TopShape =>
  shapeTop(cutTop(spec, measures, random))
export { band }

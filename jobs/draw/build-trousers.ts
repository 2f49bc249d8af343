import type { SizeMeasures } from '../../modules/catalog/pure/size-chart.ts'
import { shapeTrousers, type TrousersCut, type TrousersShape } from './cut-bottom.ts'
import { type Fabric, FABRICS } from './fabric.ts'
import { bottomDrape, sewFly } from './fly.ts'
import { legFolds } from './folds.ts'
import { add, at, between, cubic, direction, mirror, offset, reversed } from './geometry.ts'
import { layCord, sewButton, sewLabel, sewTab } from './notions.ts'
import { sewPatch } from './pockets.ts'
import { type Fold, mould } from './relief.ts'
import { cover, FLAT, type Frame, lay, type Scene } from './scene.ts'
import type { TrousersSpec } from './spec.ts'
import { ridge, seam, topstitch } from './stitches.ts'

const soft = (style: TrousersSpec['style']): boolean =>
  style === 'jogger' || style === 'leggings' || style === 'pull-on'

const cutTrousers = (spec: TrousersSpec, m: SizeMeasures): TrousersCut => {
  const waist = (m.waist ?? 80) / 2
  const hip = (m.hip ?? 102) / 2
  const length = m.outseam ?? (m.inseam ?? 78) + 26
  const rise = spec.rise ?? Math.min(length - 6, length - (m.inseam ?? length * 0.75) + 0.5)
  const thigh = (m.thigh ?? 60) / 2
  const hem = (m.hem ?? 38) / 2
  const long = spec.type === 'trousers'
  const knee = spec.knee ?? (long ? thigh * 0.36 + hem * 0.52 : hem)
  return {
    waist,
    waistDip: soft(spec.style) ? 0.9 : 1.6,
    band: spec.style === 'leggings' ? 7 : 4,
    hip,
    hipY: rise * 0.7,
    rise,
    thigh,
    knee,
    kneeY: rise + (length - rise) * 0.44,
    hem,
    length,
    stance: spec.stance ?? hem / 2 + (long ? Math.max(2.2, (thigh - hem) * 0.42) : 1.6),
  }
}

const legFrame = (cut: TrousersCut, side: number): Frame => ({
  kind: 'flat',
  origin: at(side * cut.hip * 0.25, 0),
  angle: side * Math.atan2(cut.stance - cut.hip * 0.25, cut.length),
})

const sewWaistband = (scene: Scene, spec: TrousersSpec, shape: TrousersShape, contrast: number): void => {
  const { cut } = shape
  const lower = shape.waistline.map((p) => at(p.x * (1 + (cut.hip / cut.waist - 1) * 0.2), p.y + cut.band))
  const rib = spec.style === 'jogger' || spec.style === 'leggings'
  const strip = [...shape.waistline, ...reversed(lower)]
  lay(scene, [strip], {
    slot: spec.style === 'jogger' ? 'second' : 'main',
    frame: { kind: 'flat', origin: at(0, 0), angle: rib ? 0 : Math.PI / 2 },
    thickness: 1.6,
    bevel: 2,
    clip: true,
    shadow: { reach: 0.16, strength: 0.24, x: 0, y: 0.1 },
  })
  seam(scene, lower, 1.6, 1.1, 0.2)
  if (soft(spec.style)) {
    if (spec.style !== 'leggings')
      for (const t of [0.33, 0.66])
        seam(
          scene,
          shape.waistline.map((p) => at(p.x * 1.01, p.y + cut.band * t)),
          2,
          1.2,
          0.1,
        )
    if (spec.style !== 'leggings')
      for (let k = 0; k < 46; k++) {
        const x = cut.waist * (-0.47 + (k / 45) * 0.94) + between(scene.random, -0.2, 0.2)
        seam(
          scene,
          [at(x, 1.7), at(x + between(scene.random, -0.3, 0.3), cut.band + between(scene.random, 1, 3.4))],
          1.8,
          0.9,
          0.07,
        )
      }
    return
  }
  topstitch(scene, offset(shape.waistline, -0.55), contrast, 0.8)
  topstitch(scene, offset(lower, 0.5), contrast, 0.8)
}

const sewFrontPockets = (scene: Scene, spec: TrousersSpec, cut: TrousersCut, contrast: number): void => {
  const top = cut.band + 0.3
  for (const side of [-1, 1]) {
    const x = (cut.waist / 2) * (1 + (cut.hip / cut.waist - 1) * 0.25)
    if (spec.style === 'jeans') {
      const curve = cubic(
        at(side * (x - 10.5), top + 0.4),
        at(side * (x - 9.6), top + 5.8),
        at(side * (x - 5), top + 7.6),
        at(side * (x + 1.4), top + 7.6),
        14,
      )
      const bag = [...curve, at(side * (x + 0.6), top)]
      lay(scene, [side > 0 ? bag : reversed(bag)], {
        slot: 'main',
        frame: { kind: 'flat', origin: at(side * 4, 1), angle: side * 0.3 },
        clip: true,
        light: 0.9,
      })
      seam(scene, curve, 1.7, -1.5, 0)
      seam(scene, offset(curve, side > 0 ? 0.3 : -0.3), 2, 0.8, 0.22)
      topstitch(scene, offset(curve, side > 0 ? -0.45 : 0.45), contrast)
      topstitch(scene, offset(curve, side > 0 ? -1.05 : 1.05), contrast)
      if (side > 0) {
        const coin = [at(x - 7.6, top + 3), at(x - 0.4, top + 3)]
        topstitch(scene, coin, contrast)
        seam(scene, coin, 1.3, 0.7, 0.14)
      }
    } else if (!soft(spec.style) || spec.type === 'shorts' || spec.style === 'jogger') {
      const line = [at(side * (x - 4.4), top), at(side * (x + (spec.style === 'tailored' ? 0.6 : 1.5)), top + 15)]
      seam(scene, line, 1.8, 1.6, 0.3)
      seam(scene, offset(line, side > 0 ? -0.25 : 0.25), 4, 0.4, 0.12)
      topstitch(scene, offset(line, side > 0 ? 0.6 : -0.6), contrast, 0.7)
    }
  }
}

const sewHems = (scene: Scene, spec: TrousersSpec, shape: TrousersShape, contrast: number): void => {
  for (const side of ['left', 'right'] as const) {
    const leg = shape.legs[side]
    const [outer, inner] = leg.hem
    const outerUp = direction(outer, leg.outer.at(-3)!)
    const innerUp = direction(inner, leg.inner.at(-3) ?? leg.inner[0]!)
    const frame = legFrame(shape.cut, side === 'left' ? -1 : 1)
    if (spec.ribCuff) {
      const h = 6
      lay(scene, [[add(outer, outerUp, h), outer, inner, add(inner, innerUp, h)]], {
        slot: 'second',
        frame,
        thickness: 1,
        shadow: { reach: 0.2, strength: 0.25, x: 0, y: -0.1 },
      })
      seam(scene, [add(outer, outerUp, h), add(inner, innerUp, h)], 2, 1.5, 0.25)
    } else if (spec.turnUp) {
      const h = spec.turnUp
      const out = direction(inner, outer)
      lay(
        scene,
        [
          [
            add(add(outer, outerUp, h), out, 0.35),
            add(outer, out, 0.2),
            add(inner, out, -0.2),
            add(add(inner, innerUp, h), out, -0.3),
          ],
        ],
        {
          slot: spec.style === 'jeans' ? 'inside' : 'main',
          frame,
          thickness: 2.2,
          shadow: { reach: 0.25, strength: 0.4, x: 0, y: -0.12 },
          light: spec.style === 'jeans' ? 1 : 1,
        },
      )
    } else if (spec.style !== 'tailored') {
      const line = [add(outer, outerUp, 1.7), add(inner, innerUp, 1.7)]
      topstitch(scene, line, contrast)
      seam(scene, line, 2, 0.8, 0.06)
    } else seam(scene, [add(outer, outerUp, 3.6), add(inner, innerUp, 3.6)], 2, 0.35, 0.03)
  }
}

/** Draws trousers or shorts back to front. */
export const buildTrousers = (scene: Scene, spec: TrousersSpec, shape: TrousersShape): void => {
  const { cut } = shape
  const fabric: Fabric = FABRICS[spec.fabric]
  const crease = fabric.crease * (spec.crease ?? 1)
  const contrast = spec.contrastStitch ? 0.9 : 0
  lay(scene, [shape.backBand.map((p) => at(p.x, p.y - 0.05))], {
    slot: 'inside',
    frame: FLAT,
    inside: true,
    light: 0.62,
  })
  if (!soft(spec.style)) sewLabel(scene, at(0, 0.9), 4.4, 1.6)
  const left = reversed(shape.legs.left.outline)
  for (const side of [-1, 1]) {
    const leg = side < 0 ? shape.legs.left : shape.legs.right
    const [outer, inner] = leg.hem
    const down = 0.5
    lay(scene, [[outer, add(at((outer.x + inner.x) / 2, (outer.y + inner.y) / 2), at(0, 1), down + 0.3), inner]], {
      slot: 'inside',
      frame: FLAT,
      light: 0.5,
    })
    lay(scene, [side < 0 ? left : leg.outline], { slot: 'main', frame: legFrame(cut, side), thickness: 1, bevel: 2 })
  }
  const folds: Fold[] = [
    ...legFolds(cut, scene.random, crease),
    ...legFolds(cut, scene.random, crease).map((fold) => Object.assign(fold, { path: mirror(fold.path) })),
  ]
  mould(scene, cover(scene, [left, shape.legs.right.outline]), {
    round: Math.min(8, cut.hem * 0.4),
    depth: 2.6,
    folds,
    drape: bottomDrape(fabric, crease),
  })
  for (const side of [-1, 1]) sewLeg(scene, spec, shape, side)
  seam(scene, [at(0, cut.waistDip), at(0, cut.rise)], 2, 1.4, 0.2)
  if (!soft(spec.style)) {
    sewFrontPockets(scene, spec, cut, contrast)
    sewFly(scene, spec, cut.waistDip, Math.min(cut.rise - 3, 19), cut.band, contrast)
  } else sewFrontPockets(scene, spec, cut, 0)
  sewWaistband(scene, spec, shape, contrast)
  if (!soft(spec.style)) {
    sewButton(scene, at(-0.9, cut.waistDip + cut.band / 2), 0.8, contrast > 0 || spec.style === 'jeans')
    for (const x of [-0.62, -0.3, 0.3, 0.62])
      sewTab(scene, at((x * cut.waist) / 1.55, cut.waistDip * (1 - Math.abs(x)) + cut.band / 2), 1.1, cut.band + 0.5)
  } else if (spec.style !== 'leggings')
    for (const s of [-1, 1])
      layCord(
        scene,
        cubic(
          at(s * 0.9, cut.waistDip + 2),
          at(s * 2.6, cut.waistDip + 5),
          at(s * 0.8, cut.waistDip + 9),
          at(s * 2.2, cut.waistDip + 13 + s),
          14,
        ),
        0.55,
        'trim',
      )
  sewHems(scene, spec, shape, contrast)
}

const sewLeg = (scene: Scene, spec: TrousersSpec, shape: TrousersShape, side: number): void => {
  const { cut } = shape
  const leg = side < 0 ? shape.legs.left : shape.legs.right
  const contrast = spec.contrastStitch ? 0.9 : 0
  const inwards = side > 0 ? -1 : 1
  if (spec.sideStripe) {
    const line = leg.outer.filter((p) => p.y > cut.band)
    lay(scene, [[...offset(line, inwards * -0.2), ...reversed(offset(line, inwards * 2.4))]], {
      slot: 'second',
      frame: FLAT,
      clip: true,
    })
  }
  if (spec.style === 'jeans' || spec.style === 'cargo') {
    topstitch(scene, offset(leg.inner, side > 0 ? 0.5 : -0.5), contrast, 0.7)
    seam(scene, offset(leg.outer, inwards * 0.35), 2.4, 0.7, 0.1)
  }
  if (spec.pressed) {
    const line = [
      at(side * cut.hip * 0.27, cut.band + 6),
      at(side * ((cut.hip * 0.27 + cut.stance) / 2), cut.kneeY),
      at(side * cut.stance, cut.length),
    ]
    ridge(scene, line, 3.4, 2.1)
    ridge(scene, line, 1.2, 0.9)
  }
  for (let k = 0; k < (spec.pleats ?? 0); k++) {
    const x = side * (cut.hip * 0.27 - 3.2 * k * -1)
    const line = [at(x, cut.band), at(x + side * 0.4, cut.band + 11 - 3 * k)]
    seam(scene, line, 2, 1.8, 0.3)
    seam(
      scene,
      line.map((p) => at(p.x + side * 0.5, p.y)),
      5,
      1,
      0.1,
    )
  }
  if (spec.style === 'cargo') {
    const y = cut.rise + (spec.type === 'shorts' ? 4 : (cut.kneeY - cut.rise) * 0.45)
    sewPatch(scene, at(side * (cut.thigh * 0.72 + 0.5), y), { width: 13, height: 15, point: 0.3, flap: true }, contrast)
  }
}

export const shapeOfTrousers = (spec: TrousersSpec, m: SizeMeasures): TrousersShape =>
  shapeTrousers(cutTrousers(spec, m))

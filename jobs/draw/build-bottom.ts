import type { SizeMeasures } from '../../modules/catalog/pure/size-chart.ts'
import type { Point } from '../../modules/tryon/pure/image.ts'
import {
  type SkirtCut,
  type SkirtShape,
  shapeSkirt,
  shapeTrousers,
  type TrousersCut,
  type TrousersShape,
} from './cut-bottom.ts'
import { FABRICS, type Fabric } from './fabric.ts'
import { type Fold, type Relief, mould } from './relief.ts'
import { legFolds } from './folds.ts'
import {
  add,
  at,
  band,
  between,
  cubic,
  direction,
  mirror,
  offset,
  type Random,
  reversed,
  smoothstep,
} from './geometry.ts'
import { circle, layCord, sewButton, sewLabel, sewTab } from './notions.ts'
import { sewPatch, sewWelt } from './pockets.ts'
import { cover, FLAT, type Frame, lay, type Scene } from './scene.ts'
import type { SkirtSpec, TrousersSpec } from './spec.ts'
import { ridge, seam, topstitch } from './stitches.ts'

const soft = (style: TrousersSpec['style']): boolean =>
  style === 'jogger' || style === 'leggings' || style === 'pull-on'

export const cutTrousers = (spec: TrousersSpec, m: SizeMeasures): TrousersCut => {
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

const sewFly = (
  scene: Scene,
  spec: TrousersSpec | SkirtSpec,
  top: number,
  bottom: number,
  bandHeight: number,
  contrast: number,
): void => {
  const start = top + bandHeight
  seam(scene, [at(0.25, start), at(0.1, bottom)], 1.7, 1.4, 0.32)
  const jay = [
    at(3.7, start),
    at(3.6, start + (bottom - start) * 0.56),
    ...cubic(
      at(3.6, start + (bottom - start) * 0.56),
      at(3.5, bottom - 3),
      at(1.6, bottom - 1.4),
      at(0.2, bottom - 1.2),
      10,
    ).slice(1),
  ]
  topstitch(scene, jay, contrast)
  if (contrast > 0) topstitch(scene, offset(jay, -0.5), contrast)
  seam(scene, [at(0.4, top), at(0.4, start)], 1.6, 1.6, 0.34)
  sewButton(
    scene,
    at(-0.9, top + bandHeight / 2),
    spec.style === 'jeans' || spec.style === 'denim' ? 0.85 : 0.72,
    contrast > 0 || spec.style === 'jeans',
  )
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

const DRAPE = (fabric: Fabric, crease: number): NonNullable<Relief['drape']> => [
  { height: 0.24 * crease, across: 8, along: 17, lean: 0.15 },
  { height: 0.075 * crease, across: 3, along: 6.5, lean: -0.4, sharp: fabric.sharp * 0.6 },
  ...(fabric.sharp > 0.35
    ? [{ height: 0.022 * crease * fabric.sharp, across: 1.5, along: 2.4, lean: 0.4, sharp: 0.4 }]
    : []),
]

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
    ...legFolds(cut, scene.random, crease).map((fold) => ({ ...fold, path: fold.path.map((p) => at(-p.x, p.y)) })),
  ]
  mould(scene, cover(scene, [left, shape.legs.right.outline]), {
    round: Math.min(8, cut.hem * 0.4),
    depth: 2.6,
    folds,
    drape: DRAPE(fabric, crease),
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

export const cutSkirt = (spec: SkirtSpec, m: SizeMeasures, random: Random): SkirtCut => {
  const waist = (m.waist ?? 74) / 2
  const hip = (m.hip ?? 100) / 2
  const hem = (m.hem ?? 110) / 2
  const flare = hem / hip
  return {
    waist,
    waistDip: 1.3,
    band: spec.style === 'slip' ? 2.4 : 3.6,
    hip,
    hipY: 19,
    hem,
    length: m.length ?? m.outseam ?? 58,
    hemDrop: spec.hemDrop ?? Math.min(9, 0.6 + (flare - 1) * 7),
    flutes: Math.max(1, Math.round(2 + flare * 2 + random())),
    fluteDepth: ['flared', 'gathered', 'tiered', 'slip'].includes(spec.style)
      ? Math.min(1.3, 0.25 + (flare - 1) * 0.9)
      : 0.1,
  }
}

const skirtExtra = (spec: SkirtSpec, cut: SkirtCut, scene: Scene): ((x: number, y: number) => number) => {
  const { random, noise } = scene
  const flare = Math.max(0.05, cut.hem / cut.hip - 1)
  const shift = random() * 20
  const half = (y: number): number => {
    const t = Math.min(1, Math.max(0, y / cut.length))
    return (cut.waist + (cut.hem - cut.waist) * t) / 2
  }
  if (spec.style === 'pleated') {
    const count = Math.round(cut.hem / 3.1)
    return (x, y) => {
      const place = (x / half(y)) * count * 0.5 + 0.12 * noise(x * 0.12, y * 0.06 + shift)
      const f = place - Math.floor(place)
      return (
        (0.22 + 0.34 * Math.min(1, y / cut.length)) *
        (f < 0.82 ? f / 0.82 : (1 - f) / 0.18) *
        smoothstep(cut.band - 0.5, cut.band + 2, y)
      )
    }
  }
  const gathers = spec.style === 'gathered' || spec.style === 'tiered'
  const depth = {
    pencil: 0.05,
    'a-line': 0.45,
    flared: 1.5,
    pleated: 0,
    gathered: 1.2,
    denim: 0.06,
    wrap: 0.45,
    slip: 0.8,
    tiered: 0.9,
  }[spec.style]
  const count = cut.flutes
  const third = cut.length / 3
  const tierAt = (y: number): number => (spec.style === 'tiered' ? (y % third) / third : y / cut.length)
  return (x, y) => {
    const t = Math.min(1, Math.max(0, tierAt(y)))
    const tier = spec.style === 'tiered' ? Math.floor(y / third) * 7 : 0
    const across = x / half(y)
    const bend = noise(across * 1.3 + shift, t * 1.1 + tier) * (1.2 - t + tier * 0.1)
    const wave = Math.cos(across * Math.PI * count + bend)
    const place = across * (9 + flare * 3)
    const fine = gathers ? Math.sin(place * Math.PI * 1.6 + noise(place, y * 0.05) * 3) * 0.3 * (1 - t) ** 2 : 0
    return depth * (t ** 0.7 * (0.7 * wave + 0.3 * wave * wave) + fine)
  }
}

/** Draws a skirt back to front. */
export const buildSkirt = (scene: Scene, spec: SkirtSpec, shape: SkirtShape): void => {
  const { cut } = shape
  const fabric: Fabric = FABRICS[spec.fabric]
  const crease = fabric.crease * (spec.crease ?? 1)
  const contrast = spec.contrastStitch ? 0.9 : 0
  const { random } = scene
  lay(scene, [shape.backBand], { slot: 'inside', frame: FLAT, inside: true, light: 0.62 })
  sewLabel(scene, at(0, 0.9), 4, 1.5)
  const backHem = shape.hemline.map((p) => at(p.x * 0.985, p.y + 0.7 + cut.fluteDepth * 0.8))
  lay(scene, [[...shape.hemline, ...reversed(backHem)]], { slot: 'inside', frame: FLAT, light: 0.5 })
  const area = lay(scene, [shape.outline], { slot: 'main', frame: FLAT, thickness: 1.1, bevel: 2 })
  const folds: Fold[] = []
  for (const s of [-1, 1])
    for (let k = 0; k < 3; k++) {
      const y = between(random, 6, 24)
      folds.push({
        path: [
          at(s * cut.hip * 0.48, y),
          at(s * cut.hip * 0.36, y + between(random, -1, 3)),
          at(s * cut.hip * between(random, 0.12, 0.3), y + between(random, -2, 5)),
        ],
        width: between(random, 0.7, 1.2),
        height: between(random, 0.1, 0.22) * crease,
        root: 1,
      })
    }
  mould(scene, area, {
    round: 7.5,
    depth: 2.6,
    folds: spec.style === 'pleated' ? [] : folds,
    drape: DRAPE(fabric, spec.style === 'pleated' ? crease * 0.3 : crease),
    extra: skirtExtra(spec, cut, scene),
  })
  const hem = shape.hemline.map((p) =>
    at(p.x * 0.995, p.y - (spec.style === 'flared' || spec.style === 'slip' ? 0.9 : 2.6)),
  )
  if (spec.style !== 'pleated') seam(scene, hem, 2, 0.5, 0.05)
  if (spec.style === 'denim') topstitch(scene, hem, contrast)
  if (spec.style === 'tiered')
    for (const t of [1 / 3, 2 / 3]) {
      const half = (cut.waist + (cut.hem - cut.waist) * t) / 2
      seam(
        scene,
        cubic(
          at(-half, cut.length * t - cut.hemDrop * t),
          at(-half * 0.4, cut.length * t),
          at(half * 0.4, cut.length * t),
          at(half, cut.length * t - cut.hemDrop * t),
          16,
        ),
        2.4,
        2,
        0.25,
      )
    }
  skirtFront(scene, spec, shape, contrast)
}

const skirtFront = (scene: Scene, spec: SkirtSpec, shape: SkirtShape, contrast: number): void => {
  const { cut } = shape
  const lower = shape.waistline.map((p) => at(p.x * (1 + (cut.hip / cut.waist - 1) * 0.2), p.y + cut.band))
  if (spec.style === 'wrap') {
    const edge = [
      at(cut.waist * 0.34, cut.band),
      ...cubic(
        at(cut.waist * 0.34, cut.band),
        at(cut.waist * 0.3, cut.length * 0.4),
        at(cut.hem * 0.22, cut.length * 0.8),
        at(cut.hem * 0.1, cut.length),
        12,
      ).slice(1),
    ]
    seam(scene, edge, 2, 2, 0.36)
    seam(
      scene,
      edge.map((p) => at(p.x + 0.5, p.y)),
      6,
      0.8,
      0.14,
    )
  }
  lay(scene, [[...shape.waistline, ...reversed(lower)]], {
    slot: 'main',
    frame: { kind: 'flat', origin: at(0, 0), angle: spec.style === 'slip' ? 0 : Math.PI / 2 },
    thickness: 1.5,
    clip: true,
    shadow: { reach: 0.16, strength: 0.24, x: 0, y: 0.1 },
  })
  seam(scene, lower, 1.6, 1.2, 0.2)
  if (spec.style === 'gathered' || spec.style === 'tiered' || spec.style === 'slip')
    for (let k = 0; k < 52; k++) {
      const x = cut.waist * (-0.48 + (k / 51) * 0.96) + between(scene.random, -0.2, 0.2)
      seam(
        scene,
        [at(x, 1.2), at(x * 1.04, cut.band + between(scene.random, 0.6, 4))],
        1.8,
        spec.style === 'slip' ? 0.5 : 0.9,
        0.06,
      )
    }
  if (spec.style === 'denim') {
    sewFly(scene, spec, cut.waistDip, 16, cut.band, contrast)
    for (const s of [-1, 1]) {
      const x = (cut.waist / 2) * 1.06
      const curve = cubic(
        at(s * (x - 9.6), cut.band + 0.6),
        at(s * (x - 9), cut.band + 5.6),
        at(s * (x - 4.4), cut.band + 7.4),
        at(s * (x + 1.6), cut.band + 7.6),
        14,
      )
      seam(scene, curve, 1.8, 1.4, 0.26)
      topstitch(scene, offset(curve, s > 0 ? -0.5 : 0.5), contrast)
    }
    topstitch(scene, offset(lower, 0.5), contrast)
    topstitch(scene, offset(shape.waistline, -0.5), contrast)
    for (const x of [-0.6, -0.28, 0.28, 0.6])
      sewTab(scene, at((x * cut.waist) / 1.5, cut.band / 2 + 1), 1.1, cut.band + 0.8)
  }
  if (spec.buttons) {
    seam(scene, [at(1.7, cut.band), at(1.7, cut.length)], 1.6, 1.3, 0.28)
    for (let k = 0; k < spec.buttons; k++)
      sewButton(
        scene,
        at(0, cut.band * 0.6 + ((cut.length - 12) * k) / Math.max(1, spec.buttons - 1)),
        0.85,
        contrast > 0,
      )
  }
  if (spec.style === 'pencil' || spec.style === 'a-line')
    for (const s of [-1, 1])
      seam(scene, [at(s * cut.waist * 0.24, cut.band), at(s * cut.waist * 0.26, cut.band + 9)], 1.6, 0.9, 0.14)
}

export const shapeOfSkirt = (spec: SkirtSpec, m: SizeMeasures, random: Random): SkirtShape =>
  shapeSkirt(cutSkirt(spec, m, random))
export { band, circle, mirror, sewWelt, type Point }

import type { SizeMeasures } from '../../modules/catalog/pure/size-chart.ts'
import { shapeSkirt, type SkirtCut, type SkirtShape } from './cut-bottom.ts'
import { type Fabric, FABRICS } from './fabric.ts'
import { bottomDrape, sewFly } from './fly.ts'
import { at, between, cubic, offset, type Random, reversed, smoothstep } from './geometry.ts'
import { sewButton, sewLabel, sewTab } from './notions.ts'
import { type Fold, mould } from './relief.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import type { SkirtSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

const cutSkirt = (spec: SkirtSpec, m: SizeMeasures, random: Random): SkirtCut => {
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
    drape: bottomDrape(fabric, spec.style === 'pleated' ? crease * 0.3 : crease),
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

import type { TopShape, TopCut } from './cut-top.ts'
import { closeFront } from './closures.ts'
import { type Fabric, FABRICS } from './fabric.ts'
import { torsoFolds } from './folds.ts'
import { along, at, offset, reversed } from './geometry.ts'
import { buildNeck, drawBackNeck } from './necks.ts'
import { sewPockets } from './pockets.ts'
import { quilting } from './quilting.ts'
import { mould, type Relief } from './relief.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import { drapeOf, laySleeve } from './sleeves.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'
import { sewWaist } from './waist.ts'

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

const colourBlock = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  if (typeof spec.block !== 'object') return
  const { cut } = shape
  const [y0, y1] = [spec.block.from * cut.length, spec.block.to * cut.length]
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

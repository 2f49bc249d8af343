import type { Point } from '../../modules/tryon/pure/image.ts'
import type { TopShape } from './cut-top.ts'
import { at, cubic, mirror, offset, reversed } from './geometry.ts'
import { sewButton } from './notions.ts'
import { FLAT, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

/** A patch pocket with a pointed or straight foot; `flap` adds a buttoned one. */
export const sewPatch = (
  scene: Scene,
  centre: Point,
  size: { width: number; height: number; point?: number; flap?: boolean; angle?: number },
  contrast: number,
): void => {
  const { width, height, point = 0, flap = false } = size
  const half = width / 2
  const outline = [
    at(-half, 0),
    at(half, 0),
    at(half * 0.97, height - point - 0.8),
    at(half * 0.9, height - point),
    at(0, height),
    at(-half * 0.9, height - point),
    at(-half * 0.97, height - point - 0.8),
  ].map((p) => at(p.x + centre.x, p.y + centre.y))
  lay(scene, [outline], {
    slot: 'main',
    frame: FLAT,
    thickness: 1.5,
    bevel: 2,
    shadow: { reach: 0.22, strength: 0.34, x: 0.05, y: 0.12 },
  })
  const edge = [...outline.slice(1), outline[0]!]
  topstitch(
    scene,
    offset(edge, -0.5)
      .slice(0, -1)
      .concat(at(centre.x - half + 0.5, centre.y)),
    contrast,
  )
  topstitch(scene, [at(centre.x - half, centre.y + 1.7), at(centre.x + half, centre.y + 1.7)], contrast)
  seam(scene, [at(centre.x - half, centre.y + 0.1), at(centre.x + half, centre.y + 0.1)], 1.4, 0.9, 0.22)
  if (!flap) return
  const cover = [at(-half - 0.3, -1.2), at(half + 0.3, -1.2), at(half + 0.3, 3.2), at(0, 5), at(-half - 0.3, 3.2)].map(
    (p) => at(p.x + centre.x, p.y + centre.y),
  )
  lay(scene, [cover], {
    slot: 'main',
    frame: FLAT,
    thickness: 2,
    bevel: 2,
    shadow: { reach: 0.26, strength: 0.45, x: 0.05, y: 0.2 },
  })
  topstitch(scene, offset([cover[1]!, cover[2]!, cover[3]!, cover[4]!, cover[0]!], -0.5), contrast)
  sewButton(scene, at(centre.x, centre.y + 3.4), 0.62, contrast > 0)
}

/** A slit with a narrow welt. */
export const sewWelt = (scene: Scene, from: Point, to: Point, width: number): void => {
  const d = Math.hypot(to.x - from.x, to.y - from.y)
  const n = at((-(to.y - from.y) / d) * width, ((to.x - from.x) / d) * width)
  lay(scene, [[from, to, at(to.x + n.x, to.y + n.y), at(from.x + n.x, from.y + n.y)]], {
    slot: 'main',
    frame: { kind: 'flat', origin: from, angle: 0.3 },
    thickness: 1.4,
    shadow: { reach: 0.2, strength: 0.34 },
  })
  seam(scene, [from, to], 1.6, 1.5, 0.4)
}

const kangaroo = (scene: Scene, shape: TopShape, contrast: number): void => {
  const { cut } = shape
  const bottom = cut.length - 6.6
  const half = Math.min(16, cut.hem * 0.31)
  const right = [
    at(half * 0.62, bottom - 18),
    ...cubic(
      at(half * 0.62, bottom - 18),
      at(half * 0.82, bottom - 12),
      at(half * 0.98, bottom - 9),
      at(half, bottom - 6),
      8,
    ).slice(1),
    at(half, bottom),
  ]
  const outline = [...right, ...reversed(mirror(right))]
  lay(scene, [outline], {
    slot: 'main',
    frame: FLAT,
    thickness: 1.8,
    bevel: 3,
    shadow: { reach: 0.35, strength: 0.4, x: 0, y: 0.12 },
  })
  for (const side of [right, mirror(right)]) {
    const curve = side.slice(0, 9)
    seam(scene, curve, 2.4, 1.4, 0.3)
    topstitch(
      scene,
      curve.map((p) => at(p.x * 0.955, p.y)),
      contrast,
    )
    topstitch(
      scene,
      curve.map((p) => at(p.x * 0.88, p.y)),
      contrast,
    )
  }
  topstitch(scene, [at(-half * 0.62, bottom - 17.5), at(half * 0.62, bottom - 17.5)], contrast)
}

export const sewPockets = (scene: Scene, spec: TopSpec, shape: TopShape): void => {
  const { cut } = shape
  const contrast = spec.contrastStitch ? 0.85 : 0
  const chestX = cut.chest * 0.245
  const chestY = cut.slope + cut.armhole * 0.72
  const patch = { width: cut.chest * 0.235, height: cut.chest * 0.27, point: 1.6 }
  switch (spec.pockets) {
    case undefined:
      return
    case 'chest':
      sewPatch(scene, at(chestX, chestY), patch, contrast)
      return
    case 'chests':
      for (const s of [-1, 1]) sewPatch(scene, at(s * chestX, chestY), { ...patch, flap: true }, contrast)
      return
    case 'flaps':
      for (const s of [-1, 1]) {
        if (cut.chest > 40 && spec.fabric !== 'suiting')
          sewPatch(scene, at(s * chestX, chestY + 1), { ...patch, flap: true }, contrast)
        const y = cut.waistY + (cut.length - cut.waistY) * 0.34
        const x = s * cut.waist * 0.31
        const flap = [at(x - 7.2, y - 0.4), at(x + 7.2, y - 0.4), at(x + 7, y + 4.4), at(x - 7, y + 4.4)]
        lay(scene, [flap], {
          slot: 'main',
          frame: FLAT,
          thickness: 1.8,
          shadow: { reach: 0.3, strength: 0.4, x: 0.05, y: 0.22 },
        })
        seam(scene, [flap[0]!, flap[1]!], 1.5, 1.2, 0.28)
      }
      return
    case 'kangaroo':
      kangaroo(scene, shape, contrast)
      return
    case 'patches':
      for (const s of [-1, 1])
        sewPatch(
          scene,
          at(s * cut.waist * 0.3, cut.waistY + (cut.length - cut.waistY) * 0.22),
          { width: 15, height: Math.min(17, (cut.length - cut.waistY) * 0.62), point: 0.3 },
          contrast,
        )
      return
    case 'welts':
    case 'slants':
      for (const s of [-1, 1]) {
        const y = cut.waistY + (cut.length - cut.waistY) * 0.16
        const x = cut.waist * 0.36
        sewWelt(scene, at(s * (x - 2.2), y), at(s * (x + 2.2), y + 14), s * -2.2)
      }
      return
  }
}

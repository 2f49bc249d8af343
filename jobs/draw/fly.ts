import type { Fabric } from './fabric.ts'
import { at, cubic, offset } from './geometry.ts'
import { sewButton } from './notions.ts'
import type { Relief } from './relief.ts'
import type { Scene } from './scene.ts'
import type { SkirtSpec, TrousersSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

/** The zip fly with its J of stitches and the button above it; heights in cm. */
export const sewFly = (
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

/** Large soft unevenness of trousers and skirts. */
export const bottomDrape = (fabric: Fabric, crease: number): NonNullable<Relief['drape']> => [
  { height: 0.24 * crease, across: 8, along: 17, lean: 0.15 },
  { height: 0.075 * crease, across: 3, along: 6.5, lean: -0.4, sharp: fabric.sharp * 0.6 },
  ...(fabric.sharp > 0.35
    ? [{ height: 0.022 * crease * fabric.sharp, across: 1.5, along: 2.4, lean: 0.4, sharp: 0.4 }]
    : []),
]

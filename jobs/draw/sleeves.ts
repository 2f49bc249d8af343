import type { Point } from '../../modules/tryon/pure/image.ts'
import type { SleeveShape } from './cut-top.ts'
import { type Fabric, FABRICS } from './fabric.ts'
import { sleeveFolds } from './folds.ts'
import { add, along, at, direction, mix } from './geometry.ts'
import { quilting } from './quilting.ts'
import { mould, type Relief } from './relief.ts'
import { FLAT, type Frame, lay, type Scene } from './scene.ts'
import type { TopSpec } from './spec.ts'
import { seam, topstitch } from './stitches.ts'

const angleTo = (a: Point, b: Point): number => {
  const d = direction(a, b)
  return Math.atan2(d.x, d.y)
}

const sleeveFrame = (sleeve: SleeveShape): Frame => {
  const [outer, inner] = sleeve.cuff
  const start = mix(sleeve.armhole[0]!, sleeve.armhole.at(-1)!, 0.45)
  const elbow = mix(along(sleeve.outer, 0.52), along(sleeve.inner, 0.5), 0.5)
  const end = mix(outer, inner, 0.5)
  const v = Math.hypot(elbow.x - start.x, elbow.y - start.y)
  return {
    kind: 'bent',
    origin: start,
    angle: angleTo(start, elbow),
    second: { origin: elbow, angle: angleTo(elbow, end), v },
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

/** The body's quilting turned to run across the sleeve. */
const quiltAlong = (scene: Scene, quilt: NonNullable<TopSpec['quilt']>, sleeve: SleeveShape): Relief['extra'] & {} => {
  const swell = quilting(quilt, scene.noise)
  const start = sleeve.armhole[0]!
  const d = direction(start, sleeve.cuff[0])
  return (x, y) => swell((x - start.x) * d.y - (y - start.y) * d.x, (x - start.x) * d.x + (y - start.y) * d.y)
}

/** Lays a sleeve; what is returned gives it its volume and finishes its cuff once the body is there too. */
export const laySleeve = (scene: Scene, spec: TopSpec, sleeve: SleeveShape): (() => void) => {
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
    ...(spec.quilt ? { extra: quiltAlong(scene, spec.quilt, sleeve) } : {}),
  }
  return () => {
    mould(scene, area, relief)
    finishCuff(scene, spec, sleeve, frame)
  }
}

/** Large soft unevenness of a cloth; the third, small one only where it creases sharply. */
export const drapeOf = (fabric: Fabric, crease: number): NonNullable<Relief['drape']> => [
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

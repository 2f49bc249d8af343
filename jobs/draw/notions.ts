import type { Point } from '../../modules/tryon/pure/image.ts'
import { add, at, band, direction, distance, offset } from './geometry.ts'
import { FLAT, lay, type Scene, type Slot } from './scene.ts'
import { ridge, seam } from './stitches.ts'

export const circle = (centre: Point, radius: number, squash = 1): Point[] =>
  Array.from({ length: 20 }, (_, i) =>
    at(centre.x + radius * Math.cos((i * Math.PI) / 10), centre.y + radius * squash * Math.sin((i * Math.PI) / 10)),
  )

/** A sewn button with a rim and four holes; `shank` buttons of metal have none. */
export const sewButton = (scene: Scene, centre: Point, radius: number, shank = false): void => {
  const slot: Slot = shank ? 'metal' : 'button'
  lay(scene, [circle(centre, radius)], {
    slot,
    frame: FLAT,
    thickness: 1.5,
    bevel: 1,
    shadow: { reach: 0.12, strength: 0.55, x: 0.04, y: 0.1 },
  })
  lay(scene, [circle(centre, radius * 0.66)], {
    slot,
    frame: FLAT,
    thickness: shank ? 0.9 : -0.8,
    bevel: 1,
    light: shank ? 1.06 : 0.94,
  })
  if (shank || radius * scene.pxPerCm < 4) return
  const hole = radius * 0.2
  for (const [x, y] of [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const)
    lay(scene, [circle(add(centre, at(x, y), radius * 0.26), hole)], { slot: 'dark', frame: FLAT, light: 0.9 })
}

export const buttonhole = (scene: Scene, centre: Point, length: number, angle = 0): void => {
  const d = at(Math.sin(angle), Math.cos(angle))
  seam(scene, [add(centre, d, -length / 2), add(centre, d, length / 2)], 1.1, 1, 0.4)
}

/** A zip along a path: tape, teeth, and a puller at its start. */
export const sewZip = (scene: Scene, path: readonly Point[], width = 0.55, puller = true): void => {
  lay(scene, [band(path, -width * 1.5, width * 1.5)], { slot: 'dark', frame: FLAT, light: 0.85 })
  const steps = Math.floor(distance(path[0]!, path.at(-1)!) / 0.32)
  const teeth: Point[][] = []
  const d = direction(path[0]!, path.at(-1)!)
  const n = at(d.y, -d.x)
  for (let k = 0; k < steps; k++) {
    const t = (k + 0.5) / steps
    const c = at(path[0]!.x + (path.at(-1)!.x - path[0]!.x) * t, path[0]!.y + (path.at(-1)!.y - path[0]!.y) * t)
    const a = add(add(c, n, -width * 0.55), d, -0.09)
    const b = add(add(c, n, width * 0.55), d, -0.09)
    teeth.push([a, b, add(b, d, 0.18), add(a, d, 0.18)])
  }
  lay(scene, teeth, { slot: 'metal', frame: FLAT, thickness: 0.8, bevel: 1 })
  if (!puller) return
  const top = path[0]!
  const body = [add(top, n, -0.42), add(top, n, 0.42), add(add(top, d, 1.1), n, 0.34), add(add(top, d, 1.1), n, -0.34)]
  lay(scene, [body], { slot: 'metal', frame: FLAT, thickness: 1.6, bevel: 1, shadow: { reach: 0.12, strength: 0.5 } })
  const tab = [
    add(add(top, d, 1), n, -0.26),
    add(add(top, d, 1), n, 0.26),
    add(add(top, d, 3.4), n, 0.34),
    add(add(top, d, 3.4), n, -0.34),
  ]
  lay(scene, [tab], { slot: 'metal', frame: FLAT, thickness: 1.2, bevel: 1, shadow: { reach: 0.15, strength: 0.5 } })
}

/** A woven label with a line of thread for a name. */
export const sewLabel = (scene: Scene, centre: Point, width: number, height: number): void => {
  const box = [
    at(centre.x - width / 2, centre.y - height / 2),
    at(centre.x + width / 2, centre.y - height / 2),
    at(centre.x + width / 2, centre.y + height / 2),
    at(centre.x - width / 2, centre.y + height / 2),
  ]
  lay(scene, [box], {
    slot: 'label',
    frame: FLAT,
    thickness: 0.8,
    bevel: 1,
    inside: true,
    light: 0.92,
    shadow: { reach: 0.12, strength: 0.3 },
  })
  const random = scene.random
  let x = centre.x - width * 0.34
  while (x < centre.x + width * 0.32) {
    const w = width * (0.04 + random() * 0.05)
    const top = centre.y - height * (0.04 + random() * 0.03)
    lay(
      scene,
      [[at(x, top), at(x + w * 0.6, top), at(x + w * 0.6, centre.y + height * 0.05), at(x, centre.y + height * 0.05)]],
      { slot: 'dark', frame: FLAT, inside: true, light: 1 },
    )
    x += w * 1.25
  }
}

/** A cord that lies on the cloth. */
export const layCord = (scene: Scene, path: Point[], width: number, slot: Slot = 'second'): void => {
  lay(scene, [band(path, -width / 2, width / 2)], {
    slot,
    frame: FLAT,
    thickness: 2.2,
    bevel: 2,
    shadow: { reach: 0.25, strength: 0.5, x: 0.1, y: 0.12 },
  })
  ridge(scene, path, 2, 1)
}

/** Belt loops, tabs: a small strip standing on the cloth. */
export const sewTab = (scene: Scene, centre: Point, width: number, height: number, slot: Slot = 'main'): void => {
  const path = [at(centre.x, centre.y - height / 2), at(centre.x, centre.y + height / 2)]
  lay(scene, [band(path, -width / 2, width / 2)], {
    slot,
    frame: FLAT,
    thickness: 1.8,
    bevel: 1,
    shadow: { reach: 0.14, strength: 0.4 },
  })
  for (const s of [-0.3, 0.3]) seam(scene, offset(path, s * width), 1, 0.4, 0.1)
}

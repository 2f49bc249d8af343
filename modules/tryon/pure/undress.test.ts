import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createMask, type Mask, type Raster } from './image.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { type BodyPart, findBareBody, SURFACE_PARTS } from './undress-body.ts'
import { DRAWN, drawPerson, type DrawnPerson } from './undress-testing.ts'
import { undress } from './undress.ts'

/** Everything within `reach` pixels (as a square) of a label. */
const around = (person: DrawnPerson, label: number, reach: number): Mask => {
  const { width, height, labels } = person.parts
  const mask = createMask(width, height)
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== label) continue
    const x = i % width
    const y = Math.floor(i / width)
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) mask.data[(y + dy) * width + x + dx] = 255
      }
    }
  }
  return mask
}

/** The soft outline of parts of the body as it would be without clothes. */
const bareMask = (pose: Pose, parts: PersonParts, wanted: readonly BodyPart[]): Mask => {
  const mask = createMask(parts.width, parts.height)
  for (const { part, layer } of findBareBody(pose, parts).layers) {
    if (!wanted.includes(part)) continue
    const { box, cover } = layer
    for (let y = box.y0, i = 0; y < box.y1; y++) {
      for (let at = y * mask.width + box.x0; at < y * mask.width + box.x1; at++, i++)
        mask.data[at] = Math.max(mask.data[at]!, Math.round(cover[i]! * 255))
    }
  }
  return mask
}

const colourAt = (picture: Raster, xMetres: number, yMetres: number) => {
  const x = Math.round(150 + xMetres * DRAWN.scale)
  const y = Math.round(210 + yMetres * DRAWN.scale)
  return [...picture.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 3)]
}

const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!)

describe('taking off a long-sleeved top', () => {
  const person = drawPerson(1.6)
  const exposed = around(person, PART.upper, 6)
  const remove = { upper: true, lower: false }
  const result = undress({ ...person, remove, exposed })

  test('pixels that are not exposed keep their bytes', () => {
    for (let i = 0; i < exposed.data.length; i++) {
      if (exposed.data[i]! > 0) continue
      for (let c = 0; c < 4; c++) expect(result.data[i * 4 + c]).toBe(person.picture.data[i * 4 + c]!)
    }
  })

  test('hair, face and hands keep their bytes even where they are exposed', () => {
    const all: Mask = { ...exposed, data: new Uint8Array(exposed.data.length).fill(255) }
    const whole = undress({ ...person, remove, exposed: all })
    const kept = new Set<number>([PART.hair, PART.face, PART.leftHand, PART.rightHand])
    for (let i = 0; i < all.data.length; i++) {
      if (kept.has(person.parts.labels[i]!)) expect(whole.data[i * 4]).toBe(person.picture.data[i * 4]!)
    }
  })

  test('nothing of the old cloth is left', () => {
    let left = 0
    for (let i = 0; i < exposed.data.length; i++) {
      if (distance([...result.data.subarray(i * 4, i * 4 + 3)], DRAWN.cloth) < 60) left++
    }
    expect(left).toBe(0)
  })

  test('arms and chest are skin, where the sleeve stood out is background, under the hem is trousers', () => {
    expect(distance(colourAt(result, 0.22, -0.37), DRAWN.skin)).toBeLessThan(45)
    expect(distance(colourAt(result, 0, -0.4), DRAWN.skin)).toBeLessThan(45)
    expect(distance(colourAt(result, 0.355, -0.12), DRAWN.ground)).toBeLessThan(12)
    expect(distance(colourAt(result, 0.02, 0.03), DRAWN.trousers)).toBeLessThan(40)
  })

  test('painted skin meets photographed skin without a seam', () => {
    // Along the forearm's bone, over the place where the cuff was.
    let before = colourAt(result, 0.3, -0.12)
    for (let t = 0.5; t < 0.8; t += 0.02) {
      const here = colourAt(result, 0.27 + 0.06 * t, -0.24 + 0.24 * t)
      if (t > 0.5) expect(distance(here, before)).toBeLessThan(14)
      before = here
    }
  })

  test('the same input gives the same bytes', () => {
    expect(undress({ ...person, remove, exposed }).data).toEqual(result.data)
  })
})

test('with nothing exposed or nothing to take off the picture comes back as it was', () => {
  const person = drawPerson(0.6)
  const none = createMask(DRAWN.width, DRAWN.height)
  expect(undress({ ...person, remove: { upper: true, lower: true }, exposed: none }).data).toEqual(person.picture.data)
  const all: Mask = { ...none, data: new Uint8Array(none.data.length).fill(255) }
  expect(undress({ ...person, remove: { upper: false, lower: false }, exposed: all }).data).toEqual(person.picture.data)
})

test('trousers that come off leave legs, and the top stays in front of them', () => {
  const person = drawPerson(0.6)
  const exposed = around(person, PART.lower, 6)
  const result = undress({ ...person, remove: { upper: false, lower: true }, exposed })
  expect(distance(colourAt(result, 0.11, 0.3), DRAWN.skin)).toBeLessThan(45)
  expect(distance(colourAt(result, 0.11, 0.6), DRAWN.skin)).toBeLessThan(45)
  expect(distance(colourAt(result, 0, 0), DRAWN.cloth)).toBeLessThan(10)
})

test('a bare arm is narrower than a loose sleeve and as wide as the arm where that is bare', () => {
  const person = drawPerson(1.5)
  const mask = bareMask(person.pose, person.parts, ['leftArm'])
  const widthAt = (yMetres: number) => {
    const y = Math.round(210 + yMetres * DRAWN.scale)
    let count = 0
    for (let x = 150; x < DRAWN.width; x++) if (mask.data[y * DRAWN.width + x]! > 127) count++
    return count / DRAWN.scale
  }
  expect(widthAt(-0.14)).toBeLessThan(0.12)
  expect(widthAt(-0.14)).toBeGreaterThan(0.05)
  expect(widthAt(-0.06)).toBeGreaterThan(0.075)
  expect(widthAt(-0.06)).toBeLessThan(0.1)
})

test('the bare trunk narrows from the shoulders to the neck and the waist', () => {
  const person = drawPerson(1.6)
  const mask = bareMask(person.pose, person.parts, ['torso'])
  const widthAt = (yMetres: number) => {
    const y = Math.round(210 + yMetres * DRAWN.scale)
    return (
      mask.data.subarray(y * DRAWN.width, (y + 1) * DRAWN.width).filter((value) => value > 127).length / DRAWN.scale
    )
  }
  expect(widthAt(-0.64)).toBeLessThan(0.16)
  expect(widthAt(-0.5)).toBeGreaterThan(0.3)
  expect(widthAt(-0.24)).toBeLessThan(widthAt(-0.36))
  expect(widthAt(0.02)).toBeGreaterThan(widthAt(-0.24))
})

test('skin is painted only where what is exposed meets the body', () => {
  const person = drawPerson(1.6)
  const exposed = createMask(DRAWN.width, DRAWN.height)
  for (let y = 120; y < 200; y++) exposed.data.fill(255, y * DRAWN.width + 120, y * DRAWN.width + 290)
  const painted = undress({ ...person, remove: { upper: true, lower: false }, exposed })
  expect(distance(colourAt(painted, 0, -0.3), DRAWN.skin)).toBeLessThan(45)
  expect(colourAt(painted, 0.6, -0.3)).toEqual(colourAt(person.picture, 0.6, -0.3))
  expect(colourAt(painted, 0, 0.2)).toEqual(colourAt(person.picture, 0, 0.2))
})

const photos = join(
  process.env['PHOTOS_DIR'] ?? join(import.meta.dir, '../../../../shared/photos'),
  'persons-synthetic',
)

describe.if(existsSync(photos))('rendered people with known segmentation', () => {
  const names = existsSync(photos) ? readdirSync(photos).filter((name) => name.endsWith('.seg.png')) : []

  test.each(names)('the body found under the clothes of %s fits its outline', async (name) => {
    const meta = JSON.parse(await Bun.file(join(photos, 'meta.json')).text())
    const joints = meta[name.slice(0, -8)].keypoints_px as Record<string, [number, number]>
    const { data, info } = await sharp(join(photos, name)).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
    const { width, height } = info
    const person = drawPerson(0)
    const pairs: [number, string][] = [
      [11, 'l-shoulder'],
      [12, 'r-shoulder'],
      [13, 'l-elbow'],
      [14, 'r-elbow'],
      [15, 'l-hand'],
      [16, 'r-hand'],
      [23, 'l-upper-leg'],
      [24, 'r-upper-leg'],
      [25, 'l-knee'],
      [26, 'r-knee'],
      [27, 'l-ankle'],
      [28, 'r-ankle'],
    ]
    for (const [index, joint] of pairs) {
      const [x, y] = joints[joint]!
      person.pose.landmarks[index] = { x, y, z: 0, visibility: 1, world: { x: 0, y: 0, z: 0 } }
    }
    const head = joints['head']!
    for (const index of [9, 10])
      person.pose.landmarks[index] = { ...person.pose.landmarks[11]!, x: head[0], y: head[1] }
    // Everything counts as clothed: the shape must come from the pose and the silhouette alone.
    const parts = { width, height, labels: new Uint8Array(width * height), alpha: createMask(width, height) }
    for (let i = 0; i < parts.labels.length; i++) {
      parts.alpha.data[i] = data[i]! > 0 ? 255 : 0
      parts.labels[i] = data[i]! > 0 ? PART.upper : PART.background
    }
    const mask = bareMask(person.pose, parts, SURFACE_PARTS)
    let both = 0
    let outside = 0
    let missed = 0
    for (let i = 0; i < parts.labels.length; i++) {
      const y = Math.floor(i / width)
      if (y < joints['neck']![1] || y > joints['l-ankle']![1]) continue
      const x = i % width
      if (x < joints['r-hand']![0] || x > joints['l-hand']![0]) continue
      const found = mask.data[i]! > 127
      if (found && data[i]! > 0) both++
      else if (found) outside++
      else if (data[i]! > 0) missed++
    }
    expect(both / (both + outside + missed)).toBeGreaterThan(0.84)
  })
})

import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { PreparedGarment } from './garment.ts'
import type { Measures } from './garment-size.ts'
import { PART } from './parts.ts'
import { POSE } from './pose.ts'
import { type Rendered, renderTryOn } from './render-try-on.ts'
import { cutGarment, drawKnownPerson, GARMENT_COLOUR, GARMENT_PX_PER_CM } from './drawn-garment.ts'
import { PLAIN_LOOK } from './drawn-figure.ts'

// A render takes a second on a busy machine.
setDefaultTimeout(60_000)

const person = drawKnownPerson()
const longHaired = drawKnownPerson({ longHair: true, handOnBelly: true })
const { width, height } = person.picture
const body = { heightCm: 170 }
const TEE = { chest: 104, length: 66, shoulder: 42, sleeve: 20 }

const wear = (garment: PreparedGarment, measures: Measures = TEE, on = person) =>
  renderTryOn({ ...on, garment, measures, body })

const sum = (of: Uint8Array, where: (i: number) => boolean) => of.reduce((n, v, i) => (where(i) ? n + v : n), 0)
const labelled = (parts: typeof person.parts, names: (keyof typeof PART)[]) => {
  const wanted = new Set<number>(names.map((name) => PART[name]))
  return (i: number) => wanted.has(parts.labels[i]!)
}
const colourAt = ({ data }: { data: Uint8ClampedArray }, x: number, y: number) => [
  ...data.subarray((Math.round(y) * width + Math.round(x)) * 4, (Math.round(y) * width + Math.round(x)) * 4 + 3),
]
const apart = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!)
const place = ({ placement }: Rendered, name: keyof Rendered['placement']) => placement[name]!
const clothAt = ({ cloth }: Rendered, x: number, y: number) => cloth.data[Math.round(y) * width + Math.round(x)]!

type Bytes = Uint8Array | Uint8ClampedArray
const isSame = (a: Bytes, b: Bytes) => a.length === b.length && a.every((value, i) => value === b[i])

/** An unbuttoned jacket: the middle of its front is not there. */
function openJacket(): PreparedGarment {
  const closed = cutGarment('sweater')
  const data = closed.cutout.data.slice()
  const middle = closed.landmarks.collarCentre!.x
  const gap = 5 * GARMENT_PX_PER_CM
  for (let i = 0; i < closed.cutout.width * closed.cutout.height; i++)
    if (Math.abs((i % closed.cutout.width) - middle) < gap) data[4 * i + 3] = 0
  return { ...closed, openFront: true, cutout: { ...closed.cutout, data } }
}

const tee = cutGarment('tee')
const inputs = { person: structuredClone(longHaired), garment: structuredClone(tee) }
const rendered = wear(tee, TEE, longHaired)
const jacket = wear(openJacket(), { chest: 110, length: 64, shoulder: 43, sleeve: 58 })
const trousers = wear(cutGarment('trousers'), { waist: 72, hip: 86, inseam: 62, outseam: 86, hem: 34 })

describe('a person in another top', () => {
  test('keeps every byte outside of the edit mask', () => {
    let differing = 0
    for (let i = 0; i < rendered.edit.data.length; i++) {
      if (rendered.edit.data[i] !== 0) continue
      for (let c = 4 * i; c < 4 * i + 4; c++) if (rendered.picture.data[c] !== longHaired.picture.data[c]) differing++
    }
    expect(differing).toBe(0)
    expect([...new Set(rendered.edit.data)].toSorted()).toEqual([0, 255])
    expect(sum(rendered.edit.data, () => true) / 255).toBeLessThan(0.4 * width * height)
    expect(Math.max(...rendered.cloth.data.filter((_, i) => rendered.edit.data[i] === 0))).toBeLessThan(3)
  })

  test('has cloth only where the edit mask allows it', () => {
    expect(sum(rendered.cloth.data, (i) => rendered.edit.data[i] === 0)).toBe(0)
  })

  test('keeps hair, face and hands, and has no cloth over them', () => {
    const kept = labelled(longHaired.parts, ['hair', 'face'])
    let differing = 0
    for (let i = 0; i < rendered.edit.data.length; i++)
      if (kept(i) && rendered.picture.data[4 * i] !== longHaired.picture.data[4 * i]) differing++
    expect(differing).toBe(0)
    expect(sum(rendered.cloth.data, labelled(longHaired.parts, ['hair', 'face', 'leftHand', 'rightHand']))).toBe(0)
  })

  test('wears the garment in its own colour, and nothing is left of the old one', () => {
    const chest = { x: place(rendered, 'collarCentre').x, y: place(rendered, 'collarCentre').y + 20 }
    expect(clothAt(rendered, chest.x, chest.y)).toBe(255)
    expect(apart(colourAt(rendered.picture, chest.x, chest.y), GARMENT_COLOUR)).toBeLessThan(60)
    let left = 0
    for (let i = 0; i < width * height; i++)
      if (apart([...rendered.picture.data.subarray(4 * i, 4 * i + 3)], PLAIN_LOOK.top) < 40) left++
    expect(left).toBeLessThan(20)
  })

  test('is the same to the byte when drawn again, and what went in is as it was', () => {
    const again = wear(tee, TEE, longHaired)
    expect(isSame(again.picture.data, rendered.picture.data)).toBe(true)
    expect(isSame(again.edit.data, rendered.edit.data)).toBe(true)
    for (const [now, before] of [
      [longHaired.picture.data, inputs.person.picture.data],
      [longHaired.parts.labels, inputs.person.parts.labels],
      [longHaired.parts.alpha.data, inputs.person.parts.alpha.data],
      [tee.cutout.data, inputs.garment.cutout.data],
    ] as const)
      expect(isSame(now, before)).toBe(true)
    expect(longHaired.pose.landmarks).toEqual(inputs.person.pose.landmarks)
    expect(tee.landmarks).toEqual(inputs.garment.landmarks)
  })
})

test.each([
  ['S', { ...TEE, chest: 98, length: 60, sleeve: 18 }],
  ['M', TEE],
  ['L', { ...TEE, chest: 110, length: 72, sleeve: 22 }],
])('in size %s the cloth that shows ends where its centimetres end', (_size, measures) => {
  // Worn open it leaves the old top on, which is quicker to draw and hangs the same.
  const result = wear({ ...tee, openFront: true }, measures)
  const [left, right, hem] = (['collarLeft', 'collarRight', 'hemCentre'] as const).map((name) => place(result, name))
  let bottom = 0
  for (let y = 0; y < height; y++) if (clothAt(result, hem!.x, y) > 127) bottom = y + 1
  const drawn = (bottom - (left!.y + right!.y) / 2) / result.pixelsPerCm
  expect(Math.abs(drawn - measures.length)).toBeLessThan(1)
  expect(result.measuresCm).toMatchObject(measures)
})

describe('an open jacket', () => {
  test('leaves what is worn under it to be seen', () => {
    const { x, y } = place(jacket, 'collarCentre')
    for (const below of [15, 40, 70]) {
      expect(clothAt(jacket, x, y + below)).toBe(0)
      expect(apart(colourAt(jacket.picture, x, y + below), colourAt(person.picture, x, y + below))).toBeLessThan(25)
    }
  })

  test('covers sides and arms', () => {
    const { x, y } = place(jacket, 'collarCentre')
    for (const aside of [-36, 36]) expect(clothAt(jacket, x + aside, y + 60)).toBeGreaterThan(200)
    const elbow = person.pose.landmarks[POSE.leftElbow]!
    expect(clothAt(jacket, elbow.x, elbow.y)).toBeGreaterThan(200)
  })
})

test('a hood hangs behind: neither neck, face nor hair is under it', () => {
  const hooded = wear(
    { ...cutGarment('sweater', { riseCm: 26 }), openFront: true },
    { chest: 104, length: 64, shoulder: 42, sleeve: 58 },
  )
  const collar = (place(hooded, 'collarLeft').y + place(hooded, 'collarRight').y) / 2
  const front = place(hooded, 'collarCentre')
  expect(sum(hooded.cloth.data, labelled(person.parts, ['hair', 'face']))).toBe(0)
  expect(sum(hooded.cloth.data, (i) => i < Math.floor(collar - 3 * hooded.pixelsPerCm) * width)).toBe(0)
  for (const share of [0, 0.3, 0.6]) expect(clothAt(hooded, front.x, collar + share * (front.y - collar))).toBe(0)
  expect(clothAt(hooded, front.x, front.y + 2 * hooded.pixelsPerCm)).toBe(255)
})

describe('trousers', () => {
  test('leave the top alone that hangs over their waistband', () => {
    expect(sum(trousers.cloth.data, labelled(person.parts, ['upper', 'hair', 'face', 'leftHand', 'rightHand']))).toBe(0)
    const top = labelled(person.parts, ['upper'])
    let [differing, count] = [0, 0]
    for (let i = 0; i < width * height; i++) {
      if (!top(i)) continue
      count++
      if (trousers.picture.data[4 * i] !== person.picture.data[4 * i]) differing++
    }
    expect(differing / count).toBeLessThan(0.01)
  })

  test('cover both legs down to the hem, and nothing between them', () => {
    for (const [hip, knee] of [
      [POSE.leftHip, POSE.leftKnee],
      [POSE.rightHip, POSE.rightKnee],
    ] as const) {
      const [a, b] = [person.pose.landmarks[hip]!, person.pose.landmarks[knee]!]
      expect(clothAt(trousers, (a.x + b.x) / 2, (a.y + b.y) / 2)).toBe(255)
    }
    const hem = place(trousers, 'hemInnerLeft').y
    expect(clothAt(trousers, width / 2, hem - 6 * trousers.pixelsPerCm)).toBe(0)
  })

  test('say how they fit, zone by zone', () => {
    expect(trousers.fit.map(({ zone }) => zone)).toEqual(['waist', 'hip'])
    for (const { garmentCm, bodyCm, easeCm } of trousers.fit) expect(garmentCm - bodyCm).toBeCloseTo(easeCm, 0)
    expect(trousers.measuresCm).toMatchObject({ waist: 72, hip: 86, inseam: 62, outseam: 86, hem: 34 })
    expect(trousers.measuresCm).not.toHaveProperty('length')
  })
})

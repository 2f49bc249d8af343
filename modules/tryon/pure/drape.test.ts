import { describe, expect, test } from 'bun:test'
import { createBodyFrame, torsoEdge } from './body-frame.ts'
import { type Drape, drapeGarment } from './drape.ts'
import { bodyGirth } from './torso-fit.ts'
import { LANDMARKS, landmarkNames, type PreparedGarment } from './garment.ts'
import { type Measures, scaleGarment } from './garment-size.ts'
import { type Patch, rasterizePatch } from './patch.ts'
import { cutGarment, drawKnownPerson, type GarmentName } from './drawn-garment.ts'
import { distance, midpoint } from './vector.ts'

const person = drawKnownPerson()
const body = { heightCm: 170 }
const frame = createBodyFrame(person.pose, person.parts, body.heightCm)
const cm = frame.pixelsPerCm

const GARMENTS: Record<GarmentName, PreparedGarment> = {
  tee: cutGarment('tee'),
  sweater: cutGarment('sweater'),
  dress: cutGarment('dress'),
  trousers: cutGarment('trousers'),
  skirt: cutGarment('skirt'),
}

const drape = (name: GarmentName, measures: Measures, on = frame): Drape =>
  drapeGarment({
    garment: GARMENTS[name],
    size: scaleGarment(GARMENTS[name], measures),
    frame: on,
    parts: person.parts,
    body,
  })

const place = ({ placement }: Drape, name: keyof Drape['placement']) => {
  const found = placement[name]
  if (!found) throw new Error(`${name} was placed nowhere`)
  return found
}
const TEE = { chest: 104, length: 66, shoulder: 42, sleeve: 20 }

const chestWidth = (chest: number) => drape('tee', { ...TEE, chest }).drawnWidthCm
const hipWidth = (hip: number) => drape('trousers', { waist: 70, hip, inseam: 60, outseam: 85 }).drawnWidthCm
const hemWidth = (hem: number) => {
  const draped = drape('skirt', { waist: 68, hip: 90, length: 55, hem })
  return place(draped, 'hemRight').x - place(draped, 'hemLeft').x
}

/** Width in cm of the pixels that one layer takes in the row `y`. */
function rowWidth({ layers }: Drape, layer: Drape['layers'][number]['name'], y: number): number {
  const map = rasterizePatch(layers.find(({ name }) => name === layer)!.patch, 480, 640)!
  let count = 0
  for (let x = 0; x < map.width; x++) if (!Number.isNaN(map.x[(y - map.top) * map.width + x]!)) count++
  return count / cm
}

test('the body that is read has the height, the upright and the sides of the figure that was drawn', () => {
  expect(frame.scaleSource).toBe('height')
  expect(cm).toBeCloseTo(567 / 170, 1)
  expect(frame.down.y).toBeGreaterThan(0.999)
  expect(frame.shoulder.left.x).toBeLessThan(frame.shoulder.right.x)
  const half = (torsoEdge(frame, 'right', 80) - torsoEdge(frame, 'left', 80)) / 2
  expect(Math.abs(half - 48)).toBeLessThan(3)
})

describe('a top', () => {
  test.each([14, 20, 26])('has sleeves that end %d cm from the shoulder', (sleeve) => {
    const draped = drape('tee', { ...TEE, sleeve })
    for (const side of ['Left', 'Right'] as const) {
      const drawn = distance(place(draped, `shoulder${side}`), place(draped, `cuffOuter${side}`)) / cm
      expect(Math.abs(drawn - sleeve)).toBeLessThan(1.5)
    }
  })

  test('with long sleeves ends as far down the arm as the sleeve is long', () => {
    const ends = [50, 55, 60].map((sleeve) => {
      const draped = drape('sweater', { ...TEE, length: 64, sleeve })
      const cuff = midpoint(place(draped, 'cuffOuterRight'), place(draped, 'cuffInnerRight'))
      const { middle, end } = frame.arm.right
      const shoulder = place(draped, 'shoulderRight')
      expect(cuff.y).toBeLessThan(end.y + 8 * cm)
      return (distance(shoulder, middle) + distance(middle, cuff)) / cm
    })
    expect(ends[1]! - ends[0]!).toBeCloseTo(5, -0.3)
    expect(ends[2]! - ends[1]!).toBeCloseTo(5, -0.3)
    expect(Math.abs(ends[1]! - 55)).toBeLessThan(3)
  })

  test('of a larger chest is never drawn narrower, and grows with it', () => {
    let before = 0
    for (let chest = 90; chest <= 160; chest += 2) {
      const { drawnWidthCm } = drape('tee', { ...TEE, chest })
      expect(drawnWidthCm).toBeGreaterThanOrEqual(before)
      before = drawnWidthCm
    }
    // Loose cloth shows about a third of its girth as width: 12 cm more around, some 4 cm more across.
    expect(chestWidth(112) - chestWidth(100)).toBeGreaterThan(3)
    expect(chestWidth(112) - chestWidth(100)).toBeLessThan(6)
  })

  test('far too tight is drawn as wide as the body, like one that just fits', () => {
    // Measured where the armpits come to lie, which is not the same level of the body for both.
    expect(Math.abs(chestWidth(70) - chestWidth(88))).toBeLessThan(0.6)
  })

  test('is as wide in its pixels as it says, and never narrower than the body', () => {
    for (const chest of [70, 90, 104, 120]) {
      const draped = drape('tee', { ...TEE, chest })
      for (let t = 0.45; t < 0.95; t += 0.1) {
        const d = t * frame.torsoLength
        const bodyCm = (torsoEdge(frame, 'right', d) - torsoEdge(frame, 'left', d)) / cm
        expect(rowWidth(draped, 'torso', Math.round(frame.origin.y + d))).toBeGreaterThan(bodyCm - 0.4)
      }
      const armpit = midpoint(place(draped, 'armpitLeft'), place(draped, 'armpitRight'))
      const drawn = rowWidth(draped, 'torso', Math.round(armpit.y) + 2)
      expect(Math.abs(drawn - draped.drawnWidthCm)).toBeLessThan(0.08 * draped.drawnWidthCm)
    }
  })

  test('lies on the shoulders by its collar, and its sleeves are set in where the chart says', () => {
    for (const shoulder of [34, 38, 42]) {
      const draped = drape('tee', { ...TEE, shoulder })
      const drawn = place(draped, 'shoulderRight').x - place(draped, 'shoulderLeft').x
      const joints = frame.shoulder.right.x - frame.shoulder.left.x
      expect(Math.abs(drawn - Math.min(shoulder * cm, joints + 4.4 * cm))).toBeLessThan(0.6 * cm)
      for (const name of ['collarLeft', 'collarRight'] as const) {
        expect(place(draped, name).y).toBeLessThan(frame.origin.y)
        expect(place(draped, name).y).toBeGreaterThan(frame.origin.y - 12 * cm)
      }
      expect(place(draped, 'collarCentre').y).toBeGreaterThan(place(draped, 'collarLeft').y)
    }
  })
})

const innerHem = (inseam: number) =>
  place(drape('trousers', { waist: 70, hip: 84, inseam, outseam: inseam + 25 }), 'hemInnerLeft').y

describe('a bottom', () => {
  test('longer than the leg stacks on the shoe instead of going through the floor', () => {
    expect(innerHem(80)).toBeCloseTo(innerHem(72), 0)
    expect(innerHem(72)).toBeGreaterThan(innerHem(48) + 5 * cm)
    expect(innerHem(80)).toBeLessThan(frame.leg.left.end.y + 8 * cm)
  })

  test.each([48, 54, 60])('of %d cm inseam ends as far below the crotch', (inseam) => {
    const draped = drape('trousers', { waist: 70, hip: 84, inseam, outseam: inseam + 25 })
    for (const side of ['Left', 'Right'] as const) {
      const drawn = distance(place(draped, 'crotch'), place(draped, `hemInner${side}`)) / cm
      expect(Math.abs(drawn - inseam)).toBeLessThan(2)
    }
  })

  test.each([40, 50, 60])('that is a skirt of %d cm hangs as far down from its waistband', (length) => {
    const draped = drape('skirt', { waist: 68, hip: 90, length })
    const waist = midpoint(place(draped, 'waistLeft'), place(draped, 'waistRight'))
    expect(Math.abs((place(draped, 'hemCentre').y - waist.y) / cm - length)).toBeLessThan(1)
  })

  test('with more hem or more hip shows wider', () => {
    expect(hemWidth(140)).toBeGreaterThan(hemWidth(110))
    expect(hipWidth(110)).toBeGreaterThan(hipWidth(90))
    expect(hipWidth(60)).toBeGreaterThan((torsoEdge(frame, 'right', 160) - torsoEdge(frame, 'left', 160)) / cm - 0.5)
  })
})

test('every landmark that matters is placed in the picture, left ones left of right ones', () => {
  for (const name of Object.keys(GARMENTS) as GarmentName[]) {
    const { category, cut } = GARMENTS[name]
    const small = { waist: 70, hip: 88, chest: 96, length: 60, inseam: 60, outseam: 85, shoulder: 40 }
    const { placement } = drape(name, small)
    const wanted = landmarkNames(category, cut).filter((mark) => !/elbow|^waist(Left|Right|Centre)$/.test(mark))
    expect(Object.keys(placement)).toEqual(expect.arrayContaining([...wanted]))
    for (const { x, y } of Object.values(placement)) {
      expect(x > 0 && x < 480 && y > 0 && y < 640).toBe(true)
    }
    for (const mark of LANDMARKS.top.filter((one) => one.endsWith('Left'))) {
      const [left, right] = [placement[mark], placement[mark.replace('Left', 'Right') as typeof mark]]
      if (left && right) expect(left.x).toBeLessThan(right.x)
    }
  }
})

test('a tape measure of the body wins over what the silhouette shows', () => {
  const at = 0.32 * frame.torsoLength
  expect(bodyGirth(frame, { ...body, chestCm: 120 }, at)).toBeCloseTo(120, 5)
  expect(bodyGirth(frame, body, at)).toBeLessThan(105)
})

/** Twice the signed area of both triangles of each cell on the person: all of one sign where nothing folds over. */
function areas({ columns, rows, target }: Patch): number[] {
  const found: number[] = []
  const twice = (a: number, b: number, c: number) =>
    (target[2 * b]! - target[2 * a]!) * (target[2 * c + 1]! - target[2 * a + 1]!) -
    (target[2 * c]! - target[2 * a]!) * (target[2 * b + 1]! - target[2 * a + 1]!)
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i + 1 < columns; i++) {
      const a = j * columns + i
      found.push(twice(a, a + 1, a + columns), twice(a + 1, a + columns + 1, a + columns))
    }
  return found
}

test('no cell of the torso or of a skirt folds over, whatever the proportions', () => {
  let seed = 20
  const random = (from: number, to: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return from + (to - from) * (seed / 2 ** 32)
  }
  for (let round = 0; round < 60; round++) {
    const pose = {
      ...person.pose,
      landmarks: person.pose.landmarks.map((mark) => ({
        ...mark,
        x: mark.x + random(-5, 5),
        y: mark.y + random(-5, 5),
      })),
    }
    const on = createBodyFrame(pose, person.parts, random(150, 195))
    const chest = random(72, 150)
    const name = (['tee', 'sweater', 'dress'] as const)[round % 3]!
    const top = {
      chest,
      length: random(38, name === 'dress' ? 130 : 90),
      shoulder: random(32, 60),
      sleeve: random(8, 66),
      waist: chest * random(0.7, 1.15),
      hem: chest * random(0.8, 1.5),
    }
    const skirt = { waist: random(60, 120), hip: random(80, 140), length: random(30, 90) }
    const layers = [...drape(name, top, on).layers, ...drape('skirt', skirt, on).layers]
    for (const { name: layer, patch } of layers)
      if (layer !== 'sleeve') expect([JSON.stringify(top), layer, Math.min(...areas(patch)) > 0]).toContain(true)
  }
})

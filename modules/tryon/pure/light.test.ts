import { describe, expect, test } from 'bun:test'
import { createRaster } from './image.ts'
import { matchPhoto } from './light-match.ts'
import { fitLight, shade } from './light-direction.ts'
import { estimateShading, lightCloth } from './light.ts'
import { DRAWN, drawPerson } from './undress-testing.ts'

const meanOver = (data: Float32Array, x0: number, x1: number) => {
  let sum = 0
  let count = 0
  for (let y = 130; y < 200; y++) {
    for (let x = x0; x < x1; x++, count++) sum += data[y * DRAWN.width + x]!
  }
  return sum / count
}

describe('reading the light', () => {
  test('a plain top that is brighter on one side tells that the light comes from there', () => {
    const person = drawPerson(1.2, (x) => [90 + (x - 110) * 0.8, 120 + (x - 110) * 1, 100 + (x - 110) * 0.9])
    const { data } = estimateShading(person)
    expect(meanOver(data, 165, 180)).toBeGreaterThan(1.15 * meanOver(data, 120, 135))
  })

  test('stripes are not taken for light', () => {
    const person = drawPerson(1.2, (_, y) => (y % 10 < 4 ? [15, 15, 20] : [230, 230, 235]))
    const { data } = estimateShading(person)
    let steepest = 0
    for (let y = 140; y < 190; y++) {
      steepest = Math.max(steepest, Math.abs(data[y * DRAWN.width + 150]! - data[(y + 4) * DRAWN.width + 150]!))
    }
    expect(steepest).toBeLessThan(0.05)
  })

  test('values stay within their bounds and away from the person nothing is shaded', () => {
    const { data, width, height } = estimateShading(drawPerson(1.2))
    expect(data.length).toBe(width * height)
    for (const value of data) expect(value >= 0.549 && value <= 1.351).toBe(true)
    expect(data[5 * width + 5]).toBeCloseTo(1, 3)
  })

  test('the light that shaded a set of normals is found again', () => {
    const truth = { mean: 0.75, x: 0.18, y: -0.08, z: 0.25 }
    const samples: number[] = []
    for (let nx = -0.9; nx < 0.95; nx += 0.05) {
      for (let ny = -0.4; ny < 0.45; ny += 0.1) samples.push(nx, ny, shade(truth, nx, ny))
    }
    const found = fitLight(Float32Array.from(samples))
    expect(found.x).toBeCloseTo(0.18, 1)
    expect(found.x).toBeGreaterThan(0.12)
    expect(shade(found, 0, 0)).toBeCloseTo(1, 5)
  })
})

describe('lighting a garment', () => {
  test('more light never makes cloth darker, less never brighter, and even light leaves it alone', () => {
    for (let value = 0; value <= 1; value += 0.05) {
      expect(lightCloth(value, 1)).toBeCloseTo(value, 6)
      let before = 0
      for (let light = 0.55; light <= 1.351; light += 0.05) {
        const lit = lightCloth(value, light)
        expect(lit).toBeGreaterThanOrEqual(before - 1e-9)
        expect(lit).toBeLessThanOrEqual(1)
        before = lit
      }
    }
  })

  test('black cloth shows its folds: light lifts it more than its own share', () => {
    expect(lightCloth(0.01, 1.3) / 0.01).toBeGreaterThan(1.8)
    expect(lightCloth(0.5, 0.7)).toBeLessThan(0.36)
  })

  test('the match to a photo is gentle: a garment keeps its colour', () => {
    const person = drawPerson(1.2)
    const garment = createRaster(20, 20)
    for (let i = 0; i < 400; i++) garment.data.set([200, 60, 60, 255], i * 4)
    const match = matchPhoto({ garment, picture: person.picture, parts: person.parts })
    const colour = Float32Array.of(0.6, 0.05, 0.05)
    match.colour(colour, 0)
    expect(colour[0]).toBeGreaterThan(0.45)
    expect(colour[0]).toBeLessThan(0.66)
    expect(colour[1]).toBeLessThan(0.09)
    expect(Math.abs(match.grain(10, 10) - 1)).toBeLessThan(0.12)
  })
})

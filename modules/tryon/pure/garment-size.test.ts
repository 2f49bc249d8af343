import { describe, expect, test } from 'bun:test'
import { type Measures, scaleGarment } from './garment-size.ts'
import { cutGarment, GARMENT_PX_PER_CM } from './drawn-garment.ts'

const rounded = (measures: Measures) =>
  Object.fromEntries(Object.entries(measures).map(([zone, cm]) => [zone, Math.round(cm * 2) / 2]))

describe('the size of a garment', () => {
  test('is what the chart states, measure for measure', () => {
    const chart = { chest: 111, length: 77, shoulder: 49, sleeve: 30, waist: 108, hem: 109 }
    expect(scaleGarment(cutGarment('tee'), chart).measures).toMatchObject(chart)
  })

  test('is filled in from the proportions of its picture where the chart is silent', () => {
    const { measures } = scaleGarment(cutGarment('tee'), { chest: 104, length: 70 })
    expect(rounded(measures)).toMatchObject({ shoulder: 44, sleeve: 21.5, waist: 104, hem: 104 })
    const wide = scaleGarment(cutGarment('tee'), { chest: 208, length: 70 }).measures
    expect(rounded(wide)).toMatchObject({ shoulder: 88, waist: 208 })
  })

  test('of trousers and skirts follows from waist and length alone', () => {
    const trousers = scaleGarment(cutGarment('trousers'), { hip: 102, outseam: 104 }).measures
    expect(Math.abs(trousers.inseam - 77)).toBeLessThan(1.5)
    expect(Math.abs(trousers.waist - 80)).toBeLessThan(0.5)
    expect(Math.abs(trousers.hem - 38)).toBeLessThan(0.5)
    const skirt = scaleGarment(cutGarment('skirt'), { hip: 100, length: 58 }).measures
    expect(rounded(skirt)).toMatchObject({ waist: 74, hem: 120 })
  })

  test('without a chart is a typical one of its cut, in the proportions of the picture', () => {
    for (const name of ['tee', 'sweater', 'dress', 'trousers', 'skirt'] as const) {
      const { measures, cmPerPxDown, cmPerPxAcross, stated } = scaleGarment(cutGarment(name), {})
      expect(stated).toEqual([])
      const girth = name === 'trousers' || name === 'skirt' ? measures.hip : measures.chest
      expect(girth).toBeGreaterThan(90)
      expect(girth).toBeLessThan(112)
      expect(cmPerPxDown / cmPerPxAcross).toBeCloseTo(1, 1)
      expect(Math.abs(cmPerPxDown * GARMENT_PX_PER_CM - 1)).toBeLessThan(0.1)
    }
  })
})

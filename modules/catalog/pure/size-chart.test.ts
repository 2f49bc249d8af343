import { describe, expect, test } from 'bun:test'
import { SizeChartSchema } from '../schema.ts'
import { middleSize, type SizeChart, sizeChartErrors, sizeChartWarnings } from './size-chart.ts'
import { compareSizes } from './size-order.ts'
import { slugOf } from './slug.ts'

const chart = (sizes: SizeChart['sizes'], category: SizeChart['category'] = 'top'): SizeChart => ({
  unit: 'cm',
  category,
  sizes,
})

describe('size charts', () => {
  test('a chart with what its category needs has no errors', () => {
    expect(sizeChartErrors(chart({ M: { chest: 104, length: 70, shoulder: 46, sleeve: 22 } }))).toEqual([])
    expect(sizeChartErrors(chart({ M: { waist: 80, hip: 102, outseam: 104 } }, 'bottom'))).toEqual([])
    expect(sizeChartErrors(chart({ M: { waist: 70, hip: 98, length: 60 } }, 'bottom'))).toEqual([])
    expect(sizeChartErrors(chart({ 38: { chest: 92, length: 98 } }, 'dress'))).toEqual([])
  })

  test('a missing, foreign or impossible measure is named by size and zone', () => {
    expect(sizeChartErrors(chart({}))[0]!.message).toContain('at least one size')
    expect(sizeChartErrors(chart({ M: { chest: 104 } }))).toMatchObject([{ size: 'M', zone: 'length' }])
    expect(sizeChartErrors(chart({ M: { chest: 104, length: 70, inseam: 80 } }))).toMatchObject([
      { size: 'M', zone: 'inseam' },
    ])
    expect(sizeChartErrors(chart({ M: { chest: 1040, length: 70 } }))).toMatchObject([{ size: 'M', zone: 'chest' }])
    expect(sizeChartErrors(chart({ M: { chest: Number.NaN, length: 70 } }))).toMatchObject([
      { size: 'M', zone: 'chest' },
    ])
  })

  test('a measure that shrinks in a larger size is a warning and not an error', () => {
    const odd = chart({ L: { chest: 100, length: 72 }, S: { chest: 96, length: 68 }, M: { chest: 104, length: 70 } })
    expect(sizeChartErrors(odd)).toEqual([])
    expect(sizeChartWarnings(odd)).toMatchObject([{ size: 'L', zone: 'chest' }])
  })

  test('the middle size is taken by size and not by place in the file', () => {
    const sizes = Object.fromEntries(['XL', 'S', 'L', 'M'].map((size) => [size, { chest: 100, length: 70 }]))
    expect(middleSize(chart(sizes))).toBe('M')
    expect(middleSize(chart({}))).toBeUndefined()
  })

  test('what crosses the wire is refused with the path of the measure', () => {
    const read = SizeChartSchema.safeParse({ unit: 'cm', category: 'top', sizes: { M: { chest: 2000, length: 70 } } })
    expect(read.error?.issues[0]?.path).toEqual(['sizes', 'M', 'chest'])
    for (const bad of [
      { unit: 'in', category: 'top', sizes: { M: { chest: 40, length: 28 } } },
      { unit: 'cm', category: 'hat', sizes: { M: { chest: 40, length: 28 } } },
      { unit: 'cm', category: 'top', sizes: { M: { chest: -1, length: 28 } } },
      { unit: 'cm', category: 'top', sizes: { M: { chest: 100, length: 70, brim: 3 } } },
      { unit: 'cm', category: 'top', sizes: {} },
      { unit: 'cm', category: 'top', sizes: { M: { chest: '100', length: 70 } } },
      { unit: 'cm', category: 'top', sizes: { ' ': { chest: 100, length: 70 } } },
      { unit: 'cm', category: 'top', sizes: [], extra: 1 },
      [],
      null,
      'M',
    ])
      expect(SizeChartSchema.safeParse(bad).success).toBe(false)
  })
})

test('sizes sort as people expect them', () => {
  const sizes = ['One size', 'XL', '2XL', 'W32/L34', 'XXS', '3XL', '10', '8', 'M', 'W30/L32', 'S', '37,5', '3XS']
  expect(sizes.toSorted(compareSizes)).toEqual([
    '3XS',
    'XXS',
    'S',
    'M',
    'XL',
    '2XL',
    '3XL',
    '8',
    '10',
    'W30/L32',
    'W32/L34',
    '37,5',
    'One size',
  ])
})

test('slugs are ASCII words joined by hyphens', () => {
  expect(['Crème brûlée tee', '  Norr & Sol!', 'Straße 7', '日本'].map(slugOf)).toEqual([
    'creme-brulee-tee',
    'norr-sol',
    'strasse-7',
    '',
  ])
})

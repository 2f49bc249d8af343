import { expect, test } from 'bun:test'
import { COLOUR_FAMILIES, familyOf } from './colour-family.ts'

test('each family is stood for by a colour of its own', () => {
  for (const { slug, hex } of COLOUR_FAMILIES) expect([slug, familyOf(hex)]).toEqual([slug, slug])
})

test('colours go where a shopper would look for them', () => {
  const named = {
    '#1b2a41': 'blue',
    '#f4f0e6': 'white',
    '#5c6b4a': 'green',
    '#161616': 'black',
    '#9dbbd6': 'blue',
    '#c9a977': 'beige',
    '#452c42': 'purple',
    '#5a1f2e': 'red',
    '#e2b3b8': 'pink',
    '#4b3a2e': 'brown',
  }
  for (const [hex, family] of Object.entries(named)) expect([hex, familyOf(hex)]).toEqual([hex, family])
})

test('every colour there is has a family', () => {
  const known = new Set<string>(COLOUR_FAMILIES.map(({ slug }) => slug))
  for (let value = 0; value < 0x1000000; value += 4099)
    expect(known.has(familyOf(`#${value.toString(16).padStart(6, '0')}`))).toBe(true)
})

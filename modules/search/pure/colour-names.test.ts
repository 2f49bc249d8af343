import { expect, test } from 'bun:test'
import { familyOf } from './colour-family.ts'
import { colourNames } from './colour-names.ts'

/** CSS colours, and some that shops give names of their own. */
test.each([
  ['#ff0000', 'red'],
  ['#6d1f2c', 'red'],
  ['#ffc0cb', 'pink'],
  ['#ffa500', 'orange'],
  ['#ffd700', 'yellow'],
  ['#4a6b3f', 'green'],
  ['#40e0d0', 'turquoise'],
  ['#24304d', 'blue'],
  ['#8fb8de', 'blue'],
  ['#800080', 'purple'],
  ['#5c4033', 'brown'],
  ['#e8dcc4', 'beige'],
  ['#000000', 'black'],
  ['#2a2a2c', 'black'],
  ['#fdfcfa', 'white'],
  ['#808080', 'grey'],
])('%s is %s', (hex, family) => expect(colourNames(hex)[0]).toBe(family))

test('every colour has a name, that of its family', () => {
  for (let rgb = 0; rgb < 0x1000000; rgb += 0x1f1f) {
    const hex = `#${rgb.toString(16).padStart(6, '0')}`
    expect(colourNames(hex)).toContain(familyOf(hex))
  }
})

import { expect, test } from 'bun:test'
import { withoutFillers } from './filler-words.ts'

test.each([
  ['dress size m', 'dress m'],
  ['Size 38 jeans', '38 jeans'],
  ['navy coloured shirt', 'navy shirt'],
  ['plus size dress', 'plus size dress'],
  ['colour-block sweater', 'colour-block sweater'],
  ['oversized coat', 'oversized coat'],
  ['"size matters"', '"size matters"'],
  ['size', 'size'],
  ['', ''],
])('%s is sought as %s', (text, sought) => expect(withoutFillers(text)).toBe(sought))

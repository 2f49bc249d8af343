import { expect, test } from 'bun:test'
import { uuidV7 } from './id.ts'

test('is the example of RFC 9562, appendix A.6', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
  expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('a later id sorts after an earlier one, whatever the random part', () => {
  const [low, high] = [new Uint8Array(10), new Uint8Array(10).fill(255)]
  for (let millis = 1_700_000_000_000, i = 0; i < 200; i++, millis += 2 ** (i % 20))
    expect(uuidV7(millis, high) < uuidV7(millis + 1, low)).toBe(true)
})

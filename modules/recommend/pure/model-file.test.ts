import { describe, expect, test } from 'bun:test'
import { readModel, writeModel } from './model-file.ts'
import { createRandom, modelOf } from './testing.ts'

const random = createRandom(4)
const MODEL = modelOf(Array.from({ length: 7 }, () => Array.from({ length: 7 }, () => (random() < 0.5 ? random() : 0))))

describe('the file of a model', () => {
  test('what is written is read again, with the text about it', () => {
    for (const about of ['', 'x', '{"items":["a","é€"]}', 'long '.repeat(5000)]) {
      const read = readModel(writeModel(MODEL, about))
      if (!read.ok) throw new Error(read.reason)
      expect(read.model).toEqual(MODEL)
      expect(read.about).toBe(about)
    }
  })

  test('a model of nothing is a model', () => {
    const empty = modelOf([])
    expect(readModel(writeModel(empty))).toEqual({ ok: true, model: empty, about: '' })
  })

  test('it may lie anywhere in a larger buffer', () => {
    const bytes = writeModel(MODEL, 'about')
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(readModel(larger.subarray(3))).toMatchObject({ ok: true, about: 'about' })
  })

  test('any byte that changed, was lost or was added is noticed', () => {
    const bytes = writeModel(MODEL, 'about')
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at]! ^= 1 << (at % 8)
      expect(readModel(changed).ok).toBe(false)
    }
    for (const length of [0, 3, 27, bytes.length - 1]) expect(readModel(bytes.slice(0, length)).ok).toBe(false)
    expect(readModel(Uint8Array.from([...bytes, 0]))).toEqual({ ok: false, reason: 'damaged' })
  })

  test('it says what is wrong', () => {
    expect(readModel(new Uint8Array(64))).toEqual({ ok: false, reason: 'not_a_model' })
    const later = writeModel(MODEL)
    later[4] = 9
    expect(readModel(later)).toEqual({ ok: false, reason: 'other_version' })
  })

  test('a file whose rows point outside of it is refused, whatever its checksum says', () => {
    const broken = { ...MODEL, columns: MODEL.columns.map((column, i) => (i === 3 ? 7 : column)) }
    expect(readModel(writeModel(broken))).toEqual({ ok: false, reason: 'damaged' })
    const unsorted = { ...MODEL, columns: MODEL.columns.toReversed() }
    expect(readModel(writeModel(unsorted))).toEqual({ ok: false, reason: 'damaged' })
  })
})

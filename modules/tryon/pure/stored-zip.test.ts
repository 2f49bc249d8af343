import { expect, test } from 'bun:test'
import { storedZip } from './stored-zip.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** Reads a ZIP by its directory, as readers do. */
function unzip(zip: Uint8Array): { name: string; at: number; content: string; crc: number }[] {
  const view = new DataView(zip.buffer)
  const end = zip.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  let at = view.getUint32(end + 16, true)
  return Array.from({ length: view.getUint16(end + 10, true) }, () => {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    const [crc, size, nameLength] = [
      view.getUint32(at + 16, true),
      view.getUint32(at + 24, true),
      view.getUint16(at + 28, true),
    ]
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength))
    expect(view.getUint32(local, true)).toBe(0x04034b50)
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    at += 46 + nameLength
    return { name, at: data, content: new TextDecoder().decode(zip.subarray(data, data + size)), crc }
  })
}

test('what was stored is read back, with its checksum, at places aligned to 16 bytes', () => {
  const files = [
    { name: 'a.tflite', bytes: bytes('first') },
    { name: 'longer-name.tflite', bytes: bytes('the second one, somewhat longer') },
    { name: 'empty', bytes: bytes('') },
  ]
  const found = unzip(storedZip(files))
  expect(found.map(({ name, content }) => [name, content])).toEqual(
    files.map(({ name, bytes: content }) => [name, new TextDecoder().decode(content)]),
  )
  for (const { at, content, crc } of found) {
    expect(at % 16).toBe(0)
    expect(crc).toBe(Bun.hash.crc32(content))
  }
})

test('equal content gives equal bytes', () => {
  const files = [{ name: 'a', bytes: bytes('x') }]
  expect(storedZip(files)).toEqual(storedZip(files))
})

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

/** CRC-32 as ZIP and PNG use it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const LOCAL = 30
const CENTRAL = 46
const END = 22
const ALIGNMENT = 16

/** 1980-01-01, the zero of ZIP's calendar, so that equal content gives equal bytes. */
const DATE = (1 << 5) | 1

/**
 * A ZIP whose entries are stored uncompressed and start at multiples of 16 bytes, so that a reader may use them in place
 * (APPNOTE.TXT 4.3). Names are ASCII.
 */
export function storedZip(files: readonly { name: string; bytes: Uint8Array }[]): Uint8Array {
  let end = 0
  const placed = files.map(({ name, bytes }) => {
    const start = end
    const data = Math.ceil((start + LOCAL + name.length) / ALIGNMENT) * ALIGNMENT
    end = data + bytes.length
    return { name, bytes, start, data, crc: crc32(bytes) }
  })
  const directory = end
  const out = new Uint8Array(placed.reduce((size, { name }) => size + CENTRAL + name.length, end + END))
  const view = new DataView(out.buffer)
  /** The fields that a local header and the directory share, from "version needed" to "extra length". */
  const shared = (at: number, { name, bytes, crc }: (typeof placed)[number], extra: number) => {
    view.setUint16(at, 10, true)
    view.setUint16(at + 8, DATE, true)
    view.setUint32(at + 10, crc, true)
    view.setUint32(at + 14, bytes.length, true)
    view.setUint32(at + 18, bytes.length, true)
    view.setUint16(at + 22, name.length, true)
    view.setUint16(at + 24, extra, true)
  }
  const text = (at: number, name: string) => {
    for (let i = 0; i < name.length; i++) out[at + i] = name.charCodeAt(i)
  }
  for (const file of placed) {
    view.setUint32(file.start, 0x04034b50, true)
    shared(file.start + 4, file, file.data - file.start - LOCAL - file.name.length)
    text(file.start + LOCAL, file.name)
    out.set(file.bytes, file.data)
    view.setUint32(end, 0x02014b50, true)
    view.setUint16(end + 4, 10, true)
    shared(end + 6, file, 0)
    view.setUint32(end + 42, file.start, true)
    text(end + CENTRAL, file.name)
    end += CENTRAL + file.name.length
  }
  view.setUint32(end, 0x06054b50, true)
  view.setUint16(end + 8, placed.length, true)
  view.setUint16(end + 10, placed.length, true)
  view.setUint32(end + 12, end - directory, true)
  view.setUint32(end + 16, directory, true)
  return out
}

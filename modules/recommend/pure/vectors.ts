/**
 * The vectors of products, as the server ranks with them and as a device loads them: whole numbers from -127 to 127, of
 * which only the direction counts.
 */
export type ItemVectors = {
  readonly dimensions: number
  readonly ids: readonly string[]
  /** `dimensions` numbers for each id. */
  readonly data: Int8Array
}

const MAGIC = 0x56534845
const VERSION = 1
const HEADER_BYTES = 16

/** The file: `EHSV`, version, dimensions, count (each 4 bytes, little-endian); ids of 16 bytes; vectors of a byte a number. */
export function encodeVectors({ dimensions, ids, data }: ItemVectors): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + ids.length * (16 + dimensions))
  const view = new DataView(bytes.buffer)
  for (const [i, word] of [MAGIC, VERSION, dimensions, ids.length].entries()) view.setUint32(4 * i, word, true)
  for (const [i, id] of ids.entries()) writeUuid(id, bytes, HEADER_BYTES + 16 * i)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, ids.length * dimensions), HEADER_BYTES + 16 * ids.length)
  return bytes
}

export type ReadVectors = { readonly ok: true; readonly vectors: ItemVectors } | { readonly ok: false }

/** Reads what `encodeVectors` wrote; the numbers are not copied. */
export function decodeVectors(bytes: Uint8Array): ReadVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION)
    return { ok: false }
  const [dimensions, count] = [view.getUint32(8, true), view.getUint32(12, true)]
  if (bytes.length !== HEADER_BYTES + count * (16 + dimensions)) return { ok: false }
  const ids = Array.from({ length: count }, (_, i) => readUuid(bytes, HEADER_BYTES + 16 * i))
  const data = new Int8Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES + 16 * count, count * dimensions)
  return { ok: true, vectors: { dimensions, ids, data } }
}

/** Writes a UUID's 16 bytes. */
export function writeUuid(id: string, out: Uint8Array, offset: number): void {
  const digits = id.replaceAll('-', '')
  for (let i = 0; i < 16; i++) out[offset + i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
}

/** The UUID of the 16 bytes at `offset`. */
export function readUuid(bytes: Uint8Array, offset: number): string {
  let digits = ''
  for (let i = 0; i < 16; i++) digits += bytes[offset + i]!.toString(16).padStart(2, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}

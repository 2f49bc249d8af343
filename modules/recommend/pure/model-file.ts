import type { SparseModel } from './sparse-model.ts'

/** `ESHM` and the version of the layout: six little-endian words, then ptr, columns, values. */
const MAGIC = 0x4d485345
const VERSION = 1
const HEADER_BYTES = 24

export type ReadModel =
  | { readonly ok: true; readonly model: SparseModel }
  | { readonly ok: false; readonly reason: 'not_a_model' | 'other_version' | 'damaged' }

/** The model as one file: magic, version, items, entries, checksum (FNV-1a of the words that follow), length; then the arrays. */
export function writeModel({ items, ptr, columns, values }: SparseModel): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 4 * (items + 1) + 8 * columns.length)
  const body = bytes.subarray(HEADER_BYTES)
  body.set(bytesOf(ptr.subarray(0, items + 1)), 0)
  body.set(bytesOf(columns), 4 * (items + 1))
  body.set(bytesOf(values), 4 * (items + 1) + 4 * columns.length)
  const header = new DataView(bytes.buffer)
  const words = [MAGIC, VERSION, items, columns.length, checksum(body), bytes.length]
  for (const [i, word] of words.entries()) header.setUint32(4 * i, word, true)
  return bytes
}

/** Reads what `writeModel` wrote; every fact of the layout is checked, so that a damaged file cannot break a request. */
export function readModel(bytes: Uint8Array): ReadModel {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) return { ok: false, reason: 'not_a_model' }
  if (header.getUint32(4, true) !== VERSION) return { ok: false, reason: 'other_version' }
  const items = header.getUint32(8, true)
  const entries = header.getUint32(12, true)
  const length = HEADER_BYTES + 4 * (items + 1) + 8 * entries
  // A copy, because arrays of words must start at a multiple of four.
  const body = bytes.slice(HEADER_BYTES)
  if (bytes.length !== length || header.getUint32(20, true) !== length || header.getUint32(16, true) !== checksum(body))
    return { ok: false, reason: 'damaged' }
  const ptr = new Uint32Array(body.buffer, 0, items + 1)
  const columns = new Uint32Array(body.buffer, 4 * (items + 1), entries)
  const values = new Float32Array(body.buffer, 4 * (items + 1 + entries), entries)
  const model = { items, ptr, columns, values }
  return isSound(model) ? { ok: true, model } : { ok: false, reason: 'damaged' }
}

const bytesOf = (array: Uint32Array | Float32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** FNV-1a over words of four bytes; the body is always whole words. */
function checksum(body: Uint8Array): number {
  let hash = 0x811c9dc5
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  for (let at = 0; at + 4 <= body.length; at += 4) hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193)
  return hash >>> 0
}

function isSound({ items, ptr, columns, values }: SparseModel): boolean {
  if (ptr[0] !== 0 || ptr[items] !== columns.length) return false
  for (let i = 0; i < items; i++) {
    if (ptr[i]! > ptr[i + 1]!) return false
    for (let at = ptr[i]!; at < ptr[i + 1]!; at++) {
      if (columns[at]! >= items || !Number.isFinite(values[at]!)) return false
      if (at > ptr[i]! && columns[at]! <= columns[at - 1]!) return false
    }
  }
  return true
}

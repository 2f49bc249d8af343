import type { SparseModel } from './sparse-model.ts'

/** `ESHM` and the version of the layout: seven little-endian words, then the arrays, then the text. */
const MAGIC = 0x4d485345
const VERSION = 1
const HEADER_BYTES = 28

export type ReadModel =
  | { readonly ok: true; readonly model: SparseModel; readonly about: string }
  | { readonly ok: false; readonly reason: 'not_a_model' | 'other_version' | 'damaged' }

/**
 * The model as one file, with a text about it (whose numbers they are, settings: the caller's JSON). The header: magic,
 * version, items, entries, letters of the text, checksum (FNV-1a of the words that follow), bytes of the file.
 */
export function writeModel({ items, ptr, columns, values }: SparseModel, about = ''): Uint8Array<ArrayBuffer> {
  const { starts, length } = layoutOf(items, columns.length, about.length)
  const bytes = new Uint8Array(length)
  bytes.set(bytesOf(ptr.subarray(0, items + 1)), starts.ptr)
  bytes.set(bytesOf(columns), starts.columns)
  bytes.set(bytesOf(values), starts.values)
  const letters = Uint16Array.from({ length: about.length }, (_, i) => about.charCodeAt(i))
  bytes.set(bytesOf(letters), starts.about)
  const header = new DataView(bytes.buffer)
  const sum = checksum(bytes.subarray(HEADER_BYTES))
  for (const [i, word] of [MAGIC, VERSION, items, columns.length, about.length, sum, length].entries())
    header.setUint32(4 * i, word, true)
  return bytes
}

/** Reads what `writeModel` wrote; every fact of the layout is checked, so that a damaged file cannot break a request. */
export function readModel(bytes: Uint8Array): ReadModel {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) return { ok: false, reason: 'not_a_model' }
  if (header.getUint32(4, true) !== VERSION) return { ok: false, reason: 'other_version' }
  const [items, entries, letters, sum, written] = [2, 3, 4, 5, 6].map((word) => header.getUint32(4 * word, true))
  const { starts, length } = layoutOf(items!, entries!, letters!)
  if (bytes.length !== length || written !== length || checksum(bytes.subarray(HEADER_BYTES)) !== sum)
    return { ok: false, reason: 'damaged' }
  // A copy, because arrays of words must start at a multiple of four of their buffer.
  const { buffer } = bytes.slice()
  const ptr = new Uint32Array(buffer, starts.ptr, items! + 1)
  const columns = new Uint32Array(buffer, starts.columns, entries)
  const values = new Float32Array(buffer, starts.values, entries)
  const model = { items: items!, ptr, columns, values }
  if (!isSound(model)) return { ok: false, reason: 'damaged' }
  return { ok: true, model, about: textOf(new Uint16Array(buffer, starts.about, letters)) }
}

function layoutOf(items: number, entries: number, letters: number) {
  const columns = HEADER_BYTES + 4 * (items + 1)
  const values = columns + 4 * entries
  const about = values + 4 * entries
  return { starts: { ptr: HEADER_BYTES, columns, values, about }, length: about + 4 * Math.ceil(letters / 2) }
}

function textOf(letters: Uint16Array): string {
  let text = ''
  for (let at = 0; at < letters.length; at += 4096) text += String.fromCharCode(...letters.subarray(at, at + 4096))
  return text
}

const bytesOf = (array: Uint32Array | Uint16Array | Float32Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

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

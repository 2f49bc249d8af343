import { readModel, writeModel } from './model-file.ts'
import type { SparseModel } from './sparse-model.ts'
import { readUuid, writeUuid } from './vectors.ts'

/** A model with the product of each of its items: how many, their ids of 16 bytes, then the model's own file. */
export function packModel(ids: readonly string[], model: SparseModel): Uint8Array {
  const file = writeModel(model)
  const bytes = new Uint8Array(4 + 16 * ids.length + file.length)
  new DataView(bytes.buffer).setUint32(0, ids.length, true)
  for (const [i, id] of ids.entries()) writeUuid(id, bytes, 4 + 16 * i)
  bytes.set(file, 4 + 16 * ids.length)
  return bytes
}

/** Undefined for what is no such file, or a damaged one. */
export function unpackModel(bytes: Uint8Array): { ids: string[]; model: SparseModel } | undefined {
  if (bytes.length < 4) return undefined
  const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
  if (bytes.length < 4 + 16 * count) return undefined
  const read = readModel(bytes.slice(4 + 16 * count))
  if (!read.ok || read.model.items !== count) return undefined
  return { ids: Array.from({ length: count }, (_, i) => readUuid(bytes, 4 + 16 * i)), model: read.model }
}

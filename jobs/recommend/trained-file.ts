import { readFile } from 'node:fs/promises'
import { AppError } from '../../modules/kernel/errors.ts'
import { readModel, writeModel } from '../../modules/recommend/pure/model-file.ts'
import type { Chosen } from '../../modules/recommend/pure/search-settings.ts'
import type { SparseModel } from '../../modules/recommend/pure/sparse-model.ts'

const REASONS = {
  not_a_model: 'it is not a model of `recommend train`',
  other_version: 'it was written by another version; train it again',
  damaged: 'it is damaged',
}

/** A model with the ids of its items, in its order, and the settings that it was trained with. */
export function modelFileOf({ model, chosen }: { model: SparseModel; chosen: Chosen }, items: readonly string[]) {
  return writeModel(model, JSON.stringify({ items: items.slice(0, model.items), chosen }))
}

export async function readTrained(path: string): Promise<{ model: SparseModel; chosen: Chosen; items: string[] }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new AppError('invalid', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`)
  })
  const read = readModel(bytes)
  if (!read.ok) throw new AppError('invalid', `${path}: ${REASONS[read.reason]}`)
  // Its checksum says that we wrote it, but the shop's own models come without ids.
  if (read.about === '') throw new AppError('invalid', `${path}: it does not say whose numbers it holds`)
  return { model: read.model, ...(JSON.parse(read.about) as { items: string[]; chosen: Chosen }) }
}

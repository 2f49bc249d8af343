import { createHash } from 'node:crypto'
import type { ModelKind, Models } from '../../db/index.ts'
import type { Weights } from './pure/blend.ts'
import type { Chosen } from './pure/search-settings.ts'

/** What is noted beside a collaborative model: how well it did, how it was fitted, up to when, and what to mix it with. */
export type Metrics = {
  measured?: Record<string, number>
  chosen?: Chosen
  weights?: Weights
  until?: number
}

/** What it is called follows from what it is: the same bytes are the same version. */
export const versionOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

type Trained = { kind: ModelKind; bytes: Uint8Array; metrics: Record<string, unknown> }

/** Keeps a model and has it serve; gives its version. */
export async function saveModel(models: Pick<Models, 'keep'>, trained: Trained): Promise<string> {
  const version = versionOf(trained.bytes)
  await models.keep({ ...trained, version, activate: true })
  return version
}

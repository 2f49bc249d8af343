import { createHash } from 'node:crypto'
import type { Blobs, Sql } from '../../db/index.ts'
import type { Weights } from './pure/blend.ts'
import type { Chosen } from './pure/search-settings.ts'
import { activateModel, insertModel, listActivated, type ModelKind, pruneModels } from './store.ts'

/** What is noted beside a collaborative model: how well it did, how it was fitted, up to when, and what to mix it with. */
export type Metrics = {
  measured?: Record<string, number>
  chosen?: Chosen
  weights?: Weights
  until?: number
}

type Needs = { sql: Sql; blobs: Blobs; now: () => Date }
type Trained = { kind: ModelKind; bytes: Uint8Array; metrics: Record<string, unknown> }

/** Of each kind, so many stay beside the active one to go back to. */
const KEPT = 3

export const blobOf = (kind: ModelKind, version: string) => `recommend/${kind}/${version}.bin`

/** What it is called follows from what it is: the same bytes are the same version. */
export const versionOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/**
 * Keeps a model and makes it the active one; gives its version. The file first, the row last: no row points at nothing. The
 * row and its activation commit together.
 */
export async function saveModel({ sql, blobs, now }: Needs, { kind, bytes, metrics }: Trained): Promise<string> {
  const version = versionOf(bytes)
  await blobs.put(blobOf(kind, version), bytes, 'application/octet-stream')
  await sql.transaction().execute(async (tx) => {
    await insertModel(tx, { kind, version, metrics, createdAt: now() })
    await activateModel(tx, kind, version, now())
  })
  for (const old of await pruneModels(sql, kind, KEPT)) await blobs.delete(blobOf(kind, old))
  return version
}

/** Makes the one that was active before the active one again; undefined where there is none. */
export async function rollBack(
  { sql, now }: Needs,
  kind: ModelKind,
): Promise<{ version: string; was: string | null } | undefined> {
  const rows = await listActivated(sql, kind)
  const active = rows.find((row) => row.active)
  const before = rows.find((row) => !row.active)
  if (!before) return undefined
  await sql.transaction().execute((tx) => activateModel(tx, kind, before.version, now()))
  return { version: before.version, was: active?.version ?? null }
}

import { type EaseSettings, fitEase } from './ease.ts'
import type { Interactions } from './interactions.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { fitRp3Beta, type Rp3BetaSettings } from './rp3beta.ts'
import { addModels, type SparseModel } from './sparse-model.ts'

export type CollaborativeSettings = {
  /** How many values a row keeps. */
  readonly most: number
  readonly walk: Rp3BetaSettings
  /** EASE on the most active items, its rows added times `share`; undefined: none. */
  readonly ease: (EaseSettings & { readonly share: number }) | undefined
}

/** What did well on validation parts of what we tried; the search of settings starts here. */
export const DEFAULT_SETTINGS: CollaborativeSettings = {
  most: 100,
  walk: { item: 0.1, user: 0.85, target: 0.2 },
  ease: { items: 5_000, ridge: 50, share: 0.1 },
}

export type FitWith = {
  readonly openKernel: OpenKernel
  /** Told about the long part, the inverse of EASE. */
  readonly onBlock?: (done: number, of: number) => void
}

/**
 * One model over the whole catalogue: RP3beta, and EASE added where items have seen enough. Takes seconds to a minute of one
 * core (EASE of 10,000 items), so a server calls it on a thread of its own.
 */
export function fitCollaborative(
  matrix: Interactions,
  { most, walk, ease }: CollaborativeSettings,
  { openKernel, onBlock }: FitWith,
): SparseModel {
  const parts = [{ model: fitRp3Beta(matrix, walk, most), share: 1 }]
  if (ease) parts.push({ model: fitEase(matrix, { ...ease, most }, openKernel, onBlock), share: ease.share })
  return addModels(parts, most)
}

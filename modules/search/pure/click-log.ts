/**
 * Lists that people saw, one after the other. List `l` has the rows from `offsets[l]` up to `offsets[l + 1]`; a row has
 * its features (see `RANK_FEATURES`), its place in the list as it was shown (0 is the top), and its gain: 0 where it was
 * not clicked, 1 where it was, more where more came of it.
 */
export type ClickLog = { offsets: Uint32Array; features: Float32Array; positions: Uint16Array; gains: Float32Array }

type Shown = { features: Float32Array; positions: readonly number[]; gains: readonly number[] }

export function packLog(lists: readonly Shown[]): ClickLog {
  const rows = lists.reduce((sum, { gains }) => sum + gains.length, 0)
  const columns = (lists[0]?.features.length ?? 0) / (lists[0]?.gains.length ?? 1)
  const offsets = new Uint32Array(lists.length + 1)
  const log = {
    offsets,
    features: new Float32Array(rows * columns),
    positions: new Uint16Array(rows),
    gains: new Float32Array(rows),
  }
  lists.forEach(({ features, positions, gains }, list) => {
    const at = offsets[list]!
    offsets[list + 1] = at + gains.length
    log.features.set(features, at * columns)
    log.positions.set(positions, at)
    log.gains.set(gains, at)
  })
  return log
}

export const listsIn = (log: ClickLog): number => log.offsets.length - 1

/** First row and count of a list. */
export const rowsOf = ({ offsets }: ClickLog, list: number): readonly [number, number] => [
  offsets[list]!,
  offsets[list + 1]! - offsets[list]!,
]

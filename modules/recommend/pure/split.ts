import type { Interactions } from './interactions.ts'

/** Two parts of the same users and items: what a model may know, and what it should have guessed. */
export type Split = { readonly known: Interactions; readonly wanted: Interactions }

/** The last entry of every user who has two or more is wanted. Throws a RangeError where times are unknown. */
export function leaveLast(matrix: Interactions): Split {
  const { times, columns } = matrix
  if (!times) throw new RangeError('Nobody knows what was last: there are no times')
  return leave(
    matrix,
    () => 1,
    (a, b) => times[b]! - times[a]! || columns[b]! - columns[a]!,
  )
}

/**
 * One entry in `every` of each user, and at least one of everybody who has two: those with the smallest hash of user and item,
 * so that the same data always give the same parts.
 */
export function leaveSome(matrix: Interactions, every: number): Split {
  const hash = new Uint32Array(matrix.columns.length)
  for (let u = 0; u < matrix.users; u++)
    for (let at = matrix.ptr[u]!; at < matrix.ptr[u + 1]!; at++) hash[at] = mixed(u, matrix.columns[at]!)
  return leave(
    matrix,
    (count) => Math.max(1, Math.round(count / every)),
    (a, b) => hash[a]! - hash[b]! || a - b,
  )
}

/** What happened at `time` or after is wanted; what came before is known. Throws a RangeError where times are unknown. */
export function splitAt(matrix: Interactions, time: number): Split {
  const { times } = matrix
  if (!times) throw new RangeError('Nobody knows what came after: there are no times')
  return part(matrix, (at) => times[at]! >= time)
}

function leave(
  matrix: Interactions,
  howMany: (count: number) => number,
  order: (a: number, b: number) => number,
): Split {
  const wanted = new Uint8Array(matrix.columns.length)
  for (let u = 0; u < matrix.users; u++) {
    const start = matrix.ptr[u]!
    const count = matrix.ptr[u + 1]! - start
    if (count < 2) continue
    const entries = Array.from({ length: count }, (_, i) => start + i).toSorted(order)
    for (const at of entries.slice(0, howMany(count))) wanted[at] = 1
  }
  return part(matrix, (at) => wanted[at] === 1)
}

function part(matrix: Interactions, isWanted: (at: number) => boolean): Split {
  return { known: only(matrix, (at) => !isWanted(at)), wanted: only(matrix, isWanted) }
}

function only(
  { users, items, ptr, columns, weights, times }: Interactions,
  keeps: (at: number) => boolean,
): Interactions {
  const starts = new Uint32Array(users + 1)
  const kept = new Uint32Array(columns.length)
  let end = 0
  for (let u = 0; u < users; u++) {
    for (let at = ptr[u]!; at < ptr[u + 1]!; at++) if (keeps(at)) kept[end++] = at
    starts[u + 1] = end
  }
  const at = kept.subarray(0, end)
  return {
    users,
    items,
    ptr: starts,
    columns: Uint32Array.from(at, (from) => columns[from]!),
    weights: Float32Array.from(at, (from) => weights[from]!),
    times: times && Float64Array.from(at, (from) => times[from]!),
  }
}

/** The finaliser of MurmurHash3 over both numbers. */
function mixed(user: number, item: number): number {
  let hash = Math.imul(user + 1, 0x9e3779b1) ^ (item + 1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

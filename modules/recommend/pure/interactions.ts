/** Who took what, as compressed rows: users x items. Users and items are numbered from 0 by the caller. */
export type Interactions = {
  readonly users: number
  readonly items: number
  /** `users + 1` starts of rows in the arrays below. */
  readonly ptr: Uint32Array
  /** Items, ascending within a user and each once. */
  readonly columns: Uint32Array
  readonly weights: Float32Array
  /** When it last happened (Unix ms), beside `columns`; undefined where nobody knows. */
  readonly times: Float64Array | undefined
}

/** One entry per event; `weight` is 1 and `time` unknown where absent. */
export type InteractionLists = {
  readonly users: number
  readonly items: number
  readonly user: ArrayLike<number>
  readonly item: ArrayLike<number>
  readonly weight?: ArrayLike<number> | undefined
  readonly time?: ArrayLike<number> | undefined
}

/**
 * Sorts events into rows. What a user did twice with an item becomes one entry: weights summed, the latest time.
 * Throws a RangeError for numbers outside of users x items and for weights that are not above 0.
 */
export function interactionsOf(lists: InteractionLists): Interactions {
  const { users, items, user, item, weight, time } = lists
  const count = user.length
  if (item.length !== count) throw new RangeError(`${count} users beside ${item.length} items`)
  for (let i = 0; i < count; i++)
    if (!(isBelow(user[i]!, users) && isBelow(item[i]!, items) && (!weight || weight[i]! > 0)))
      throw new RangeError(`Event ${i} is outside of ${users} x ${items}, or its weight is not above 0`)
  const byItem = countingOrder(item, items, undefined)
  const order = countingOrder(user, users, byItem.order)
  const columns = new Uint32Array(count)
  const weights = new Float32Array(count)
  const times = time ? new Float64Array(count) : undefined
  const ptr = new Uint32Array(users + 1)
  let end = 0
  for (let u = 0; u < users; u++) {
    const start = end
    for (let at = order.ptr[u]!; at < order.ptr[u + 1]!; at++) {
      const event = order.order[at]!
      const column = item[event]!
      const isNew = end === start || columns[end - 1] !== column
      if (isNew) columns[end++] = column
      weights[end - 1] = (isNew ? 0 : weights[end - 1]!) + (weight ? weight[event]! : 1)
      if (times) times[end - 1] = isNew ? time![event]! : Math.max(times[end - 1]!, time![event]!)
    }
    ptr[u + 1] = end
  }
  return {
    users,
    items,
    ptr,
    columns: columns.slice(0, end),
    weights: weights.slice(0, end),
    times: times?.slice(0, end),
  }
}

const isBelow = (value: number, end: number) => value >= 0 && value < end

/** A stable counting sort: the positions of `keys` by key, in the order of `from` (or as given) within a key. */
function countingOrder(keys: ArrayLike<number>, kinds: number, from: Uint32Array | undefined) {
  const ptr = new Uint32Array(kinds + 1)
  for (let i = 0; i < keys.length; i++) ptr[keys[i]! + 1]!++
  for (let k = 0; k < kinds; k++) ptr[k + 1]! += ptr[k]!
  const next = ptr.slice()
  const order = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const at = from ? from[i]! : i
    order[next[keys[at]!]!++] = at
  }
  return { ptr, order }
}

/** Rows become columns: `users` of the answer are the items. Users ascend within an item. */
export function transpose(matrix: Interactions): Interactions {
  const { users, items, ptr, columns, weights, times } = matrix
  const starts = new Uint32Array(items + 1)
  for (const column of columns) starts[column + 1]!++
  for (let i = 0; i < items; i++) starts[i + 1]! += starts[i]!
  const next = starts.slice()
  const turned = new Uint32Array(columns.length)
  const turnedWeights = new Float32Array(columns.length)
  const turnedTimes = times ? new Float64Array(columns.length) : undefined
  for (let u = 0; u < users; u++)
    for (let at = ptr[u]!; at < ptr[u + 1]!; at++) {
      const to = next[columns[at]!]!++
      turned[to] = u
      turnedWeights[to] = weights[at]!
      if (turnedTimes) turnedTimes[to] = times![at]!
    }
  return { users: items, items: users, ptr: starts, columns: turned, weights: turnedWeights, times: turnedTimes }
}

/** The sum of weights of each row. */
export function weightOfRows({ users, ptr, weights }: Interactions): Float64Array {
  const sums = new Float64Array(users)
  for (let u = 0; u < users; u++) for (let at = ptr[u]!; at < ptr[u + 1]!; at++) sums[u]! += weights[at]!
  return sums
}

/** Both as one: what stands in either, as `interactionsOf` merges it. Times only where both know them. */
export function joinInteractions(a: Interactions, b: Interactions): Interactions {
  const user = new Uint32Array(a.columns.length + b.columns.length)
  for (const [matrix, from] of [
    [a, 0],
    [b, a.columns.length],
  ] as const)
    for (let u = 0; u < matrix.users; u++) user.fill(u, from + matrix.ptr[u]!, from + matrix.ptr[u + 1]!)
  return interactionsOf({
    users: Math.max(a.users, b.users),
    items: Math.max(a.items, b.items),
    user,
    item: joined(new Uint32Array(user.length), a.columns, b.columns),
    weight: joined(new Float32Array(user.length), a.weights, b.weights),
    time: a.times && b.times ? joined(new Float64Array(user.length), a.times, b.times) : undefined,
  })
}

function joined<A extends { set(from: A, at?: number): void; length: number }>(to: A, a: A, b: A): A {
  to.set(a)
  to.set(b, a.length)
  return to
}

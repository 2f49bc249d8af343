/**
 * A grid whose neighbours pull together. `terminal[i] > 0` pulls pixel i to the source side, `< 0` to the sink side;
 * `right`, `down`, `downRight`, `downLeft` are the symmetric costs of cutting the link to that neighbour.
 * All row-major, `width * height` long.
 */
export type GridGraph = {
  width: number
  height: number
  terminal: Float32Array
  right: Float32Array
  down: Float32Array
  downRight: Float32Array
  downLeft: Float32Array
}

const NONE = -1
const TERMINAL = 8
const ORPHAN = 9
const SOURCE = 1
const SINK = 2
/** Whole numbers keep residuals exact, so that an edge is either saturated or not. */
const UNIT = 1000

/** State of one search, on a grid padded by one node so that no neighbour test is needed. */
type Search = {
  offset: Int32Array
  capacity: Int32Array[]
  excess: Int32Array
  tree: Uint8Array
  parent: Int8Array
  stamp: Int32Array
  distance: Int32Array
  queue: Int32Array
  queued: Uint8Array
  head: number
  tail: number
  orphans: number[]
  time: number
}

const createSearch = (graph: GridGraph): Search => {
  const { width, height } = graph
  const stride = width + 2
  const count = stride * (height + 2)
  const capacity = Array.from({ length: 8 }, () => new Int32Array(count))
  const excess = new Int32Array(count)
  const offset = Int32Array.of(1, -1, stride, -stride, stride + 1, -stride - 1, stride - 1, -stride + 1)
  const links = [graph.right, graph.down, graph.downRight, graph.downLeft]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * width + x
      const node = (y + 1) * stride + x + 1
      excess[node] = Math.round(graph.terminal[from]! * UNIT)
      for (let k = 0; k < 4; k++) {
        const outside = (k !== 1 && k !== 3 && x === width - 1) || (k !== 0 && y === height - 1) || (k === 3 && x === 0)
        if (outside) continue
        const units = Math.round(links[k]![from]! * UNIT)
        capacity[2 * k]![node] = units
        capacity[2 * k + 1]![node + offset[2 * k]!] = units
      }
    }
  }
  return {
    offset,
    capacity,
    excess,
    tree: new Uint8Array(count),
    parent: new Int8Array(count).fill(NONE),
    stamp: new Int32Array(count),
    distance: new Int32Array(count),
    queue: new Int32Array(count + 1),
    queued: new Uint8Array(count),
    head: 0,
    tail: 0,
    orphans: [],
    time: 0,
  }
}

const activate = (s: Search, node: number) => {
  if (s.queued[node]) return
  s.queued[node] = 1
  s.queue[s.tail] = node
  s.tail = s.tail + 1 === s.queue.length ? 0 : s.tail + 1
}

const nextActive = (s: Search): number => {
  while (s.head !== s.tail) {
    const node = s.queue[s.head]!
    s.head = s.head + 1 === s.queue.length ? 0 : s.head + 1
    s.queued[node] = 0
    if (s.tree[node]) return node
  }
  return NONE
}

/** Grows the tree of `node`; returns the direction of a link that touches the other tree, or NONE. */
const grow = (s: Search, node: number): number => {
  const own = s.tree[node]!
  for (let d = 0; d < 8; d++) {
    const other = node + s.offset[d]!
    const residual = own === SOURCE ? s.capacity[d]![node]! : s.capacity[d ^ 1]![other]!
    if (residual === 0) continue
    const side = s.tree[other]!
    if (side !== 0 && side !== own) return d
    const shorter = side === own && s.stamp[other]! <= s.stamp[node]! && s.distance[other]! > s.distance[node]!
    if (side === 0) {
      s.tree[other] = own
      activate(s, other)
    }
    if (side === 0 || shorter) {
      s.parent[other] = d ^ 1
      s.stamp[other] = s.stamp[node]!
      s.distance[other] = s.distance[node]! + 1
    }
  }
  return NONE
}

/** The least residual from `node` to the root of its tree. */
const bottleneck = (s: Search, node: number, own: number): number => {
  let least = Infinity
  let at = node
  for (let d = s.parent[at]!; d !== TERMINAL; d = s.parent[at]!) {
    const up = at + s.offset[d]!
    least = Math.min(least, own === SOURCE ? s.capacity[d ^ 1]![up]! : s.capacity[d]![at]!)
    at = up
  }
  return Math.min(least, Math.abs(s.excess[at]!))
}

const push = (s: Search, node: number, own: number, flow: number) => {
  let at = node
  for (let d = s.parent[at]!; d !== TERMINAL; d = s.parent[at]!) {
    const up = at + s.offset[d]!
    const along = own === SOURCE ? s.capacity[d ^ 1]! : s.capacity[d]!
    const back = own === SOURCE ? s.capacity[d]! : s.capacity[d ^ 1]!
    const tail = own === SOURCE ? up : at
    const end = own === SOURCE ? at : up
    along[tail] = along[tail]! - flow
    back[end] = back[end]! + flow
    if (along[tail] === 0) {
      s.parent[at] = ORPHAN
      s.orphans.push(at)
    }
    at = up
  }
  s.excess[at] = s.excess[at]! + (own === SOURCE ? -flow : flow)
  if (s.excess[at] === 0) {
    s.parent[at] = ORPHAN
    s.orphans.push(at)
  }
}

const augment = (s: Search, node: number, direction: number) => {
  const fromSource = s.tree[node] === SOURCE
  const a = fromSource ? node : node + s.offset[direction]!
  const b = fromSource ? node + s.offset[direction]! : node
  const d = fromSource ? direction : direction ^ 1
  const flow = Math.min(s.capacity[d]![a]!, bottleneck(s, a, SOURCE), bottleneck(s, b, SINK))
  s.capacity[d]![a] = s.capacity[d]![a]! - flow
  s.capacity[d ^ 1]![b] = s.capacity[d ^ 1]![b]! + flow
  push(s, a, SOURCE, flow)
  push(s, b, SINK, flow)
}

/** Distance of `node` to a live root, or Infinity when its path ends in an orphan. Marks what it walked. */
const originDistance = (s: Search, node: number): number => {
  let steps = 0
  let at = node
  for (;;) {
    if (s.stamp[at] === s.time) {
      steps += s.distance[at]!
      break
    }
    const d = s.parent[at]!
    steps++
    if (d === TERMINAL) {
      s.stamp[at] = s.time
      s.distance[at] = 1
      break
    }
    if (d === ORPHAN || d === NONE) return Infinity
    at += s.offset[d]!
  }
  let left = steps
  for (at = node; s.stamp[at] !== s.time; at += s.offset[s.parent[at]!]!) {
    s.stamp[at] = s.time
    s.distance[at] = left--
  }
  return steps
}

const adopt = (s: Search, orphan: number) => {
  const own = s.tree[orphan]!
  let best = NONE
  let bestDistance = Infinity
  for (let d = 0; d < 8; d++) {
    const other = orphan + s.offset[d]!
    const residual = own === SOURCE ? s.capacity[d ^ 1]![other]! : s.capacity[d]![orphan]!
    if (residual === 0 || s.tree[other] !== own || s.parent[other] === NONE) continue
    const distance = originDistance(s, other)
    if (distance < bestDistance) {
      bestDistance = distance
      best = d
    }
  }
  if (best !== NONE) {
    s.parent[orphan] = best
    s.stamp[orphan] = s.time
    s.distance[orphan] = bestDistance + 1
    return
  }
  for (let d = 0; d < 8; d++) {
    const other = orphan + s.offset[d]!
    if (s.tree[other] !== own) continue
    const residual = own === SOURCE ? s.capacity[d ^ 1]![other]! : s.capacity[d]![orphan]!
    if (residual > 0) activate(s, other)
    if (s.parent[other] === (d ^ 1)) {
      s.parent[other] = ORPHAN
      s.orphans.push(other)
    }
  }
  s.tree[orphan] = 0
  s.parent[orphan] = NONE
}

/**
 * The minimum cut of the grid: 1 where a pixel falls to the source side, 0 elsewhere.
 * Source: Boykov and Kolmogorov, "An experimental comparison of min-cut/max-flow algorithms", 2004.
 */
export const minimumCut = (graph: GridGraph): Uint8Array => {
  const s = createSearch(graph)
  for (let node = 0; node < s.excess.length; node++) {
    if (s.excess[node] === 0) continue
    s.tree[node] = s.excess[node]! > 0 ? SOURCE : SINK
    s.parent[node] = TERMINAL
    s.distance[node] = 1
    activate(s, node)
  }
  let node = NONE
  for (;;) {
    if (node === NONE || s.tree[node] === 0) node = nextActive(s)
    if (node === NONE) break
    const direction = grow(s, node)
    s.time++
    if (direction === NONE) {
      node = NONE
      continue
    }
    augment(s, node, direction)
    for (let orphan = s.orphans.pop(); orphan !== undefined; orphan = s.orphans.pop()) adopt(s, orphan)
  }
  const { width, height } = graph
  const out = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = s.tree[(y + 1) * (width + 2) + x + 1] === SOURCE ? 1 : 0
  }
  return out
}

import { minimumCut } from './max-flow.ts'
import type { Links } from './parts-matte.ts'

type Grid = { width: number; height: number; inside: Uint8Array }
type Box = { left: number; top: number; right: number; bottom: number }

/** A label that costs this much more than the best one at a pixel is not worth a try there. */
const HOPELESS = 9

/** Where a label may win at all, with a margin of one pixel that keeps what it has. */
const hopefulBoxes = (costs: Float32Array[], grid: Grid): Box[] => {
  const boxes = costs.map(() => ({ left: grid.width, top: grid.height, right: -1, bottom: -1 }))
  for (let y = 0, i = 0; y < grid.height; y++) {
    for (let x = 0; x < grid.width; x++, i++) {
      if (!grid.inside[i]) continue
      let least = Infinity
      for (const cost of costs) if (cost[i]! < least) least = cost[i]!
      for (let label = 0; label < costs.length; label++) {
        if (costs[label]![i]! > least + HOPELESS) continue
        const box = boxes[label]!
        if (x - 1 < box.left) box.left = Math.max(0, x - 1)
        if (x + 1 > box.right) box.right = Math.min(grid.width - 1, x + 1)
        if (y - 1 < box.top) box.top = Math.max(0, y - 1)
        box.bottom = Math.min(grid.height - 1, y + 1)
      }
    }
  }
  return boxes
}

/**
 * Labels every pixel of `inside` so that the sum of `costs[label][pixel]` and of `pull` times the
 * links between different labels is small: one or more rounds of alpha expansion from the start `labels`, changed in
 * place. Boykov, Veksler, Zabih, "Fast approximate energy minimization via graph cuts" (2001).
 */
export const expandLabels = (
  labels: Uint8Array,
  costs: Float32Array[],
  links: Links,
  grid: Grid,
  pull: number,
  rounds: number,
): void => {
  const boxes = hopefulBoxes(costs, grid)
  for (let round = 0; round < rounds; round++) {
    let changed = 0
    for (let label = 0; label < costs.length; label++) {
      if (boxes[label]!.right >= 0) changed += expandOne({ labels, costs, links, grid, pull }, label, boxes[label]!)
    }
    if (changed === 0) return
  }
}

/** On the rim of the box, unless the picture ends there too. */
const isMargin = (box: Box, grid: Grid, x: number, y: number): boolean =>
  (x === box.left && x > 0) ||
  (x === box.right && x + 1 < grid.width) ||
  (y === box.top && y > 0) ||
  (y === box.bottom && y + 1 < grid.height)

/** One expansion move: every pixel of the box may take `label` or keep its own. Returns how many took it. */
const expandOne = (
  problem: { labels: Uint8Array; costs: Float32Array[]; links: Links; grid: Grid; pull: number },
  label: number,
  box: Box,
): number => {
  const { labels, costs, links, grid, pull } = problem
  const { inside, width: stride } = grid
  const width = box.right - box.left + 1
  const height = box.bottom - box.top + 1
  const count = width * height
  const own = costs[label]!
  const terminal = new Float32Array(count)
  const graph = {
    width,
    height,
    terminal,
    right: new Float32Array(count),
    down: new Float32Array(count),
    downRight: new Float32Array(count),
    downLeft: new Float32Array(count),
  }
  // Source side = takes the label. With x = 1 for "takes it", a link of cost w between two other labels that differ is
  // w - w xp xq = w/2 |xp - xq| - w/2 xp - w/2 xq + w; between equal labels w |xp - xq|; to the label itself w (1 - xq).
  const join = (out: Float32Array, w: number, i: number, j: number, from: number, to: number) => {
    if (!inside[to]) return
    const a = labels[from]!
    const b = labels[to]!
    if (a === label) {
      if (b !== label) terminal[j]! += w
    } else if (b === label) terminal[i]! += w
    else if (a === b) out[i] = w
    else {
      out[i] = w / 2
      terminal[i]! += w / 2
      terminal[j]! += w / 2
    }
  }
  for (let y = 0, i = 0; y < height; y++) {
    let from = (box.top + y) * stride + box.left
    for (let x = 0; x < width; x++, i++, from++) {
      if (!inside[from]) continue
      if (labels[from] !== label) {
        terminal[i]! += isMargin(box, grid, x + box.left, y + box.top)
          ? -1000
          : costs[labels[from]!]![from]! - own[from]!
      }
      if (x + 1 < width) join(graph.right, links.right[from]! * pull, i, i + 1, from, from + 1)
      if (y + 1 === height) continue
      join(graph.down, links.down[from]! * pull, i, i + width, from, from + stride)
      if (x + 1 < width) {
        join(graph.downRight, links.downRight[from]! * pull, i, i + width + 1, from, from + stride + 1)
      }
      if (x > 0) join(graph.downLeft, links.downLeft[from]! * pull, i, i + width - 1, from, from + stride - 1)
    }
  }
  const takes = minimumCut(graph)
  let changed = 0
  for (let y = 0, i = 0; y < height; y++) {
    let to = (box.top + y) * stride + box.left
    for (let x = 0; x < width; x++, i++, to++) {
      if (!takes[i] || !inside[to] || labels[to] === label) continue
      labels[to] = label
      changed++
    }
  }
  return changed
}

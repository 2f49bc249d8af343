import { minimumCut } from './max-flow.ts'
import type { Links } from './parts-matte.ts'

/**
 * Labels every pixel of `inside` so that the sum of `costs[label][pixel]` and of `pull` times the
 * links between different labels is small: one or more rounds of alpha expansion from the start `labels`, changed in
 * place. Boykov, Veksler, Zabih, "Fast approximate energy minimization via graph cuts" (2001).
 */
export const expandLabels = (
  labels: Uint8Array,
  costs: Float32Array[],
  links: Links,
  size: { width: number; height: number; inside: Uint8Array },
  pull: number,
  rounds: number,
): void => {
  for (let round = 0; round < rounds; round++) {
    let changed = 0
    for (let label = 0; label < costs.length; label++) changed += expandOne(labels, costs, links, size, pull, label)
    if (changed === 0) return
  }
}

/** One expansion move: every pixel may take `label` or keep its own. Returns how many took it. */
const expandOne = (
  labels: Uint8Array,
  costs: Float32Array[],
  links: Links,
  size: { width: number; height: number; inside: Uint8Array },
  pull: number,
  label: number,
): number => {
  const { width, height, inside } = size
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
  for (let i = 0; i < count; i++) {
    if (inside[i] && labels[i] !== label) terminal[i] = costs[labels[i]!]![i]! - own[i]!
  }
  // Source side = takes the label. With x = 1 for "takes it", a link of cost w between two other labels that differ is
  // w - w xp xq = w/2 |xp - xq| - w/2 xp - w/2 xq + w; between equal labels w |xp - xq|; to the label itself w (1 - xq).
  const join = (out: Float32Array, cost: Float32Array, i: number, j: number) => {
    if (!inside[j]) return
    const w = cost[i]! * pull
    const a = labels[i]!
    const b = labels[j]!
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
    for (let x = 0; x < width; x++, i++) {
      if (!inside[i]) continue
      if (x + 1 < width) join(graph.right, links.right, i, i + 1)
      if (y + 1 === height) continue
      join(graph.down, links.down, i, i + width)
      if (x + 1 < width) join(graph.downRight, links.downRight, i, i + width + 1)
      if (x > 0) join(graph.downLeft, links.downLeft, i, i + width - 1)
    }
  }
  const takes = minimumCut(graph)
  let changed = 0
  for (let i = 0; i < count; i++) {
    if (!takes[i] || !inside[i] || labels[i] === label) continue
    labels[i] = label
    changed++
  }
  return changed
}

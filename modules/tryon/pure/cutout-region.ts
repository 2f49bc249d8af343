/** Connected regions of equal value in a label picture: `of[i]` is the region of pixel i, `size` and `value` per region. */
export type Regions = { of: Int32Array; size: number[]; value: number[]; touchesBorder: boolean[] }

/** Finds the 4-connected regions of equal value. */
export const findRegions = (labels: Uint8Array, width: number, height: number): Regions => {
  const of = new Int32Array(labels.length).fill(-1)
  const stack = new Int32Array(labels.length)
  const regions: Regions = { of, size: [], value: [], touchesBorder: [] }
  for (let start = 0; start < labels.length; start++) {
    if (of[start] !== -1) continue
    const id = regions.size.length
    const value = labels[start]!
    let size = 0
    let border = false
    let top = 0
    stack[top++] = start
    of[start] = id
    const visit = (i: number) => {
      if (of[i] !== -1 || labels[i] !== value) return
      of[i] = id
      stack[top++] = i
    }
    while (top > 0) {
      const i = stack[--top]!
      const x = i % width
      size++
      if (x === 0 || x === width - 1 || i < width || i >= labels.length - width) border = true
      if (x > 0) visit(i - 1)
      if (x < width - 1) visit(i + 1)
      if (i >= width) visit(i - width)
      if (i < labels.length - width) visit(i + width)
    }
    regions.size.push(size)
    regions.value.push(value)
    regions.touchesBorder.push(border)
  }
  return regions
}

/** Squared-free chessboard-Euclidean (3-4 chamfer, in pixels) distance to the nearest pixel whose value is `target`. */
export const distanceTo = (labels: Uint8Array, width: number, height: number, target: number): Float32Array => {
  const far = 1e6
  const d = Float32Array.from(labels, (v) => (v === target ? 0 : far))
  const relax = (i: number, j: number, cost: number) => {
    if (d[j]! + cost < d[i]!) d[i] = d[j]! + cost
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (x > 0) relax(i, i - 1, 1)
      if (y === 0) continue
      relax(i, i - width, 1)
      if (x > 0) relax(i, i - width - 1, 1.4)
      if (x < width - 1) relax(i, i - width + 1, 1.4)
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x
      if (x < width - 1) relax(i, i + 1, 1)
      if (y === height - 1) continue
      relax(i, i + width, 1)
      if (x < width - 1) relax(i, i + width + 1, 1.4)
      if (x > 0) relax(i, i + width - 1, 1.4)
    }
  }
  return d
}

/** Removes what is thinner than twice `radius`: erosion then dilation by chamfer distance. */
export const openMask = (mask: Uint8Array, width: number, height: number, radius: number): Uint8Array => {
  const core = Uint8Array.from(distanceTo(mask, width, height, 0), (d) => (d > radius ? 1 : 0))
  return Uint8Array.from(distanceTo(core, width, height, 1), (d) => (d <= radius + 0.5 ? 1 : 0))
}

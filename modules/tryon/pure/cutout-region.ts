/** The indices at which `mask` holds `value`, ascending. */
export const pickIndices = (mask: Uint8Array, value: number): Int32Array => {
  const out = new Int32Array(mask.length)
  let n = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] === value) out[n++] = i
  return out.subarray(0, n)
}

/** Connected regions of equal value in a label picture: `of[i]` is the region of pixel i, `size` and `value` per region. */
export type Regions = { of: Int32Array; size: number[]; value: number[]; touchesBorder: boolean[] }

/** Finds the 4-connected regions of equal value. */
export const findRegions = (labels: Uint8Array, width: number): Regions => {
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
    while (top > 0) {
      const i = stack[--top]!
      const x = i % width
      size++
      const left = x > 0
      const right = x < width - 1
      const up = i >= width
      const down = i < labels.length - width
      if (!left || !right || !up || !down) border = true
      if (left && of[i - 1] === -1 && labels[i - 1] === value) {
        of[i - 1] = id
        stack[top++] = i - 1
      }
      if (right && of[i + 1] === -1 && labels[i + 1] === value) {
        of[i + 1] = id
        stack[top++] = i + 1
      }
      if (up && of[i - width] === -1 && labels[i - width] === value) {
        of[i - width] = id
        stack[top++] = i - width
      }
      if (down && of[i + width] === -1 && labels[i + width] === value) {
        of[i + width] = id
        stack[top++] = i + width
      }
    }
    regions.size.push(size)
    regions.value.push(value)
    regions.touchesBorder.push(border)
  }
  return regions
}

/** Chamfer distance in pixels (1 straight, 1.4 askew) to the nearest pixel whose value is `target`. */
export const distanceTo = (labels: Uint8Array, width: number, height: number, target: number): Float32Array => {
  const far = 1e6
  const d = new Float32Array(labels.length)
  for (let i = 0; i < d.length; i++) d[i] = labels[i] === target ? 0 : far
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      let least = d[i]!
      if (x > 0) least = Math.min(least, d[i - 1]! + 1)
      if (y > 0) {
        least = Math.min(least, d[i - width]! + 1)
        if (x > 0) least = Math.min(least, d[i - width - 1]! + 1.4)
        if (x < width - 1) least = Math.min(least, d[i - width + 1]! + 1.4)
      }
      d[i] = least
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x
      let least = d[i]!
      if (x < width - 1) least = Math.min(least, d[i + 1]! + 1)
      if (y < height - 1) {
        least = Math.min(least, d[i + width]! + 1)
        if (x < width - 1) least = Math.min(least, d[i + width + 1]! + 1.4)
        if (x > 0) least = Math.min(least, d[i + width - 1]! + 1.4)
      }
      d[i] = least
    }
  }
  return d
}

const within = (distance: Float32Array, reach: number): Uint8Array => {
  const out = new Uint8Array(distance.length)
  for (let i = 0; i < out.length; i++) out[i] = distance[i]! <= reach ? 1 : 0
  return out
}

/** Removes what is thinner than twice `radius`: erosion, then dilation. */
export const openMask = (mask: Uint8Array, width: number, height: number, radius: number): Uint8Array => {
  const rim = within(distanceTo(mask, width, height, 0), radius)
  return within(distanceTo(rim, width, height, 0), radius + 0.5)
}

/** Fills gaps narrower than twice `radius`: dilation, then erosion. */
export const closeMask = (mask: Uint8Array, width: number, height: number, radius: number): Uint8Array => {
  const grown = within(distanceTo(mask, width, height, 1), radius)
  const rim = within(distanceTo(grown, width, height, 0), radius + 0.5)
  const out = new Uint8Array(mask)
  for (let i = 0; i < out.length; i++) if (!rim[i]) out[i] = 1
  return out
}

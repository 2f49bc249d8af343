import type { PersonFrame } from './parts-frame.ts'
import { CLASS, CLASS_COUNT, type Places } from './parts-prior.ts'

/** Connected pieces of equal label: the piece of every pixel, and per piece its size, label and what it borders on. */
const findPieces = (labels: Uint8Array, width: number) => {
  const piece = new Int32Array(labels.length).fill(-1)
  const sizes: number[] = []
  const owners: number[] = []
  const borders: number[][] = []
  const stack = new Int32Array(labels.length)
  for (let start = 0; start < labels.length; start++) {
    if (piece[start]! >= 0) continue
    const label = labels[start]!
    const id = sizes.length
    const border = Array.from({ length: CLASS_COUNT + 1 }, () => 0)
    let size = 0
    let top = 0
    stack[top++] = start
    piece[start] = id
    while (top > 0) {
      const i = stack[--top]!
      size++
      const x = i % width
      for (let k = 0; k < 4; k++) {
        if ((k === 0 && x === 0) || (k === 1 && x === width - 1)) continue
        const j = i + (k === 0 ? -1 : k === 1 ? 1 : k === 2 ? -width : width)
        if (j < 0 || j >= labels.length) continue
        if (labels[j] !== label) border[labels[j]!]!++
        else if (piece[j]! < 0) {
          piece[j] = id
          stack[top++] = j
        }
      }
    }
    sizes.push(size)
    owners.push(label)
    borders.push(border)
  }
  return { piece, sizes, owners, borders }
}

/** How strongly a pixel belongs to where its label is at home: only such pieces may stand alone. */
const isHome = (places: Places, label: number, i: number): boolean => {
  switch (label) {
    case CLASS.hair:
      return places.rise[i]! > 0.3
    case CLASS.skin:
      return (
        places.oval[i]! < 0.9 ||
        (places.hand[i]! < 0.9 && places.handAlong[i]! > 0) ||
        (places.arm[i]! < 0.5 && places.armAlong[i]! > 0.1) ||
        (places.leg[i]! < 0.4 && places.legAlong[i]! > 0.3)
      )
    case CLASS.upper:
      return places.depth[i]! > 0.1 && places.depth[i]! < 0.9 && Math.abs(places.aside[i]!) < 1.2
    case CLASS.lower:
      return places.depth[i]! > 1 && places.leg[i]! < 1
    default:
      return places.foot[i]! < 0.8
  }
}

/**
 * Gives islands to what surrounds them: prints on a shirt that look like skin or hair, belt loops, buttons, gaps.
 * `labels` is changed in place; `CLASS_COUNT` is the background.
 */
export const tidyClasses = (frame: PersonFrame, places: Places, labels: Uint8Array): void => {
  const area = labels.reduce((sum, label) => sum + (label < CLASS_COUNT ? 1 : 0), 0)
  for (let round = 0; round < 2; round++) {
    const { piece, sizes, owners, borders } = findPieces(labels, frame.width)
    const home = new Float64Array(sizes.length)
    for (let i = 0; i < labels.length; i++) {
      if (labels[i]! < CLASS_COUNT && isHome(places, labels[i]!, i)) home[piece[i]!]!++
    }
    const becomes = owners.map((label, id) => {
      if (label === CLASS_COUNT) return label
      const size = sizes[id]!
      const border = borders[id]!
      const total = border.reduce((sum, n) => sum + n, 0)
      let most = 0
      for (let k = 1; k < border.length; k++) if (border[k]! > border[most]!) most = k
      if (total === 0 || most === label) return label
      const tiny = size < area * 0.0008
      const stray = home[id]! < size * 0.15 && size < area * 0.02 && border[most]! > total * 0.5
      const island = home[id]! < size * 0.3 && border[most]! > total * 0.85 && size < area * 0.08
      // A pony tail beside the neck touches nothing but skin.
      const tail = label === CLASS.hair && most === CLASS.skin && size > area * 0.0003
      if (tail) return label
      return tiny || ((stray || island) && most !== CLASS_COUNT) ? most : label
    })
    for (let i = 0; i < labels.length; i++) labels[i] = becomes[piece[i]!]!
  }
}

/**
 * What each document has one of, in the widths that a builder needs. A set is a place in the lists of sets of colours (or
 * sizes); after a document's layout stands its stock. `traits` has the step of the price from bit `STEP_SHIFT` on, whole
 * stars from `STARS_SHIFT`, and its lowest bit is set where any variant is in stock; `rated` is in thousandths.
 */
export const createColumns = (documents: number) => ({
  ids: new Uint8Array(documents * 16),
  brandOf: new Uint32Array(documents),
  pathOf: new Uint32Array(documents),
  colourSetOf: new Uint32Array(documents),
  sizeSetOf: new Uint32Array(documents),
  layoutStock: new Uint32Array(documents * 2),
  traits: new Uint16Array(documents),
  price: new Uint32Array(documents),
  rated: new Uint16Array(documents),
  popularity: new Float32Array(documents),
  listedAt: new Float64Array(documents),
})

export type Columns = ReturnType<typeof createColumns>

export const STEP_SHIFT = 4
export const STARS_SHIFT = 1

/** A number for each document, as narrow as what it counts allows. */
export type Column = Uint16Array | Uint32Array

/** The column itself, or a copy of half the width where all of so many values fit in that. */
export const narrowed = (column: Uint32Array, values: number): Column =>
  values <= 0x10000 ? Uint16Array.from(column) : column

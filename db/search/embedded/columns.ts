/**
 * What counting and filtering want of a document stands together in a row of 32 bytes, so that it comes from memory at
 * once: its brand, path, layout, stock, price, rating (thousandths, the low 16 bits) with the step of its price, and the
 * sets of its colours and sizes. Loops over many documents take these numbers into locals first: an imported name is looked
 * up each time.
 */
export const ROW_BITS = 3
export const BRAND = 0
export const PATH = 1
export const LAYOUT = 2
export const STOCK = 3
export const PRICE = 4
export const RATED = 5
export const COLOURS = 6
export const SIZES = 7

/** What each document has one of; `ids` has 16 bytes for each. */
export const createColumns = (documents: number) => ({
  ids: new Uint8Array(documents * 16),
  rows: new Uint32Array(documents << ROW_BITS),
  popularity: new Float32Array(documents),
  listedAt: new Float64Array(documents),
})

export type Columns = ReturnType<typeof createColumns>

/** What each document has one of; `ids` has 16 bytes for each. */
export const createColumns = (documents: number) => ({
  ids: new Uint8Array(documents * 16),
  brand: new Uint32Array(documents),
  path: new Uint32Array(documents),
  layout: new Uint32Array(documents),
  stock: new Uint32Array(documents),
  price: new Uint32Array(documents),
  priceStep: new Uint8Array(documents),
  rating: new Uint16Array(documents),
  popularity: new Float32Array(documents),
  listedAt: new Float64Array(documents),
})

export type Columns = ReturnType<typeof createColumns>

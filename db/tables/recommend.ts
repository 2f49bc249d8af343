export type RecommendTables = {
  /** How a product's prepared garment looks; null where it has none. */
  'recommend.look': { product_id: string; look: Buffer | null }
}

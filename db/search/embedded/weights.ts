/** Of the fields, in the order that `SearchDocument.texts` lists them. */
export const FIELDS = ['name', 'brand', 'tags', 'attributes', 'description'] as const
const WEIGHT = [8, 4, 4, 2, 0.5]
/** Words a field has as a rule. Constants, so that what a word is worth to a product depends on that product alone. */
const USUAL_LENGTH = [6, 2, 6, 12, 40]
const B = 0.6
const K1 = 1.2

/** What one occurrence in `field` adds, the field being `length` words long: the inner part of BM25F. */
export const occurrence = (field: number, length: number) =>
  WEIGHT[field]! / (1 - B + (B * length) / USUAL_LENGTH[field]!)

/** The saturated sum of its occurrences, 1 to 255: what a posting keeps (Robertson, Zaragoza: BM25F). */
export const impactOf = (occurrences: number) => Math.max(1, Math.round((255 * occurrences) / (K1 + occurrences)))

/**
 * How much a word says that so many of all documents have: BM25's, in 32nds, so that scores are whole numbers and their
 * sum does not depend on its order.
 */
export const rarity = (documents: number, having: number) =>
  Math.max(1, Math.round(32 * Math.log(1 + (documents - having + 0.5) / (having + 0.5))))

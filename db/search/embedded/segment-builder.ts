import type { FacetTerm, SearchDocument } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { createColumns, STARS_SHIFT, STEP_SHIFT } from './columns.ts'
import { finishColumns } from './facet-columns.ts'
import { writeSegment } from './format.ts'
import { createLexicon } from './lexicon.ts'
import { createDictionary } from './layouts.ts'
import { priceStep } from './prices.ts'
import { idBytes } from './segment.ts'
import { createTextBuilder } from './text-builder.ts'
import { createVariantLists, createVariants } from './variants.ts'

/** A vocabulary with more is left for an empty one, as most of it may be in none of the documents to come. */
const [MOST_WORDS, MOST_LISTS] = [500_000, 200_000]

/** The bytes of a segment of these documents, no two of which may have one id. */
export function buildSegment(documents: readonly SearchDocument[], analyzer: Analyzer): Uint8Array<ArrayBuffer> {
  const builder = createSegmentBuilder(documents.length, createVocabulary(analyzer))
  for (const document of documents) builder.add(document)
  return builder.end()
}

/** What the documents of many segments have in common, so that it is read once. */
export function createVocabulary(analyzer: Analyzer) {
  const [lexicon, variants] = [createLexicon(analyzer), createVariantLists()]
  return { lexicon, variants, isLarge: () => lexicon.words() > MOST_WORDS || variants.lists() > MOST_LISTS }
}

type Vocabulary = ReturnType<typeof createVocabulary>

/** For up to `most` documents, no two of which may have one id. */
export function createSegmentBuilder(most: number, vocabulary: Vocabulary) {
  const texts = createTextBuilder(vocabulary.lexicon)
  const brands = createDictionary<FacetTerm>(({ value }) => value)
  const categories = createDictionary<FacetTerm>(({ value }) => value)
  const paths = createDictionary<number[]>((path) => path.join())
  const variants = createVariants(vocabulary.variants)
  const columns = createColumns(most)
  const ids: string[] = []

  function add(document: SearchDocument): void {
    const place = ids.length
    columns.ids.set(idBytes(document.id), place * 16)
    ids.push(document.id)
    texts.add(place, document.texts)
    columns.popularity[place] = document.popularity
    columns.listedAt[place] = document.listedAt
    const { layout, stock, colours, sizes } = variants.add(document.variants)
    columns.brandOf[place] = brands.place(document.brand)
    columns.pathOf[place] = paths.place(document.categories.map(categories.place))
    columns.colourSetOf[place] = colours
    columns.sizeSetOf[place] = sizes
    columns.layoutStock[2 * place] = layout
    columns.layoutStock[2 * place + 1] = stock
    columns.price[place] = document.priceAmount
    columns.rated[place] = Math.round(document.rating * 1000)
    columns.traits[place] = traitsOf(document)
  }

  function end(): Uint8Array<ArrayBuffer> {
    const inOrder = Uint32Array.from(ids, (_, i) => i)
    const isSorted = ids.every((id, i) => i === 0 || ids[i - 1]! < id)
    const byId = isSorted ? inOrder : inOrder.toSorted((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
    const { colours, sizes, ...variantSections } = variants.end()
    const meta = {
      documents: ids.length,
      lastId: ids[byId.at(-1) ?? 0],
      brands: brands.terms,
      categories: categories.terms,
      paths: paths.terms,
      colours,
      sizes,
    }
    const filled = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column.subarray(0, (column.length / most) * ids.length)]),
    ) as typeof columns
    const finished = finishColumns(filled, variantSections, meta)
    return writeSegment(meta, { ...finished, byId, ...variantSections, ...texts.end() })
  }

  return { add, end, count: () => ids.length, lastId: () => ids.at(-1) }
}

function traitsOf({ priceAmount, rating, variants }: SearchDocument): number {
  const stars = Math.min(5, Math.trunc(Math.round(rating * 1000) / 1000))
  const inStock = variants.some((variant) => variant.inStock) ? 1 : 0
  return (priceStep(priceAmount) << STEP_SHIFT) | (stars << STARS_SHIFT) | inStock
}

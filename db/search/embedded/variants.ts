import type { FacetTerm, SearchDocument } from '../index.ts'
import { larger } from './lexicon.ts'
import { checkCount, createDictionary, createLayouts } from './layouts.ts'
import { createLists } from './lists.ts'
import { VARIANTS_A_WORD } from './segment.ts'

type Variants = SearchDocument['variants']
/** The (colour, size) that variants have, each once, and the place there of each variant. */
type Arranged = { colours: number[]; sizes: number[]; order: number[] }

export type VariantLists = ReturnType<typeof createVariantLists>

/** What variants the products of many segments have, whatever is in stock of them: each list is arranged once. */
export function createVariantLists() {
  const colours = createDictionary<FacetTerm>(({ value }) => value)
  const sizes = createDictionary<string>((size) => size)
  const lists = createLists()
  const arranged: Arranged[] = []
  let pairs = new Uint32Array(128)

  /** In an order that depends on names alone, so that like products share a layout. */
  function arrange(variants: Variants): Arranged {
    const keys = variants.map(({ colour, size }) => `${colour.value}\n${size}`)
    const sorted = [...new Set(keys)].toSorted()
    const inOrder = sorted.map((key) => keys.indexOf(key))
    return {
      colours: inOrder.map((i) => pairs[2 * i]!),
      sizes: inOrder.map((i) => pairs[2 * i + 1]!),
      order: keys.map((key) => sorted.indexOf(key)),
    }
  }

  return {
    /** The number of their list; `pairs()` has each one's colour and size until the next are read. */
    read(variants: Variants): number {
      const length = 2 * variants.length
      if (length > pairs.length) pairs = new Uint32Array(2 * length)
      for (let i = 0; i < variants.length; i++) {
        pairs[2 * i] = colours.place(variants[i]!.colour)
        pairs[2 * i + 1] = sizes.place(variants[i]!.size)
      }
      const list = lists.place(pairs, 0, length)
      if (list === arranged.length) arranged.push(arrange(variants))
      return list
    },
    pairs: () => pairs,
    arranged: (list: number) => arranged[list]!,
    lists: lists.count,
    colours: colours.terms,
    sizes: sizes.terms,
  }
}

/** The layouts and the stock of a segment's documents. */
export function createVariants(known: VariantLists) {
  const colours = createOwnPlaces(known.colours)
  const sizes = createOwnPlaces(known.sizes)
  const layouts = createLayouts()
  const moreStock: number[] = []
  /** Of each list its layout plus one; 0 where the segment has none of it yet. */
  let layoutOf = new Uint32Array(1024)

  function addLayout({ colours: ofColour, sizes: ofSize }: Arranged, variants: number): number {
    const pairs = known.pairs()
    for (let i = 0; i < variants; i++) {
      colours.place(pairs[2 * i]!)
      sizes.place(pairs[2 * i + 1]!)
    }
    return layouts.place(ofColour.map(colours.place), ofSize.map(sizes.place)) + 1
  }

  return {
    add(variants: Variants): { layout: number; stock: number; colours: number; sizes: number } {
      const list = known.read(variants)
      const arranged = known.arranged(list)
      const { order } = arranged
      if (list >= layoutOf.length) layoutOf = larger(layoutOf, new Uint32Array(2 * list))
      const layout = (layoutOf[list] ||= addLayout(arranged, variants.length)) - 1
      const sets = layouts.setsOf(layout)
      if (arranged.colours.length <= VARIANTS_A_WORD) {
        let stock = 0
        for (let i = 0; i < variants.length; i++) if (variants[i]!.inStock) stock |= 1 << order[i]!
        return { layout, stock, ...sets }
      }
      const words = new Uint32Array(Math.ceil(arranged.colours.length / VARIANTS_A_WORD))
      for (const [i, { inStock }] of variants.entries()) if (inStock) words[order[i]! >> 5]! |= 1 << (order[i]! & 31)
      moreStock.push(...words)
      return { layout, stock: moreStock.length - words.length, ...sets }
    },
    end() {
      const [ofColour, ofSize] = [colours.end(), sizes.end()]
      checkCount(ofColour, 'colours')
      checkCount(ofSize, 'sizes')
      return { colours: ofColour, sizes: ofSize, moreStock: Uint32Array.from(moreStock), ...layouts.end() }
    },
  }
}

/** Places of a segment for what many segments have, in the order in which it first comes. */
function createOwnPlaces<T>(terms: readonly T[]) {
  const places: number[] = []
  const own: number[] = []
  return {
    place: (known: number): number => (places[known] ??= own.push(known) - 1),
    end: (): T[] => own.map((known) => terms[known]!),
  }
}

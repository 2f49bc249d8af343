import type { FacetTerm } from '../index.ts'
import { createDictionary } from './layouts.ts'
import { findTerm, type Segment, termText } from './segment.ts'

/** Where the values and terms of one segment are among those of all; `term` is absent where they are the same. */
export type Places = {
  brand: Uint32Array
  category: Uint32Array
  colour: Uint32Array
  size: Uint32Array
  term: Uint32Array | undefined
}

/** The values and terms of all segments, each with one place. Terms of `base` keep theirs. */
export function createTermSpace(base: Segment | undefined) {
  const brands = createDictionary<FacetTerm>(({ value }) => value)
  const categories = createDictionary<FacetTerm>(({ value }) => value)
  const colours = createDictionary<FacetTerm>(({ value }) => value)
  const sizes = createDictionary<FacetTerm>(({ value }) => value)
  const others = createDictionary<string>((text) => text)
  const inBase = base?.terms ?? 0

  function termPlace(text: string): number {
    const place = base ? findTerm(base, text) : -1
    return place >= 0 ? place : inBase + others.place(text)
  }

  return {
    values: { brand: brands.terms, category: categories.terms, colour: colours.terms, size: sizes.terms },
    termCount: () => inBase + others.terms.length,
    /** What `segment` says of its values holds from now on. */
    places(segment: Segment): Places {
      const { meta } = segment
      return {
        brand: Uint32Array.from(meta.brands, brands.place),
        category: Uint32Array.from(meta.categories, categories.place),
        colour: Uint32Array.from(meta.colours, colours.place),
        size: Uint32Array.from(meta.sizes, (size) => sizes.place({ value: size, label: size })),
        term:
          segment === base
            ? undefined
            : Uint32Array.from({ length: segment.terms }, (_, term) => termPlace(termText(segment, term))),
      }
    },
  }
}

export type TermSpace = ReturnType<typeof createTermSpace>

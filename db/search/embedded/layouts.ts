import { createLists } from './lists.ts'
import { VARIANTS_A_WORD } from './segment.ts'

const MOST_VALUES = 65_536

/** Gathers layouts, each once. Colours and sizes are places in the segment's own lists. */
export function createLayouts() {
  /** Of each its colours, then its sizes. */
  const layouts = createLists()
  const start = [0]
  const mask = [0]
  const variantColours: number[] = []
  const variantSizes: number[] = []
  const layoutColours: number[] = []
  const layoutSizes: number[] = []
  const colourSets = createSets()
  const sizeSets = createSets()
  return {
    place(colours: readonly number[], sizes: readonly number[]): number {
      const layout = layouts.place(colours.concat(sizes))
      if (layout < start.length - 1) return layout
      for (const colour of colours) variantColours.push(colour)
      for (const size of sizes) variantSizes.push(size)
      layoutColours.push(colourSets.place(colours))
      layoutSizes.push(sizeSets.place(sizes))
      start.push(variantColours.length)
      mask.push(mask.at(-1)! + Math.ceil(colours.length / VARIANTS_A_WORD))
      return layout
    },
    /** The sets of a layout's colours and sizes. */
    setsOf: (layout: number) => ({ colours: layoutColours[layout]!, sizes: layoutSizes[layout]! }),
    end() {
      const [colours, sizes] = [colourSets.end(), sizeSets.end()]
      return {
        layoutStart: Uint32Array.from(start),
        layoutMask: Uint32Array.from(mask),
        variantColour: Uint16Array.from(variantColours),
        variantSize: Uint16Array.from(variantSizes),
        colourSetStart: colours.start,
        colourSet: colours.values,
        sizeSetStart: sizes.start,
        sizeSet: sizes.values,
      }
    },
  }
}

/** Gathers sets of values, each once. */
function createSets() {
  const sets = createLists()
  return {
    place(values: readonly number[]): number {
      return sets.place(values.filter((value, i) => values.indexOf(value) === i).toSorted((a, b) => a - b))
    },
    end: () => ({ start: sets.starts(), values: Uint16Array.from(sets.values()) }),
  }
}

/** Gathers values by name, each once; what is said of one last holds. */
export function createDictionary<T>(key: (term: T) => string) {
  const places = new Map<string, number>()
  const terms: T[] = []
  // Often the same comes again at once.
  let [lastName, last] = ['', -1]
  return {
    terms,
    place(term: T): number {
      const name = key(term)
      if (last < 0 || name !== lastName) {
        lastName = name
        last = places.get(name) ?? terms.length
        if (last === terms.length) places.set(name, last)
      }
      terms[last] = term
      return last
    },
  }
}

/** Colours and sizes are kept in 16 bits. */
export function checkCount(values: readonly unknown[], what: string): void {
  if (values.length > MOST_VALUES)
    throw new Error(`More than ${MOST_VALUES} ${what} are more than this index is made for`)
}

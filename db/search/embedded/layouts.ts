import { VARIANTS_A_WORD } from './segment.ts'

const MOST_VALUES = 65_536

/** Gathers layouts, each once. Colours and sizes are places in the segment's own lists. */
export function createLayouts() {
  const places = new Map<string, number>()
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
      const key = `${colours.join()};${sizes.join()}`
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, places.size)
      for (const colour of colours) variantColours.push(colour)
      for (const size of sizes) variantSizes.push(size)
      layoutColours.push(colourSets.place(colours))
      layoutSizes.push(sizeSets.place(sizes))
      start.push(variantColours.length)
      mask.push(mask.at(-1)! + Math.ceil(colours.length / VARIANTS_A_WORD))
      return places.size - 1
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
  const places = new Map<string, number>()
  const start = [0]
  const all: number[] = []
  return {
    place(values: readonly number[]): number {
      const set = [...new Set(values)].toSorted((a, b) => a - b)
      const key = set.join()
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, places.size)
      for (const value of set) all.push(value)
      start.push(all.length)
      return places.size - 1
    },
    end: () => ({ start: Uint32Array.from(start), values: Uint16Array.from(all) }),
  }
}

/** Gathers values by name, each once; what is said of one last holds. */
export function createDictionary<T>(key: (term: T) => string) {
  const places = new Map<string, number>()
  const terms: T[] = []
  return {
    terms,
    place(term: T): number {
      const name = key(term)
      const known = places.get(name)
      if (known !== undefined) {
        terms[known] = term
        return known
      }
      places.set(name, terms.length)
      terms.push(term)
      return terms.length - 1
    },
  }
}

/** Colours and sizes are kept in 16 bits. */
export function checkCount(values: readonly unknown[], what: string): void {
  if (values.length > MOST_VALUES)
    throw new Error(`More than ${MOST_VALUES} ${what} are more than this index is made for`)
}

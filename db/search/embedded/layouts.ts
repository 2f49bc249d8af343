import { VARIANTS_A_WORD } from './segment.ts'

/** Gathers layouts, each once. Colours and sizes are places in the segment's own lists. */
export function createLayouts() {
  const places = new Map<string, number>()
  const start = [0]
  const mask = [0]
  const colours: number[] = []
  const sizes: number[] = []
  return {
    place(variantColours: readonly number[], variantSizes: readonly number[]): number {
      const key = `${variantColours.join()};${variantSizes.join()}`
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, places.size)
      colours.push(...variantColours)
      sizes.push(...variantSizes)
      start.push(colours.length)
      mask.push(mask.at(-1)! + Math.ceil(variantColours.length / VARIANTS_A_WORD))
      return places.size - 1
    },
    end: () => ({
      layoutStart: Uint32Array.from(start),
      layoutMask: Uint32Array.from(mask),
      variantColour: Uint16Array.from(colours),
      variantSize: Uint16Array.from(sizes),
    }),
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

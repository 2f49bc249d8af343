import type { SearchFilter } from '../index.ts'
import {
  colourSets,
  type SetColumn,
  sizeSets,
  stockedColourSets,
  stockedSizeSets,
  stockWord,
  type ValueSets,
} from './facet-columns.ts'
import { type Documents, FAILS, flags, markClosed, named } from './marking.ts'
import type { Scratch } from './scratch.ts'
import { keep, keepLately, type Segment } from './segment.ts'

/** What of the colours (or the sizes) a filter lets through. */
export type ValueTest = {
  /** What is looked at: all of a document's values, or those in stock where the filter asks for that. */
  of: SetColumn
  /** 1 for each set that has a wanted value; undefined when all are wanted. */
  open: Uint8Array | undefined
  /** The variants that it lets through, word by word of `layoutMask`. */
  masks: Uint32Array
}
export type VariantTest = { inStock: boolean; colours: ValueTest; sizes: ValueTest }

/** What the filter asks of variants; undefined where it asks nothing. */
export function testVariants(
  segment: Segment,
  { colours, sizes, inStock = false }: SearchFilter,
  scratch: Scratch,
): VariantTest | undefined {
  if (colours === undefined && sizes === undefined && !inStock) return undefined
  const { meta } = segment
  const wantedColours = named(colours)
  const wantedSizes = named(sizes)
  return {
    inStock,
    colours: testValues(segment, {
      of: (inStock ? stockedColourSets : colourSets)(segment),
      wanted: wantedColours && flags(meta.colours, ({ value }) => wantedColours.has(value)),
      what: 'variantColour',
      scratch,
    }),
    sizes: testValues(segment, {
      of: (inStock ? stockedSizeSets : sizeSets)(segment),
      wanted: wantedSizes && flags(meta.sizes, (size) => wantedSizes.has(size)),
      what: 'variantSize',
      scratch,
    }),
  }
}

type Values = { of: SetColumn; wanted: Uint8Array | undefined; what: 'variantColour' | 'variantSize'; scratch: Scratch }

const testValues = (segment: Segment, { of, wanted, ...rest }: Values): ValueTest => ({
  of,
  open: wanted && flagSets(of.sets, wanted),
  masks: masksOf(segment, wanted, rest),
})

/** 1 for each set that has a wanted value. */
function flagSets({ start, values }: ValueSets, wanted: Uint8Array): Uint8Array {
  const found = new Uint8Array(start.length - 1)
  for (let set = 0; set < found.length; set++)
    for (let i = start[set]!; i < start[set + 1]!; i++) found[set]! |= wanted[values[i]!]!
  return found
}

/** Of one value they are kept; of several they are put together. */
function masksOf(
  segment: Segment,
  wanted: Uint8Array | undefined,
  { what, scratch }: Pick<Values, 'what' | 'scratch'>,
): Uint32Array {
  if (!wanted) return keep(segment, 'masks of all', () => readMasks(segment, () => true))
  const valueOf = segment[what]
  const kept = [...wanted.keys()]
    .filter((value) => wanted[value] === 1)
    .map((value) =>
      keepLately(segment, `masks of ${what} ${value}`, () => readMasks(segment, (v) => valueOf[v] === value)),
    )
  if (kept.length === 1) return kept[0]!
  const masks = scratch.counters(segment.layoutMask.at(-1)!)
  for (const own of kept) for (let word = 0; word < masks.length; word++) masks[word]! |= own[word]!
  return masks
}

function readMasks({ layoutStart, layoutMask }: Segment, isIn: (variant: number) => boolean): Uint32Array {
  const words = new Uint32Array(layoutMask.at(-1)!)
  for (let layout = 0; layout < layoutMask.length - 1; layout++) {
    const [from, to, at] = [layoutStart[layout]!, layoutStart[layout + 1]!, layoutMask[layout]!]
    for (let v = from; v < to; v++) if (isIn(v)) words[at + ((v - from) >> 5)]! |= 1 << ((v - from) & 31)
  }
  return words
}

/** Marks what has no variant that every filter of variants lets through. */
export function markWithoutVariant(segment: Segment, test: VariantTest, matches: Documents, fails: Uint8Array): void {
  const { inStock, colours, sizes } = test
  const bit = FAILS.variant
  if (colours.open) markClosed(matches, colours.of.column, colours.open, { fails, bit })
  if (sizes.open) markClosed(matches, sizes.of.column, sizes.open, { fails, bit })
  if (colours.open && sizes.open) markUnpaired(segment, test, matches, fails)
  if (!inStock || colours.open || sizes.open) return
  const { traits } = segment
  const { documents, count } = matches
  for (let i = 0; i < count; i++) fails[i]! |= (1 - (traits[documents[i]!]! & 1)) * bit
}

/** Marks what has a wanted colour and a wanted size, but not of one and the same variant. */
function markUnpaired(
  segment: Segment,
  { inStock, colours, sizes }: VariantTest,
  { documents, count }: Documents,
  fails: Uint8Array,
): void {
  const { layoutMask, layoutStock } = segment
  const bit = FAILS.variant
  const [colourWords, sizeWords] = [colours.masks, sizes.masks]
  for (let i = 0; i < count; i++) {
    const failed = fails[i]!
    // Where it fails two already, no facet asks for a third.
    if ((failed & bit) !== 0 || (failed & (failed - 1)) !== 0) continue
    const document = documents[i]!
    const layout = layoutStock[2 * document]!
    const from = layoutMask[layout]!
    let found = 0
    for (let word = 0; word < layoutMask[layout + 1]! - from; word++)
      found |= colourWords[from + word]! & sizeWords[from + word]! & (inStock ? stockWord(segment, document, word) : -1)
    if (found === 0) fails[i] = failed | bit
  }
}

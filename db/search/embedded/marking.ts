import type { Column } from './columns.ts'
import type { Matches } from './scratch.ts'

export type Documents = Pick<Matches, 'documents' | 'count'>

/** A bit for each filter that a document fails; `HARD` for what no facet may count. */
export const FAILS = { category: 1, brand: 2, price: 4, rating: 8, variant: 16, hard: 32 } as const

export const named = (values: readonly string[] | undefined) => values && new Set(values)

/** 1 for each that passes. */
export function flags<T>(terms: readonly T[], test: (term: T) => boolean): Uint8Array {
  const found = new Uint8Array(terms.length)
  for (let i = 0; i < terms.length; i++) if (test(terms[i]!)) found[i] = 1
  return found
}

/** Marks the matches by what stands for their value in the column. */
export function mark({ documents, count }: Documents, column: Column, bits: Uint8Array, fails: Uint8Array): void {
  for (let i = 0; i < count; i++) fails[i]! |= bits[column[documents[i]!]!]!
}

/** Marks the matches whose value in the column is not open. */
export function markClosed(
  matches: Documents,
  column: Column,
  open: Uint8Array,
  { fails, bit }: { fails: Uint8Array; bit: number },
): void {
  const bits = new Uint8Array(open.length)
  for (let value = 0; value < open.length; value++) if (open[value] === 0) bits[value] = bit
  mark(matches, column, bits, fails)
}

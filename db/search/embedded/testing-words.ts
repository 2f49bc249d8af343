import type { SearchDocument } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { SLIP } from './correcting.ts'
import { WHOLE } from './slots.ts'
import type { Part, Word } from './parse.ts'
import { type Candidate, likeliest, likeliestSplit, type Worth } from './plausible.ts'
import { distance, mostEdits } from './spelling.ts'
import { FIELDS, impactOf, occurrence, rarity } from './weights.ts'

export type Read = {
  document: SearchDocument
  impacts: Map<string, number>
  /** Written forms, each with its term. */
  words: Map<string, string>
  /** Of the short fields, in order. */
  fields: string[][]
}

export const analyzer = createAnalyzer()
const unitsOf = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i))

export function read(document: SearchDocument): Read {
  const sums = new Map<string, number>()
  const words = new Map<string, string>()
  const fields: string[][] = []
  for (const [field, name] of FIELDS.entries()) {
    const tokens = analyzer.tokens(document.texts[name])
    const plain = tokens.filter(({ parts }) => parts === 0)
    for (const { word, term, stop } of tokens) {
      if (stop && name !== 'brand') continue
      words.set(word, term)
      sums.set(term, (sums.get(term) ?? 0) + occurrence(field, plain.length))
    }
    if (name !== 'description') fields.push(plain.filter(({ stop }) => !stop).map(({ term }) => term))
  }
  return { document, words, fields, impacts: new Map([...sums].map(([term, sum]) => [term, impactOf(sum)])) }
}

/** The words of the products as they are now, weighed by what they were at the last `rebase`. */
export function createWords() {
  let forms = new Map<string, string>()
  let base: Read[] = []
  let baseForms = new Map<string, string>()
  const having = (term: string) => base.filter(({ impacts }) => impacts.has(term)).length
  return {
    /** Written forms with their terms. */
    forms: () => forms,
    having,
    /** How many have the most frequent word that begins so. */
    mostBegun(word: string): number {
      const terms = new Set<string>()
      for (const [form, term] of baseForms) if (form.startsWith(word)) terms.add(term)
      return Math.max(0, ...Array.from(terms, having))
    },
    weighed: () => base.length,
    termInBase: (form: string) => baseForms.get(form),
    /** Of the word to all that have it, and to those that have the others, too. */
    worth(term: string, others: readonly string[]): Worth {
      const sum = (list: Read[]) => list.reduce((total, { impacts }) => total + (impacts.get(term) ?? 0), 0) / 255
      return { whole: sum(base), together: sum(base.filter(({ impacts }) => others.every((one) => impacts.has(one)))) }
    },
    read(products: Iterable<Read>): void {
      forms = new Map()
      for (const { words } of products) for (const [form, term] of words) forms.set(form, term)
    },
    rebase(products: Iterable<Read>): void {
      base = [...products]
      baseForms = forms
    },
  }
}

export type Words = ReturnType<typeof createWords>

/** The terms that a word may be met by, and what each is worth. */
export function weigh({ word, term, prefix }: Word, words: Words): Map<string, number> {
  const weights = new Map<string, number>()
  const half = prefix ? Math.max(1, rarity(words.weighed(), words.mostBegun(word)) >> 1) : 0
  if (prefix) for (const [form, longer] of words.forms()) if (form.startsWith(word)) weights.set(longer, half)
  return weights.set(term, rarity(words.weighed(), words.having(term)))
}

export function scoreOf(
  { ways }: Part,
  weights: ReadonlyMap<Word, Map<string, number>>,
  { impacts, fields }: Read,
): number {
  const scores = ways.map(({ words, phrase, weight }) => {
    const each = words.map((word) =>
      Math.max(0, ...[...weights.get(word)!].map(([term, worth]) => worth * (impacts.get(term) ?? 0))),
    )
    if (each.includes(0)) return 0
    const terms = words.map(({ term }) => term)
    const stands = fields.some((field) => field.some((_, i) => terms.every((term, k) => field[i + k] === term)))
    if (phrase && !stands) return 0
    const sum = each.reduce((a, b) => a + b, 0)
    return weight === WHOLE ? sum : Math.max(1, Math.round((sum * weight) / WHOLE))
  })
  return Math.max(0, ...scores)
}

/** The likeliest of the words that are near. */
function nearest(typed: string, most: number, others: ReadonlySet<string>, words: Words): Candidate | undefined {
  const found: Candidate[] = []
  for (const [word, term] of words.forms()) {
    const edits = distance(unitsOf(typed), unitsOf(word), 9)
    if (edits <= most && !others.has(term)) found.push({ word, term, edits, count: words.having(term) })
  }
  return likeliest(typed, found, ({ term }) => words.worth(term, knownOf(others, words)))
}

const knownOf = (others: ReadonlySet<string>, words: Words) => [...others].filter((other) => words.having(other) > 0)

/** `typed` are the terms of the whole query. */
export function correct(
  plain: Word,
  typed: ReadonlySet<string>,
  words: Words,
  products: Iterable<Read>,
): string | undefined {
  const { word, term, prefix } = plain
  const list = [...words.forms()]
  const most = mostEdits(word)
  if (list.some(([, other]) => other === term))
    return prefix || most === 0 ? undefined : correctStray(plain, typed, words, products)
  if (!prefix || !list.some(([form]) => form.startsWith(word))) {
    const near = nearest(word, most, typed, words)
    const split = likeliestSplit(word, words.termInBase, (a, b) => words.worth(a, [b]).together)
    return near?.edits === 1 ? near.word : (split ?? near?.word)
  }
  const begun = words.mostBegun(word)
  const near = nearest(word, Math.min(1, most), typed, words)
  const rare = word.length >= SLIP.letters && begun * SLIP.rare < words.weighed()
  return rare && near && near.count > SLIP.times * Math.max(1, begun) ? near.word : undefined
}

/** A rare word that is in no product with the others, when a much more frequent one is. */
function correctStray(
  { word, term }: Word,
  typed: ReadonlySet<string>,
  words: Words,
  products: Iterable<Read>,
): string | undefined {
  const others = knownOf(typed, words).filter((other) => other !== term)
  if (word.length < SLIP.letters || others.length === 0) return undefined
  for (const { impacts } of products) if ([term, ...others].every((one) => impacts.has(one))) return undefined
  const near = nearest(word, 1, typed, words)
  const isFrequent = near && near.count > SLIP.times * Math.max(1, words.having(term))
  return isFrequent && words.worth(near.term, others).together > 0 ? near.word : undefined
}

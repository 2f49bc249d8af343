import type { SearchSynonym } from '../index.ts'
import type { Analyzer, Token } from '../words.ts'
import { WHOLE } from './slots.ts'

/** One word of a query. With `prefix` it may be the beginning of one. */
export type Word = { word: string; term: string; prefix: boolean }
/** What was typed at `start` to `end`, and the ways in which it may be met: the first as it was typed. */
export type Part = {
  ways: { words: Word[]; phrase: boolean; weight: number }[]
  start: number
  end: number
  /** Given when it is one plain word, which may have been mistyped. */
  plain: Word | undefined
}

/** A way that stands for another scores three quarters of it. */
const SYNONYM = 3

export type Synonyms = {
  find(items: readonly { term: string }[], at: number): { length: number; ways: Word[][] } | undefined
}

export function readSynonyms(synonyms: readonly SearchSynonym[], analyzer: Analyzer): Synonyms {
  const rules = new Map<string, { terms: string[]; ways: Word[][] }[]>()
  const wordsOf = (text: string) =>
    itemsOf(analyzer.tokens(text)).map(({ word, term }) => ({ word, term, prefix: false }))
  for (const synonym of synonyms) {
    const pairs =
      'words' in synonym
        ? synonym.words.map((from) => ({ from, to: synonym.words.filter((other) => other !== from) }))
        : [synonym]
    for (const { from, to } of pairs) {
      const terms = wordsOf(from).map(({ term }) => term)
      const [first] = terms
      if (first === undefined) continue
      const known = rules.get(first) ?? []
      rules.set(first, known)
      const ways = to.map(wordsOf).filter((way) => way.length > 0)
      const same = known.find((rule) => rule.terms.join(' ') === terms.join(' '))
      if (same) same.ways.push(...ways)
      else known.push({ terms, ways })
    }
  }
  for (const list of rules.values()) list.sort((a, b) => b.terms.length - a.terms.length)
  return {
    find(items, at) {
      const rule = rules
        .get(items[at]?.term ?? '')
        ?.find(({ terms }) => terms.every((term, k) => items[at + k]?.term === term))
      return rule && { length: rule.terms.length, ways: rule.ways }
    },
  }
}

type Item = Token & { of: Token[] }

/** Compounds as one, their parts within. */
function itemsOf(tokens: readonly Token[]): Item[] {
  const items: Item[] = []
  for (let i = 0; i < tokens.length; i += 1 + tokens[i]!.parts)
    items.push({ ...tokens[i]!, of: tokens.slice(i + 1, i + 1 + tokens[i]!.parts) })
  return items
}

const QUOTED = /["“”„]([^"“”„]*)["“”„]/g

/** The parts of a query, all of which are sought; none where it has no word. */
export function parseQuery(text: string, analyzer: Analyzer, synonyms: Synonyms): Part[] {
  const phrases = [...text.matchAll(QUOTED)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    tokens: analyzer.tokens(match[1] ?? '').filter(({ parts }) => parts === 0),
  }))
  const rest = text.replace(QUOTED, (quoted) => ' '.repeat(quoted.length))
  const all = itemsOf(analyzer.tokens(rest))
  const telling = all.filter(({ stop }) => !stop)
  const items = telling.length + phrases.length > 0 ? telling : all
  const parts = phrases.flatMap((phrase) => phrasePart(phrase))
  for (let i = 0; i < items.length;) {
    const synonym = synonyms.find(items, i)
    const taken = items.slice(i, i + (synonym?.length ?? 1))
    i += taken.length
    parts.push(partOf(taken, synonym?.ways ?? [], text))
  }
  return parts.toSorted((a, b) => a.start - b.start)
}

function phrasePart({ tokens, start, end }: { tokens: Token[]; start: number; end: number }): Part[] {
  const telling = tokens.filter(({ stop }) => !stop)
  const words = (telling.length > 0 ? telling : tokens).map(({ word, term }) => ({ word, term, prefix: false }))
  if (words.length === 0) return []
  return [{ ways: [{ words, phrase: words.length > 1, weight: WHOLE }], start, end, plain: undefined }]
}

function partOf(taken: readonly Item[], others: readonly Word[][], text: string): Part {
  const word = (token: Token): Word => ({ word: token.word, term: token.term, prefix: token.end === text.length })
  const typed = taken.map(word)
  const ways = [{ words: typed, phrase: false, weight: WHOLE }]
  if (taken.some(({ of }) => of.length > 0))
    ways.push({
      words: taken.flatMap((item) => (item.of.length > 0 ? item.of : [item]).map(word)),
      phrase: false,
      weight: WHOLE,
    })
  for (const words of others) ways.push({ words, phrase: false, weight: SYNONYM })
  const plain = ways.length === 1 && typed.length === 1 ? typed[0] : undefined
  return { ways, start: taken[0]!.start, end: taken.at(-1)!.end, plain }
}

import { findWords, postingCount, wordText } from './segment.ts'
import { search, type View } from './searching.ts'

/** Words that are tried, the most frequent first, where others stand before them. */
const TRIED = 24

/** The last word's likely ends, each as a whole text that something has. */
export function completeText(view: View, text: string, limit: number): string[] {
  const tokens = view.analyzer.tokens(text).filter(({ parts }) => parts === 0)
  const last = tokens.at(-1)
  if (!last || last.end !== text.length || limit <= 0) return []
  const counts = new Map<string, { word: string; having: number; written: number }>()
  for (const { segment } of view.sources) {
    const [from, to] = findWords(segment, last.word)
    for (let i = from; i < to; i++) {
      const term = segment.wordTerm[i]!
      const key = segment.termRank[term]! >= 0 ? `${wordText(segment, i)}` : ''
      const known = counts.get(key)
      const having = postingCount(segment, term)
      if (known) {
        known.having += having
        known.written += segment.wordCount[i]!
      } else counts.set(key, { word: key, having, written: segment.wordCount[i]! })
    }
  }
  const likely = [...counts.values()]
    .toSorted((a, b) => b.written - a.written || (a.word < b.word ? -1 : 1))
    .slice(0, TRIED)
  const before = text.slice(0, last.start)
  const found = likely.map(({ word }) => {
    const whole = before + word
    return { whole, total: search(view, { text: `${whole} `, limit: 0, exactly: true }).total }
  })
  return found
    .filter(({ total }) => total > 0)
    .toSorted((a, b) => b.total - a.total || (a.whole < b.whole ? -1 : 1))
    .slice(0, limit)
    .map(({ whole }) => whole)
}

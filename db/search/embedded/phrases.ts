import type { Matches } from './scratch.ts'
import { findTerm, type Segment } from './segment.ts'

/** Keeps the documents in which the terms stand one right after the other in one field. */
export function keepPhrase(segment: Segment, found: Matches, phrase: readonly string[]): void {
  const wanted = phrase.map((text) => segment.termRank[findTerm(segment, text)]! + 1)
  let kept = 0
  for (let i = 0; i < found.count; i++) {
    if (!hasPhrase(segment, found.documents[i]!, wanted)) continue
    found.documents[kept] = found.documents[i]!
    found.scores[kept++] = found.scores[i]!
  }
  found.count = kept
}

function hasPhrase({ phrases, phraseStart }: Segment, document: number, wanted: readonly number[]): boolean {
  const ranks: number[] = []
  let value = 0
  let shift = 0
  for (let at = phraseStart[document]!; at < phraseStart[document + 1]!; at++) {
    value |= (phrases[at]! & 127) << shift
    shift += 7
    if (phrases[at]! > 127) continue
    ranks.push(value)
    value = 0
    shift = 0
  }
  return ranks.some((_, start) => wanted.every((rank, k) => ranks[start + k] === rank))
}

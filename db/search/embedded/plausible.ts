/** A word that may have been meant: so many edits from what was typed, in so many documents. */
export type Candidate = { word: string; term: string; edits: number; count: number }
/** What a word is worth to documents, all together, and to those that have the other words of the query. */
export type Worth = { whole: number; together: number }

/** Candidates that are looked at closely, the most frequent. */
const LOOKED_AT = 12
/** What is never found with the other words is worth a hundredth. */
const APART = 0.01
/**
 * Natural logarithms of how much likelier a slip is than a wrong letter, of which there are 25: a letter is left out, or
 * changes places with the next, in one way only; a wrong one is often a neighbour on the keyboard or another vowel, one
 * too many a neighbour or the same again. The first letter is wrong half as often as others (Pollock, Zamora: Automatic
 * spelling correction in scientific and scholarly text).
 */
const LIKELY = { leftOut: 3, halved: 3.5, swapped: 3, wrong: 0, near: 1.5, tooMany: 0, again: 2.5, start: -0.7 }

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const VOWELS = 'aeiouy'

/** On a keyboard where most type. */
function areNeighbours(a: string, b: string): boolean {
  if (a === '' || b === '') return false
  const [rowA, rowB] = [a, b].map((letter) => ROWS.findIndex((row) => row.includes(letter))) as [number, number]
  if (rowA < 0 || rowB < 0 || Math.abs(rowA - rowB) > 1) return false
  // Each row is half a key to the right of the one above.
  const apart = ROWS[rowA]!.indexOf(a) + rowA / 2 - ROWS[rowB]!.indexOf(b) - rowB / 2
  return Math.abs(apart) <= 1
}

/** How likely one makes the one slip that leads from `word` to `typed`. */
function slipOf(typed: string, word: string): number {
  let at = 0
  while (at < word.length && word[at] === typed[at]) at++
  const [wrong, right, before] = [typed[at] ?? '', word[at] ?? '', word[at - 1] ?? '']
  if (typed.length < word.length) return right === before ? LIKELY.halved : LIKELY.leftOut
  if (typed.length > word.length) {
    if (wrong === before) return LIKELY.again
    return areNeighbours(wrong, before) || areNeighbours(wrong, right) ? LIKELY.near : LIKELY.tooMany
  }
  if (typed[at + 1] === right && word[at + 1] === wrong) return LIKELY.swapped
  const isNear = areNeighbours(wrong, right) || (VOWELS.includes(wrong) && VOWELS.includes(right))
  return isNear ? LIKELY.near : LIKELY.wrong
}

/**
 * The likeliest of the candidates with the fewest edits: how likely the slip is times how likely the word is sought, which
 * is how much the products are about it, above all those with the query's other words (Kernighan, Church, Gale: a spelling
 * correction program based on a noisy channel model). Of equals the more frequent, then the alphabet's first.
 */
export function likeliest<T extends Candidate>(
  typed: string,
  candidates: readonly T[],
  worthOf: (candidate: T) => Worth,
): T | undefined {
  const fewest = Math.min(...candidates.map(({ edits }) => edits))
  const near = candidates
    .filter(({ edits }) => edits === fewest)
    .map((candidate) => {
      const start = candidate.word[0] === typed[0] ? 0 : LIKELY.start
      return { candidate, slip: start + (fewest === 1 ? slipOf(typed, candidate.word) : 0) }
    })
  const ranked = (list: { candidate: T; score: number }[]) =>
    list.toSorted(
      (a, b) =>
        b.score - a.score || b.candidate.count - a.candidate.count || (a.candidate.word < b.candidate.word ? -1 : 1),
    )
  const looked = ranked(
    near.map(({ candidate, slip }) => ({ candidate, slip, score: slip + Math.log(1 + candidate.count) })),
  ).slice(0, LOOKED_AT)
  if (looked.length <= 1) return looked[0]?.candidate
  const slips = new Map(near.map(({ candidate, slip }) => [candidate, slip]))
  return ranked(
    looked.map(({ candidate }) => {
      const { whole, together } = worthOf(candidate)
      return { candidate, score: (slips.get(candidate) ?? 0) + Math.log(1 + together + APART * whole) }
    }),
  )[0]?.candidate
}

/** Letters that each half of a word has at least. */
const HALF = 3

/** `word` as two known ones, of those that are found together the two that are most so; `termOf` knows written words. */
export function likeliestSplit(
  word: string,
  termOf: (half: string) => string | undefined,
  togetherOf: (first: string, second: string) => number,
): string | undefined {
  let [best, most]: [string | undefined, number] = [undefined, 0]
  for (let at = HALF; at <= word.length - HALF; at++) {
    const [first, second] = [termOf(word.slice(0, at)), termOf(word.slice(at))]
    if (first === undefined || second === undefined || first === second) continue
    const together = togetherOf(first, second)
    if (together > most) [best, most] = [`${word.slice(0, at)} ${word.slice(at)}`, together]
  }
  return best
}

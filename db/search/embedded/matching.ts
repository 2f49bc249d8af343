import { addScores, type Frequent, frequentOf, intersectMarks } from './frequent.ts'
import { isWorthLookingUp, keepHavingAny } from './keeping.ts'
import { keepPhrase } from './phrases.ts'
import type { Matches, Scratch, Tally } from './scratch.ts'
import { countMarks, isMarked } from './marked.ts'
import { CHUNK_BITS, postingCount, type Segment } from './segment.ts'
import { type Entry, type Slot, type TermUnion, type Way, WHOLE, type WordMatch } from './slots.ts'

/** Documents that have every slot, and the sum of what each slot is worth to them. */
export function matchAll(segment: Segment, slots: readonly Slot[], scratch: Scratch): Matches {
  const sized = slots.map((slot) => ({ slot, size: slotSize(segment, slot) })).toSorted((a, b) => a.size - b.size)
  if (sized.length === 0 || sized[0]!.size === 0) return scratch.matches(0)
  const frequent: Frequent[] = []
  const others: typeof sized = []
  for (const one of sized) {
    const marked = frequentOf(segment, one.slot, scratch)
    if (marked) frequent.push(marked)
    else others.push(one)
  }
  if (others.length === 0 && frequent.length === 1) return lazily(segment, frequent[0]!, scratch)
  const [rarest, ...larger] = others
  const startsRare =
    rarest !== undefined && (frequent.length < 2 || isPlain(rarest.slot)) && rarest.size <= sized[0]!.size
  const found = startsRare
    ? matchAmong(segment, rarest.slot, frequent, scratch)
    : matchFrequent(segment, frequent, scratch)
  for (const { slot } of startsRare ? larger : others) {
    if (found.count === 0) break
    const entries = plainEntries(slot)
    if (entries && isWorthLookingUp(segment, found, entries)) keepHavingAny(segment, found, entries, scratch)
    else keepTallied(found, tallySlot(segment, slot, scratch))
  }
  return found
}

const isPlain = (slot: Slot) => plainEntries(slot)?.length === 1

/**
 * What has one frequent slot, with a name: it is only put together when that does not tell all that is asked of it. Nobody may
 * shorten it, as is done with what has one of several slots.
 */
function lazily(segment: Segment, frequent: Frequent, scratch: Scratch): Matches {
  const { marks, entry, ways } = frequent
  let made: Matches | undefined
  const make = () =>
    (made ??= entry ? readPostings(segment, entry, scratch) : matchFrequent(segment, [frequent], scratch))
  const has = (document: number) => isMarked({ marks }, document)
  return {
    count: entry ? postingCount(segment, entry.term) : countMarks(marks),
    kept: { name: `slot ${nameOf(ways)}`, has },
    get documents() {
      return make().documents
    },
    get scores() {
      return make().scores
    },
  }
}

/** Short, however many words one letter begins. */
const nameOf = (slot: readonly Way[]) => Bun.hash.wyhash(JSON.stringify(slot)).toString(36)

const marksOf = (frequent: readonly Frequent[]) => frequent.map(({ marks }) => marks)

/** What has all of the frequent words. */
function matchFrequent(segment: Segment, frequent: readonly Frequent[], scratch: Scratch): Matches {
  const { marks: last } = frequent.at(-1)!
  const found = scratch.matches(segment.documents)
  // The last of them are intersected as they are collected.
  const first = frequent.length === 1 ? last : intersectMarks(segment, marksOf(frequent.slice(0, -1)), scratch)
  let count = 0
  for (let word = 0; word < last.length; word++) {
    const both = first[word]! & last[word]!
    if (both !== 0) count = collectWord(found, count, word, both)
  }
  found.count = count
  found.scores.fill(0, 0, count)
  for (const one of frequent) addScores(segment, found, one, scratch)
  return found
}

/** What has the slot and all of the frequent words. */
function matchAmong(segment: Segment, slot: Slot, frequent: readonly Frequent[], scratch: Scratch): Matches {
  if (frequent.length === 0) return matchSlot(segment, slot, scratch)
  const marks = intersectMarks(segment, marksOf(frequent), scratch)
  const entries = plainEntries(slot)
  const found =
    entries?.length === 1
      ? readMarkedPostings(segment, entries[0]!, marks, scratch)
      : keepMarked(matchSlot(segment, slot, scratch), marks)
  for (const one of frequent) addScores(segment, found, one, scratch)
  return found
}

/** As `readPostings` does, of the marked documents. A branch that nobody can foresee would cost more than all else here. */
function readMarkedPostings(segment: Segment, { term, weight }: Entry, marks: Int32Array, scratch: Scratch): Matches {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  const found = scratch.matches(postingCount(segment, term))
  const { documents, scores } = found
  let count = 0
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = base + low[p]!
      documents[count] = document
      scores[count] = weight * impact[p]!
      count += (marks[document >> 5]! >>> (document & 31)) & 1
    }
  }
  found.count = count
  return found
}

function keepMarked(found: Matches, marks: Int32Array): Matches {
  const { documents, scores, count } = found
  let kept = 0
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    documents[kept] = document
    scores[kept] = scores[i]!
    kept += (marks[document >> 5]! >>> (document & 31)) & 1
  }
  found.count = kept
  return found
}

/** Documents that have any slot, and the sum of what each slot is worth to them. */
export function matchAny(segment: Segment, slots: readonly Slot[], scratch: Scratch): Matches {
  const tally = scratch.tally(segment.documents)
  for (const slot of slots) {
    const found = matchSlot(segment, slot, scratch)
    for (let i = 0; i < found.count; i++) {
      const document = found.documents[i]!
      const bit = 1 << (document & 31)
      if (tally.marks[document >> 5]! & bit) tally.scores[document]! += found.scores[i]!
      else {
        tally.marks[document >> 5]! |= bit
        tally.scores[document] = found.scores[i]!
      }
    }
  }
  return collect(tally, segment.documents, scratch)
}

/** At most so many documents have the slot. */
const slotSize = (segment: Segment, slot: Slot) => slot.reduce((sum, way) => sum + waySize(segment, way), 0)
const waySize = (segment: Segment, { words }: Way) => Math.min(...words.map((entries) => wordSize(segment, entries)))
const wordSize = (segment: Segment, { entries, letter }: WordMatch) =>
  entries.reduce((sum, { term }) => sum + postingCount(segment, term), letter?.count ?? 0)

/** When the slot is one word as it was typed, and no letter. */
function plainEntries([way, ...others]: Slot): Entry[] | undefined {
  if (!way || others.length > 0 || way.weight !== WHOLE || way.words.length !== 1) return undefined
  return way.words[0]!.letter ? undefined : way.words[0]!.entries
}

function matchSlot(segment: Segment, slot: Slot, scratch: Scratch): Matches {
  const entries = plainEntries(slot)
  if (entries?.length === 1) return readPostings(segment, entries[0]!, scratch)
  return collect(tallySlot(segment, slot, scratch), segment.documents, scratch)
}

/** The best of its ways for each document. */
function tallySlot(segment: Segment, slot: Slot, scratch: Scratch): Tally {
  const tally = scratch.tally(segment.documents)
  for (const way of slot) {
    if (way.words.length === 1 && way.weight === WHOLE) {
      const { entries, letter } = way.words[0]!
      if (letter) tallyLetter(letter, tally)
      for (const entry of entries) tallyEntry(segment, entry, tally)
      continue
    }
    const found = matchWay(segment, way, scratch)
    for (let i = 0; i < found.count; i++)
      raise(tally, found.documents[i]!, Math.max(1, Math.round((found.scores[i]! * way.weight) / WHOLE)))
  }
  return tally
}

function matchWay(segment: Segment, { words, phrase }: Way, scratch: Scratch): Matches {
  const slots = words.map((word): Slot => [{ words: [word], phrase: undefined, weight: WHOLE }])
  const found = slots.length === 1 ? matchSlot(segment, slots[0]!, scratch) : matchAll(segment, slots, scratch)
  if (phrase) keepPhrase(segment, found, phrase)
  return found
}

function raise({ marks, scores }: Tally, document: number, score: number): void {
  const bit = 1 << (document & 31)
  if (marks[document >> 5]! & bit) {
    if (scores[document]! < score) scores[document] = score
    return
  }
  marks[document >> 5]! |= bit
  scores[document] = score
}

function tallyEntry(segment: Segment, { term, weight }: Entry, tally: Tally): void {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  const { marks, scores } = tally
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = base + low[p]!
      const score = weight * impact[p]!
      const bit = 1 << (document & 31)
      const had = marks[document >> 5]! & bit
      if (had === 0) marks[document >> 5]! |= bit
      if (had === 0 || scores[document]! < score) scores[document] = score
    }
  }
}

/** The first that is tallied, as a rule: then its marks are just copied. */
function tallyLetter({ marks, impacts, weight }: TermUnion & { weight: number }, tally: Tally): void {
  for (let document = 0; document < impacts.length; document++) {
    const score = weight * impacts[document]!
    if ((tally.marks[document >> 5]! & (1 << (document & 31))) === 0 || tally.scores[document]! < score)
      tally.scores[document] = score
  }
  for (let word = 0; word < marks.length; word++) tally.marks[word]! |= marks[word]!
}

/** All documents that have any of the terms. */
export function uniteTerms(segment: Segment, terms: readonly number[]): TermUnion {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  const impacts = new Uint8Array(segment.documents)
  for (const term of terms)
    for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
      const base = chunkNumber[chunk]! << CHUNK_BITS
      for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++)
        if (impacts[base + low[p]!]! < impact[p]!) impacts[base + low[p]!] = impact[p]!
    }
  const marks = new Int32Array((segment.documents >> 5) + 1)
  let count = 0
  for (let document = 0; document < segment.documents; document++) {
    if (impacts[document] === 0) continue
    marks[document >> 5]! |= 1 << (document & 31)
    count++
  }
  return { marks, impacts, count }
}

function collect({ marks, scores }: Tally, documents: number, scratch: Scratch): Matches {
  const found = scratch.matches(documents)
  const words = (documents + 31) >> 5
  let count = 0
  for (let word = 0; word < words; word++) if (marks[word] !== 0) count = collectWord(found, count, word, marks[word]!)
  for (let i = 0; i < count; i++) found.scores[i] = scores[found.documents[i]!]!
  found.count = count
  return found
}

function collectWord({ documents }: Matches, count: number, word: number, marks: number): number {
  let at = count
  for (let rest = marks; rest !== 0; rest &= rest - 1) documents[at++] = (word << 5) + 31 - Math.clz32(rest & -rest)
  return at
}

function readPostings(segment: Segment, { term, weight }: Entry, scratch: Scratch): Matches {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  const found = scratch.matches(postingCount(segment, term))
  const { documents, scores } = found
  let count = 0
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      documents[count] = base + low[p]!
      scores[count++] = weight * impact[p]!
    }
  }
  found.count = count
  return found
}

function keepTallied(found: Matches, { marks, scores }: Tally): void {
  let kept = 0
  for (let i = 0; i < found.count; i++) {
    const document = found.documents[i]!
    if ((marks[document >> 5]! & (1 << (document & 31))) === 0) continue
    found.documents[kept] = document
    found.scores[kept++] = found.scores[i]! + scores[document]!
  }
  found.count = kept
}

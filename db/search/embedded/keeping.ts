import { impactOf, isMarked, type MarkedTerm, markedTerm } from './marked.ts'
import { placeOf } from './places.ts'
import type { Matches, Scratch } from './scratch.ts'
import { CHUNK_BITS, postingCount, type Segment } from './segment.ts'
import type { Entry } from './slots.ts'

/** With fewer postings than so many for each that is sought, all of them are laid out to be looked up. */
const GALLOP = 8
/** The same of a frequent term, which is looked up at once. */
const LAY_OUT = 2
/** What it costs to look one up, and to lay one out in a tally, in the time that a posting takes to be read. */
const LOOK_UP = 16
const TALLY = 4

/** Whether looking up what the matches have takes less than a tally of all that the entries have. */
export function isWorthLookingUp(segment: Segment, { count }: Matches, entries: readonly Entry[]): boolean {
  let lookingUp = entries.length * count
  let tallying = 0
  for (const { term } of entries) {
    const postings = postingCount(segment, term)
    lookingUp += Math.min(postings, LOOK_UP * count)
    tallying += TALLY * postings
  }
  return lookingUp < tallying
}

/** Keeps what has any of the entries, and adds what the best of them is worth. */
export function keepHavingAny(segment: Segment, found: Matches, entries: readonly Entry[], scratch: Scratch): void {
  const { documents, scores, count } = found
  const gained = scratch.gains(count)
  for (const entry of entries) raiseGains(segment, found, entry, gained)
  let kept = 0
  for (let i = 0; i < count; i++) {
    const gain = gained[i]!
    documents[kept] = documents[i]!
    scores[kept] = scores[i]! + gain
    // One where anything was gained: a branch that nobody can foresee would cost more than the rest.
    kept += (gain | -gain) >>> 31
  }
  found.count = kept
}

/** Raises what each match gains to what the entry gives to those that have it, which is 1 at the least. */
export function raiseGains(segment: Segment, found: Matches, entry: Entry, gained: Int32Array): void {
  const marked = markedTerm(segment, entry.term)
  const postings = postingCount(segment, entry.term)
  if (marked?.impacts) gainOfDense(found, marked.impacts, entry.weight, gained)
  else if (postings * LOOK_UP < found.count) gainOfFew(segment, found, entry, gained)
  else if (postings < (marked ? LAY_OUT : GALLOP) * found.count) gainFromAll(segment, found, entry, gained)
  else if (marked) gainOfMarked(segment, found, { ...marked, weight: entry.weight }, gained)
  else gainOf(segment, found, entry, gained)
}

/** Each of the few that have it is looked for among the matches. */
function gainOfFew(segment: Segment, { documents, count }: Matches, { term, weight }: Entry, gained: Int32Array): void {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  let i = 0
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++)
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = chunkNumber[chunk]! * (1 << CHUNK_BITS) + low[p]!
      i = placeOf(documents, i, count, document)
      if (i === count) return
      if (documents[i] === document) gained[i] = Math.max(gained[i]!, weight * impact[p]!)
    }
}

/**
 * Raises what each match gains to what the entry gives it, chunk by chunk, galloping where there are many postings for each
 * that is sought.
 */
function gainOf(segment: Segment, found: Matches, { term, weight }: Entry, gained: Int32Array): void {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  const { documents, count } = found
  let i = 0
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]! && i < count; chunk++) {
    const number = chunkNumber[chunk]!
    i = placeOf(documents, i, count, number * (1 << CHUNK_BITS))
    let p = chunkStart[chunk]!
    const end = chunkStart[chunk + 1]!
    const last = ((number + 1) << CHUNK_BITS) >>> 0
    while (i < count && p < end) {
      const document = documents[i]!
      if (document >= last) break
      const sought = document & 0xffff
      if (low[p]! < sought) p = gallop(low, p, end, sought)
      if (p < end && low[p] === sought) {
        const score = weight * impact[p]!
        if (gained[i]! < score) gained[i] = score
        p++
      }
      i++
    }
  }
}

function gainOfDense({ documents, count }: Matches, impacts: Uint8Array, weight: number, gained: Int32Array): void {
  for (let i = 0; i < count; i++) {
    const score = weight * impacts[documents[i]!]!
    if (gained[i]! < score) gained[i] = score
  }
}

type Weighed = MarkedTerm & { weight: number }

function gainOfMarked(segment: Segment, { documents, count }: Matches, term: Weighed, gained: Int32Array): void {
  const { weight } = term
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    if (!isMarked(term, document)) continue
    const score = weight * impactOf(segment, term, document)
    if (gained[i]! < score) gained[i] = score
  }
}

const laidOut = new Uint8Array(1 << CHUNK_BITS)

/** The same, by laying out a chunk's impacts: no search, where most of them would be come upon anyway. */
function gainFromAll(segment: Segment, { documents, count }: Matches, entry: Entry, gained: Int32Array): void {
  const { termChunk, chunkNumber, chunkStart, low, impact } = segment
  let from = 0
  for (let chunk = termChunk[entry.term]!; chunk < termChunk[entry.term + 1]!; chunk++) {
    const number = chunkNumber[chunk]!
    from = placeOf(documents, from, count, number * (1 << CHUNK_BITS))
    const to = placeOf(documents, from, count, (number + 1) * (1 << CHUNK_BITS))
    if (to === from) continue
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) laidOut[low[p]!] = impact[p]!
    gainFromLaidOut(documents, laidOut, { from, to, weight: entry.weight }, gained)
    laidOut.fill(0)
    from = to
  }
}

type Range = { from: number; to: number; weight: number }

function gainFromLaidOut(
  documents: Uint32Array,
  impacts: Uint8Array,
  { from, to, weight }: Range,
  gained: Int32Array,
): void {
  for (let i = from; i < to; i++) {
    const score = weight * impacts[documents[i]! & 0xffff]!
    if (gained[i]! < score) gained[i] = score
  }
}

/** The first place from `from` on that is not below `sought`. */
function gallop(low: Uint16Array, from: number, end: number, sought: number): number {
  let step = 1
  let before = from
  let place = from + 1
  while (place < end && low[place]! < sought) {
    before = place
    step <<= 1
    place += step
  }
  let high = Math.min(place, end)
  let bottom = before + 1
  while (bottom < high) {
    const middle = (bottom + high) >> 1
    if (low[middle]! < sought) bottom = middle + 1
    else high = middle
  }
  return bottom
}

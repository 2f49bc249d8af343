import { type Documents, FAILS } from './marking.ts'
import type { KeptMatches, Matches, Scratch } from './scratch.ts'
import type { Segment } from './segment.ts'

/** How many fail what. Two counts side by side: most fail the same, and one count would wait for itself each time. */
function countFails(fails: Uint8Array, count: number): Uint32Array {
  const sizes = new Uint32Array(2 * FAILS.hard)
  const others = new Uint32Array(2 * FAILS.hard)
  for (let i = 0; i + 1 < count; i += 2) {
    sizes[fails[i]!]!++
    others[fails[i + 1]!]!++
  }
  if (count % 2 === 1) sizes[fails[count - 1]!]!++
  return sizes.map((size, fail) => size + others[fail]!)
}

/** The matches by what they fail; each list is put together when it is asked for. */
export function splitByFails({ documents, scores, count }: Matches, fails: Uint8Array, scratch: Scratch): Split {
  const sizes = countFails(fails, count)
  const lists: (Documents | undefined)[] = []
  let passing: Matches | undefined
  let failing: Documents | undefined

  // No branches in these loops: which of the matches pass is nothing that a processor could foresee.
  function readPassing(): Matches {
    const found = scratch.matches(count)
    let n = 0
    for (let i = 0; i < count; i++) {
      found.documents[n] = documents[i]!
      n += (fails[i]! - 1) >>> 31
    }
    found.count = n
    if (scores.length === 0) return found
    n = 0
    for (let i = 0; i < count; i++) {
      found.scores[n] = scores[i]!
      n += (fails[i]! - 1) >>> 31
    }
    return found
  }

  function readFailing(): Documents {
    const list = scratch.matches(count).documents
    let n = 0
    for (let i = 0; i < count; i++) {
      list[n] = documents[i]!
      n += -fails[i]! >>> 31
    }
    return { documents: list, count: n }
  }

  function readList(fail: number): Documents {
    const list = scratch.matches(count).documents
    let n = 0
    for (let i = 0; i < count; i++) {
      list[n] = documents[i]!
      n += ((fails[i]! ^ fail) - 1) >>> 31
    }
    return { documents: list, count: n }
  }

  function readGone(isGone: boolean): Documents {
    const list = scratch.matches(count).documents
    let n = 0
    for (let i = 0; i < count; i++) if (fails[i]! >= FAILS.hard === isGone) list[n++] = documents[i]!
    return { documents: list, count: n }
  }

  return {
    passingCount: sizes[0]!,
    passes: (place) => fails[place] === 0,
    passing: () => (passing ??= readPassing()),
    failing: () => (failing ??= readFailing()),
    failingOnly: (fail) => (sizes[fail] === 0 ? NO_DOCUMENTS : (lists[fail] ??= readList(fail))),
    failingOnlyCount: (fail) => sizes[fail]!,
    goneCount: sizes.subarray(FAILS.hard).reduce((sum, size) => sum + size, 0),
    gone: () => readGone(true),
    living: () => readGone(false),
  }
}

const NO_DOCUMENTS: Documents = { documents: new Uint32Array(), count: 0 }

/** A list that is asked for often: what passes of `matches`, but for what is gone. */
export type Often = {
  list: KeptMatches
  matches: KeptMatches
  /** The filter that the other matches fail; undefined where there are none. */
  bit: number | undefined
}

/** The same as `marked` gives, which is only asked for what is not known of the list. */
export function splitOften({ list, matches, bit }: Often, { gone, dead }: Gone, marked: () => Split): Split {
  const goneInList = goneAmong(gone, list)
  const goneInAll = matches === list ? goneInList : goneAmong(gone, matches)
  const othersCount = matches.count - goneInAll.count - (list.count - goneInList.count)
  return {
    whole: { list, gone: goneInList, isGone: (document) => dead?.[document] === 1 },
    passingCount: list.count - goneInList.count,
    passes: (place) => {
      const document = matches.documents[place]!
      return list.kept.has(document) && dead?.[document] !== 1
    },
    passing: () => (goneInList.count === 0 ? list : marked().passing()),
    failing: () => marked().failing(),
    failingOnly: (fail) => (fail === bit ? marked().failingOnly(fail) : NO_DOCUMENTS),
    failingOnlyCount: (fail) => (fail === bit ? othersCount : 0),
    goneCount: goneInAll.count,
    gone: () => goneInAll,
    living: () => marked().living(),
  }
}

function goneAmong(gone: Uint32Array, { kept }: KeptMatches): Documents {
  const documents = gone.filter(kept.has)
  return { documents, count: documents.length }
}

/** What of a segment does not live on: by ascending number, and by a flag for each document. */
export type Gone = { gone: Uint32Array; dead: Uint8Array | undefined }

/** What a segment has besides the list, which is by ascending number. */
export function othersThan(segment: Segment, { documents, count }: Documents): Documents {
  const others = new Uint32Array(segment.documents - count)
  if (others.length === 0) return NO_DOCUMENTS
  let n = 0
  let document = 0
  for (let i = 0; i < count; i++) {
    for (const next = documents[i]!; document < next;) others[n++] = document++
    document++
  }
  while (document < segment.documents) others[n++] = document++
  return { documents: others, count: n }
}

/** A list that is asked for often, and what is taken off it. */
export type Whole = { list: KeptMatches; gone: Documents; isGone: (document: number) => boolean }

/** Matches by whether they pass, and if not, by what they fail. */
export type Split = {
  /** Given where what passes is a list that is asked for often, less what is gone. */
  whole?: Whole
  passingCount: number
  /** Whether the match at that place fails nothing. */
  passes: (place: number) => boolean
  /** What fails nothing, and what it scored. */
  passing: () => Matches
  /** What fails anything. */
  failing: () => Documents
  /** What fails that filter and no other. */
  failingOnly: (fail: number) => Documents
  failingOnlyCount: (fail: number) => number
  /** What is in no answer at all, whatever else is asked; and all but that. */
  goneCount: number
  gone: () => Documents
  living: () => Documents
}

import { type Documents, FAILS } from './marking.ts'
import { everyPlace } from './places.ts'
import type { Matches, Scratch } from './scratch.ts'
import { keepLately, type Segment } from './segment.ts'

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

  return {
    name: undefined,
    passingCount: sizes[0]!,
    passes: (place) => fails[place] === 0,
    passing: () => (passing ??= readPassing()),
    failing: () => (failing ??= readFailing()),
    failingOnly: (fail) => (sizes[fail] === 0 ? NO_DOCUMENTS : (lists[fail] ??= readList(fail))),
    failingOnlyCount: (fail) => sizes[fail]!,
  }
}

const NO_DOCUMENTS: Documents = { documents: new Uint32Array(), count: 0 }

/** All documents of a segment, by a filter that is asked for often: what passes has a name. */
export function splitAll(segment: Segment, name: string, { bit, passes }: Test): Split {
  const documents = keepLately(segment, `documents of ${name}`, () => everyPlace(segment.documents).filter(passes))
  const count = documents.length
  let failing: Documents | undefined
  const readFailing = () => (failing ??= othersThan(segment, { documents, count }))
  return {
    name,
    passingCount: count,
    passes,
    passing: () => ({ documents, scores: new Int32Array(), count, name }),
    failing: readFailing,
    failingOnly: (fail) => (fail === bit ? readFailing() : NO_DOCUMENTS),
    failingOnlyCount: (fail) => (fail === bit ? segment.documents - count : 0),
  }
}

type Test = { bit: number; passes: (document: number) => boolean }

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

/** Matches by whether they pass, and if not, by what they fail. */
export type Split = {
  /** Given where what passes is asked for often: what is counted of it is kept under that name. */
  name: string | undefined
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
}

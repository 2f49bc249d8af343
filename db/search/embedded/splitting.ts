import { type Documents, FAILS } from './marking.ts'
import type { Matches, Scratch } from './scratch.ts'

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
export function splitByFails({ documents, scores, count }: Matches, fails: Uint8Array, scratch: Scratch) {
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
    passingCount: sizes[0]!,
    /** Whether the match at that place fails nothing. */
    passes: (place: number) => fails[place] === 0,
    /** What fails nothing, and what it scored. */
    passing: () => (passing ??= readPassing()),
    /** What fails anything. */
    failing: () => (failing ??= readFailing()),
    /** What fails that filter and no other. */
    failingOnly: (fail: number): Documents => (sizes[fail] === 0 ? NO_DOCUMENTS : (lists[fail] ??= readList(fail))),
    failingOnlyCount: (fail: number) => sizes[fail]!,
  }
}

const NO_DOCUMENTS: Documents = { documents: new Uint32Array(), count: 0 }

export type Split = ReturnType<typeof splitByFails>

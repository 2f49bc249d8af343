import type { MasterKeys, Sql } from '../../db/index.ts'
import { GENESIS, hashEntry, isSigned } from './chain.ts'
import { type EntryRow, findHead, type Head, listSealed } from './store.ts'

const PAGE = 1000

/**
 * `altered`: its content is not what was sealed. `reordered`: it was sealed at the place `sealedAt`. `missing`: nothing
 * stands at this place. `unlinked`: whole in itself, but sealed upon another entry than the one before it. `head`: the
 * signed end of the chain is not where the chain ends, or not signed by us.
 */
export type Fault =
  | { kind: 'altered' | 'unlinked'; seq: number; id: number }
  | { kind: 'reordered'; seq: number; id: number; sealedAt: number }
  | { kind: 'missing'; seq: number; to: number }
  | { kind: 'head'; seq: number; what: string }

type Misfit = { entry: EntryRow; seq: number; previousHash: string; hash: string }

/** Walks a chain in the order of its places, page by page; `faults` says what was wrong with it. */
function createWalk() {
  const faults: Fault[] = []
  const misfits: Misfit[] = []
  let place = 0
  let lastHash = GENESIS
  let lastFits = true

  function step(entry: EntryRow): void {
    const { seq, previousHash, hash } = entry
    if (seq === null || previousHash === null || hash === null) return
    if (seq > place + 1) faults.push({ kind: 'missing', seq: place + 1, to: seq - 1 })
    const fits = hashEntry(entry, seq, previousHash) === hash
    if (!fits) misfits.push({ entry, seq, previousHash, hash })
    // After a gap, or a row that is at fault itself, there is nothing to be linked to.
    else if (lastFits && seq === place + 1 && previousHash !== lastHash)
      faults.push({ kind: 'unlinked', seq, id: entry.id })
    place = seq
    lastHash = hash
    lastFits = fits
  }

  /** Two entries that changed places each fit the place, or the seal, of the other. */
  function judge({ entry, seq, previousHash, hash }: Misfit): Fault {
    const other = misfits.find(
      (at) => at.seq !== seq && [at.hash, hash].includes(hashEntry(entry, at.seq, at.previousHash)),
    )
    const moved = misfits.find((at) => at.seq !== seq && hashEntry(entry, at.seq, previousHash) === hash)
    const sealedAt = other?.seq ?? moved?.seq
    return sealedAt === undefined
      ? { kind: 'altered', seq, id: entry.id }
      : { kind: 'reordered', seq, id: entry.id, sealedAt }
  }

  return {
    step,
    end: () => ({ seq: place, hash: lastHash }),
    faults: (): Fault[] => [...faults, ...misfits.map(judge)].toSorted((a, b) => a.seq - b.seq),
  }
}

/** `head` is `seq:hash` of the last entry. */
export type Verdict = { entries: number; head: string; faults: Fault[] }

/** Reads the whole chain. `expected`: a `head` that must be in it. */
export async function verifyChain({ sql, masterKeys }: { sql: Sql; masterKeys: MasterKeys }, expected?: string) {
  const walk = createWalk()
  let found = expected === undefined
  let entries = 0
  for (;;) {
    const page = await listSealed(sql, walk.end().seq, PAGE)
    for (const entry of page) walk.step(entry)
    found ||= page.some(({ seq, hash }) => `${seq}:${hash}` === expected)
    entries += page.length
    if (page.length < PAGE) break
  }
  const end = walk.end()
  const faults = [...walk.faults(), ...headFaults(masterKeys, end, await findHead(sql))]
  if (!found) faults.push({ kind: 'head', seq: end.seq, what: `${expected} is not in this chain` })
  return { entries, head: `${end.seq}:${end.hash}`, faults } satisfies Verdict
}

function headFaults(masterKeys: MasterKeys, end: { seq: number; hash: string }, head: Head | undefined): Fault[] {
  const fault = (what: string): Fault[] => [{ kind: 'head', seq: end.seq, what }]
  if (!head) return end.seq === 0 ? [] : fault('The signed end is missing')
  if (!isSigned(masterKeys, head)) return fault('The end is not signed by a key of ours')
  if (head.seq > end.seq) return [{ kind: 'missing', seq: end.seq + 1, to: head.seq }]
  return head.seq === end.seq && head.hash === end.hash ? [] : fault('The chain does not end where it was signed')
}

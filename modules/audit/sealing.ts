import type { MasterKeys, Sql } from '../../db/index.ts'
import { GENESIS, hashEntry, signHead, isSigned } from './chain.ts'
import { findHead, type Head, listUnsealed, lockChain, type Seal, updateSeals, upsertHead } from './store.ts'

const PAGE = 1000

/** Chains what was committed, behind those who write, so that they share no lock. */
export function createSealing({ sql, masterKeys }: { sql: Sql; masterKeys: MasterKeys }) {
  /** A head that an older master key has signed is signed anew, so that the old key may go. */
  async function renew(head: Head | undefined, tx: Sql): Promise<void> {
    if (!head || head.keyId === masterKeys.current().id || !isSigned(masterKeys, head)) return
    await upsertHead(tx, signHead(masterKeys, head.seq, head.hash))
  }

  /** Seals one page; returns how many it found. Place, hash and the signed end commit together. */
  const sealPage = (): Promise<number> =>
    sql.transaction().execute(async (tx) => {
      await lockChain(tx)
      const entries = await listUnsealed(tx, PAGE)
      const head = await findHead(tx)
      if (entries.length === 0) {
        await renew(head, tx)
        return 0
      }
      const seals: Seal[] = []
      let { seq, hash } = head ?? { seq: 0, hash: GENESIS }
      for (const entry of entries) {
        const previousHash = hash
        seq += 1
        hash = hashEntry(entry, seq, previousHash)
        seals.push({ id: entry.id, seq, previousHash, hash })
      }
      await updateSeals(tx, seals)
      await upsertHead(tx, signHead(masterKeys, seq, hash))
      return entries.length
    })

  return async (): Promise<number> => {
    let sealed = 0
    for (;;) {
      const page = await sealPage()
      sealed += page
      if (page < PAGE) return sealed
    }
  }
}

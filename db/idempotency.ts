import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { sql as raw } from 'kysely'
import type { Infra, Sql } from './index.ts'

export type KeptAnswer = { status: number; contentType: string; body: string }

/** `scope` says who asks what; `request` is everything that must be the same the second time. */
export type Claim = { scope: string; key: string; request: string }

/** `ours`: do it, then `keep` or `free`. `id` is opaque, and the same for whoever takes over from one who died. */
export type Claimed =
  | { kind: 'ours'; id: string }
  | { kind: 'replay'; answer: KeptAnswer }
  | { kind: 'other' }
  | { kind: 'running' }

const KEPT_MS = 24 * 3600_000
/** Whoever has not said for so long that they still work on it has died. */
const BUSY_MS = 5000
const RENEW_MS = 1500

/**
 * Answers for who asks twice. Keys and requests are kept as keyed hashes, and an answer is sealed under the caller's own
 * key, which is kept nowhere: only who sends that key again can read what it said.
 */
export function createIdempotency({ sql, signer, now }: { sql: Sql; signer: Infra['signer']; now: () => number }) {
  const idOf = ({ scope, key }: Claim) => signer.sign('idempotency/key', `${scope}\n${key}`)
  const sealOf = ({ scope, key }: Claim) =>
    Buffer.from(signer.sign('idempotency/seal', `${scope}\n${key}`), 'base64url')
  const requestOf = ({ request }: Claim) => signer.sign('idempotency/request', request)

  const { begin, end } = createRenewal({ sql, now })

  return {
    /** One statement, two when the key is known. Of those who claim at once one gets it. */
    async claim(claim: Claim): Promise<Claimed> {
      const time = new Date(now())
      const fresh = {
        key: idOf(claim),
        request: requestOf(claim),
        answer: null,
        busy_until: new Date(now() + BUSY_MS),
        expires_at: new Date(now() + KEPT_MS),
      }
      const ours = await claimRow(sql, fresh, time)
      if (ours) {
        begin(fresh.key)
        return { kind: 'ours', id: `${fresh.key}.${ours.expires_at.getTime()}` }
      }
      const there = await sql
        .selectFrom('kernel.idempotency')
        .select(['request', 'answer'])
        .where('key', '=', fresh.key)
        .executeTakeFirst()
      if (!there) return { kind: 'running' }
      if (there.request !== fresh.request) return { kind: 'other' }
      return there.answer === null
        ? { kind: 'running' }
        : { kind: 'replay', answer: unseal(sealOf(claim), there.answer) }
    },

    async keep(claim: Claim, answer: KeptAnswer): Promise<void> {
      await sql
        .updateTable('kernel.idempotency')
        .set({ answer: seal(sealOf(claim), answer), busy_until: null })
        .where('key', '=', idOf(claim))
        .execute()
        .finally(() => end(idOf(claim)))
    },

    /** Nothing was done: the same may be asked anew. */
    async free(claim: Claim): Promise<void> {
      end(idOf(claim))
      await sql.deleteFrom('kernel.idempotency').where('key', '=', idOf(claim)).where('answer', 'is', null).execute()
    },

    /** Forgets what is older than a day. */
    async sweep(): Promise<void> {
      await sql.deleteFrom('kernel.idempotency').where('expires_at', '<=', new Date(now())).execute()
    },
  }
}

type Row = { key: string; request: string; answer: null; busy_until: Date; expires_at: Date }

/** New, or renewed: after its day, or for the same request of one who died. */
function claimRow(sql: Sql, fresh: Row, time: Date): Promise<{ expires_at: Date } | undefined> {
  const { key: _key, expires_at: _expires, ...renewed } = fresh
  return sql
    .insertInto('kernel.idempotency')
    .values(fresh)
    .onConflict((on) =>
      on
        .column('key')
        .doUpdateSet({
          ...renewed,
          expires_at: raw`case when kernel.idempotency.expires_at <= ${time} then excluded.expires_at
            else kernel.idempotency.expires_at end`,
        })
        .where(
          raw<boolean>`kernel.idempotency.expires_at <= ${time} or (kernel.idempotency.answer is null
            and kernel.idempotency.busy_until <= ${time} and kernel.idempotency.request = ${fresh.request})`,
        ),
    )
    .returning('expires_at')
    .executeTakeFirst()
}

/** Says again and again that this process still works on what it has claimed. */
function createRenewal({ sql, now }: { sql: Sql; now: () => number }) {
  const running = new Set<string>()
  let renewing: ReturnType<typeof setInterval> | undefined
  const renew = () =>
    sql
      .updateTable('kernel.idempotency')
      .set({ busy_until: new Date(now() + BUSY_MS) })
      .where('key', 'in', [...running])
      .where('answer', 'is', null)
      .execute()
      .catch((error: unknown) => console.error('claims could not be renewed:', error))
  function begin(key: string): void {
    running.add(key)
    renewing ??= setInterval(renew, RENEW_MS)
    renewing.unref()
  }
  function end(key: string): void {
    running.delete(key)
    if (running.size > 0) return
    clearInterval(renewing)
    renewing = undefined
  }
  return { begin, end }
}

export type Idempotency = ReturnType<typeof createIdempotency>

function seal(key: Buffer, answer: KeptAnswer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

function unseal(key: Buffer, text: string): KeptAnswer {
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as KeptAnswer
}

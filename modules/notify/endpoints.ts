import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import { pageOf } from './delivery-log.ts'
import type { Outside, TargetRefusal } from './post-outside.ts'
import type { Endpoint, EndpointChange, EndpointQuery, NewEndpoint } from './schema.ts'
import { makeSecret } from './webhook-signature.ts'
import {
  deleteEndpoint,
  type EndpointRow,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  updateEndpoint,
} from './webhook-store.ts'

type Needs = {
  sql: Sql
  audit: Audit
  vault: Vault
  outside: Outside
  now: () => Date
  newId: () => string
}

type Refused = { ok: false; reason: TargetRefusal }

/** How long both secrets sign after one was exchanged. */
const OLD_SECRET_MS = 24 * 60 * 60 * 1000

const NEW = {
  old_secret: null,
  old_secret_until: null,
  enabled: true,
  disabled_reason: null,
  failing_since: null,
}

const endpointOf = (row: EndpointRow): Endpoint => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.events,
  enabled: row.enabled,
  disabledReason: row.disabled_reason,
  failingSince: row.failing_since?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
})

const gone = (id: string) => new AppError('not_found', `No webhook ${id}`)

export function createEndpoints(needs: Needs) {
  const { sql, vault, outside, now, newId } = needs

  async function getRow(id: string): Promise<EndpointRow> {
    const row = await findEndpoint(sql, id)
    if (!row) throw gone(id)
    return row
  }

  /** Change and audit entry commit together. */
  function change(actor: Actor, id: string, action: string, work: (row: EndpointRow, tx: Sql) => Promise<void>) {
    return sql.transaction().execute(async (tx) => {
      const row = await lockEndpoint(tx, id)
      if (!row) throw gone(id)
      await work(row, tx)
      await needs.audit.record({ actor, action: `webhooks.${action}`, subject: `webhook:${id}` }, tx)
    })
  }

  return {
    /** The secret is in this answer and nowhere else. Endpoint, its key and the audit entry commit together. */
    async createEndpoint(actor: Actor, { url, events, description }: NewEndpoint) {
      const refused = await outside.findRefusal(new URL(url))
      if (refused) return { ok: false, reason: refused } satisfies Refused
      const [id, secret] = [newId(), makeSecret()]
      await sql.transaction().execute(async (tx) => {
        const sealed = await vault.seal(id, secret, tx)
        await insertEndpoint(tx, { ...NEW, id, url, description, events, secret: sealed, created_at: now() })
        await needs.audit.record({ actor, action: 'webhooks.create', subject: `webhook:${id}` }, tx)
      })
      return { ok: true, endpoint: endpointOf(await getRow(id)), secret } as const
    },

    async listEndpoints({ cursor, limit }: EndpointQuery) {
      return pageOf(await listEndpoints(sql, { before: cursor, limit: limit + 1 }), limit, endpointOf)
    },

    getEndpoint: async (id: string): Promise<Endpoint> => endpointOf(await getRow(id)),

    /** Enabling it forgets that it failed. */
    async changeEndpoint(actor: Actor, id: string, asked: EndpointChange) {
      const refused = asked.url === undefined ? undefined : await outside.findRefusal(new URL(asked.url))
      if (refused) return { ok: false, reason: refused } satisfies Refused
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
      const forgotten = asked.enabled === undefined ? {} : { disabled_reason: null, failing_since: null }
      await change(actor, id, 'change', (_row, tx) => updateEndpoint(tx, id, { ...given, ...forgotten }))
      return { ok: true, endpoint: endpointOf(await getRow(id)) } as const
    },

    /** A new secret; for a day the old one signs too, so that nothing is lost while the other side changes over. */
    async rotateSecret(actor: Actor, id: string): Promise<string> {
      const secret = makeSecret()
      await change(actor, id, 'rotate', async ({ secret: old }, tx) => {
        const until = new Date(now().getTime() + OLD_SECRET_MS)
        await updateEndpoint(tx, id, {
          secret: await vault.seal(id, secret, tx),
          old_secret: old,
          old_secret_until: until,
        })
      })
      return secret
    },

    removeEndpoint: (actor: Actor, id: string): Promise<void> =>
      change(actor, id, 'delete', async (_row, tx) => {
        await deleteEndpoint(tx, id)
        await vault.shred(id, tx)
      }),
  }
}

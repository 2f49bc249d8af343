import type { Sql } from '../../db/index.ts'
import type { AuditActor } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { ProfileNeeds } from './service.ts'
import { deleteProfile, type ErasureRow, findErasure, insertErasure, updateErasure } from './store.ts'

export const ERASE_JOB = 'profile.erase'

/** `apart` has transactions and blobs of its own; `within` commits together with the note that it is done. */
type Step =
  | { apart: (erasure: ErasureRow) => Promise<void> }
  | { within: (erasure: ErasureRow, tx: Sql) => Promise<void> }

/** A sign-in that is no older proves the person as a password does. */
const RECENT_MS = 10 * 60 * 1000
/** Longer than any job of a mail may still run that was about to be sent. */
const AGAIN_MS = 60 * 60 * 1000
const PAGE = 100

/**
 * In this order: orders are listed while they still say whose they are, and the keys go again at the end, in case
 * something was sealed meanwhile. Each step may run twice; one that is done is written down with what it did.
 */
function createSteps({ cart, reviews, orders, notify, analytics, vault }: ProfileNeeds): Record<string, Step> {
  async function listOrders(userId: string): Promise<string[]> {
    const ids: string[] = []
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await orders.listOrdersOf(userId, { limit: PAGE, cursor })
      ids.push(...items.map(({ id }) => id))
      if (nextCursor === null) return ids
      cursor = nextCursor
    }
  }

  return {
    list_orders: {
      async within({ user_id, order_ids }, tx) {
        await updateErasure(tx, user_id, { order_ids: [...new Set([...order_ids, ...(await listOrders(user_id))])] })
      },
    },
    cart: { within: ({ user_id }, tx) => cart.eraseUser(user_id, tx) },
    reviews: { apart: ({ user_id }) => reviews.eraseUser(user_id) },
    orders: { within: ({ user_id, order_ids }, tx) => orders.anonymiseUser(user_id, tx, order_ids) },
    mail: { apart: ({ user_id, order_ids }) => notify.eraseMails([user_id, ...order_ids]) },
    events: { within: ({ user_id }, tx) => analytics.forget(user_id, tx) },
    profile: { within: ({ user_id }, tx) => deleteProfile(tx, user_id) },
    keys: {
      async within({ user_id, order_ids }, tx) {
        for (const id of [user_id, ...order_ids]) await vault.shred(id, tx)
      },
    },
  }
}

/** How an erasure begins: what must be gone at once is gone with it. */
export function createErasureRequests(needs: ProfileNeeds) {
  const { sql, jobs, vault, audit, identity, now, newId } = needs

  async function mustBeSure({ userId, sessionId }: Actor, password: string | undefined): Promise<void> {
    if (password !== undefined) return identity.confirmPassword(userId, password)
    const session = (await identity.listSessions(userId, sessionId)).find(({ current }) => current)
    if (session && now().getTime() - Date.parse(session.createdAt) <= RECENT_MS) return
    throw new AppError('refused', 'Give your password, or sign in anew', { reason: 'not_recent' })
  }

  /**
   * The account, its sessions and the key that all else is sealed with are gone when this returns; what can no longer be
   * read is removed by the job. Account, key, request, audit entry and job commit together. Again is no news.
   */
  async function requestErasure(userId: string, actor: AuditActor): Promise<void> {
    const { email, emailVerified } = await identity.getUser(userId)
    // An address that nobody proved may be that of somebody else.
    const orderIds = emailVerified ? await needs.orders.listGuestOrdersOf(email) : []
    await sql.transaction().execute(async (tx) => {
      if (!(await insertErasure(tx, { userId, orderIds, requestedAt: now() }))) return
      await identity.eraseUser(userId, tx)
      await vault.shred(userId, tx)
      await audit.record({ actor, action: 'profile.erasure_requested', subject: `user:${userId}` }, tx)
      await jobs.enqueue(ERASE_JOB, { userId }, { tx, key: userId })
    })
  }

  /**
   * Of somebody who never had an account: the orders for which they gave this address. Gives the id that the erasure goes
   * by; undefined when there are none.
   */
  async function requestGuestErasure(email: string, actor: AuditActor): Promise<string | undefined> {
    const [userId, orderIds] = [newId(), await needs.orders.listGuestOrdersOf(email)]
    if (orderIds.length === 0) return undefined
    await sql.transaction().execute(async (tx) => {
      await insertErasure(tx, { userId, orderIds, requestedAt: now() })
      for (const id of orderIds) await vault.shred(id, tx)
      await audit.record({ actor, action: 'profile.erasure_requested', subject: `guest:${userId}` }, tx)
      await jobs.enqueue(ERASE_JOB, { userId }, { tx, key: userId })
    })
    return userId
  }

  return {
    requestErasure,
    requestGuestErasure,

    async eraseMe(actor: Actor, password: string | undefined): Promise<void> {
      await mustBeSure(actor, password)
      await requestErasure(actor.userId, actor)
    },
  }
}

/** The work of it. */
export function createErasure(needs: ProfileNeeds) {
  const { sql, jobs, audit, now } = needs
  const steps = createSteps(needs)

  return {
    /** The job: does the steps that are not done, wherever an earlier try ended. */
    async eraseUser({ userId }: { userId: string }): Promise<void> {
      const known = await findErasure(sql, userId)
      if (!known || known.finished_at) return
      const done = new Set(known.done)
      for (const [name, step] of Object.entries(steps)) {
        if (done.has(name)) continue
        const erasure = await findErasure(sql, userId)
        if (!erasure) return
        done.add(name)
        if ('apart' in step) await step.apart(erasure)
        await sql.transaction().execute(async (tx) => {
          if ('within' in step) await step.within(erasure, tx)
          await updateErasure(tx, userId, { done: [...done] })
        })
      }
      await sql.transaction().execute(async (tx) => {
        await updateErasure(tx, userId, { finished_at: now() })
        const actor = { system: 'profile' }
        await audit.record({ actor, action: 'profile.erased', subject: `user:${userId}` }, tx)
        const startAfter = new Date(now().getTime() + AGAIN_MS)
        await jobs.enqueue('profile.erase_late', { userId }, { tx, startAfter })
      })
    },

    /**
     * A job: what was being written while the person was erased, such as the mail of an order, or an address by who was
     * still signed in at another process. Every step once more.
     */
    async eraseLate({ userId }: { userId: string }): Promise<void> {
      for (const step of Object.values(steps)) {
        const erasure = await findErasure(sql, userId)
        if (!erasure) return
        if ('apart' in step) await step.apart(erasure)
        else await sql.transaction().execute((tx) => step.within(erasure, tx))
      }
    },
  }
}

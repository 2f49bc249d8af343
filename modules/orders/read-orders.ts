import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { OrderNeeds } from './ledger.ts'
import { mailKeyOf } from './place-order.ts'
import { BOUGHT } from './pure/states.ts'
import { listReturns } from './return-store.ts'
import type { Order, OrderQuery, OrderReturn, OrderSummary, ReturnQuery } from './schema.ts'
import {
  existsBought,
  findOrder,
  findRecord,
  listGuestOrderIds,
  listOrders,
  type OrderRecord,
  type SummaryRow,
} from './store.ts'
import { type Contact, orderView, returnView, summaryView } from './view-order.ts'

/** Who asks for an order: by what they are, or by the signed link that came with it. */
export type Asking = { actor?: Actor | undefined; token?: string | undefined }

type Page<T> = { items: T[]; nextCursor: string | null }
type PageQuery = { cursor?: string | undefined; limit: number }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Contacts and comments of a whole page with one statement; undefined for those that were erased. */
const createOpening = (vault: OrderNeeds['vault']) => (items: { subjectId: string; sealed: string | null }[]) => {
  const sealed = items.flatMap((item) =>
    item.sealed === null ? [] : [{ subjectId: item.subjectId, sealed: item.sealed }],
  )
  return vault.openAll(sealed).then((opened) => {
    let place = 0
    return items.map((item) => (item.sealed === null ? undefined : opened[place++]))
  })
}

const contactOf = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as Contact))
const isStaff = (actor: Actor | undefined) => actor?.role === 'retailer' || actor?.role === 'admin'

function pageOf<R extends { id: string }, T>(rows: R[], limit: number, items: T[]): Page<T> {
  return { items: items.slice(0, limit), nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null }
}

type Needs = Pick<OrderNeeds, 'sql' | 'signer' | 'vault' | 'now'>

export function createReading(needs: Needs) {
  const { sql, signer, vault, now } = needs
  const openSealed = createOpening(vault)

  async function show(record: OrderRecord): Promise<Order> {
    const subjectId = record.order.user_id ?? record.order.id
    const comments = record.returns.map(({ comment }) => ({ subjectId, sealed: comment }))
    const [contact, ...said] = await openSealed([{ subjectId, sealed: record.order.contact }, ...comments])
    return orderView(record, { contact: contactOf(contact), comments: said.map((one) => one ?? null) }, now())
  }

  /** Two statements. Throws not_found. */
  async function getOrder(id: string): Promise<Order> {
    const record = await findRecord(sql, id)
    if (!record) throw notFound(id)
    return show(record)
  }

  const isSigned = (id: string, token: string | undefined) => token !== undefined && signer.verify('order', id, token)

  return {
    ...createListing(needs),
    getOrder,

    /** Throws not_found for whoever may not see it: its user, staff, and who has the signed link may. */
    async authorise(id: string, { actor, token }: Asking): Promise<void> {
      if (isStaff(actor) || isSigned(id, token)) return
      const order = actor && (await findOrder(sql, id))
      if (!order || order.user_id !== actor.userId) throw notFound(id)
    },

    /** As `authorise`, and the order; two statements. */
    async getOrderFor(id: string, { actor, token }: Asking): Promise<Order> {
      const record = await findRecord(sql, id)
      const mine = record !== undefined && actor !== undefined && record.order.user_id === actor.userId
      if (!record || !(mine || isStaff(actor) || isSigned(id, token))) throw notFound(id)
      return show(record)
    },

    /** What was bought, each product once, and by whom; of a guest or an erased person `userId` is null. Throws not_found. */
    async saleOf(id: string): Promise<{ userId: string | null; productIds: string[] }> {
      const record = await findRecord(sql, id)
      if (!record) throw notFound(id)
      return { userId: record.order.user_id, productIds: [...new Set(record.lines.map((line) => line.product_id))] }
    },

    /** What makes its holder see an order; signed, so nothing of it is kept. */
    orderLinkToken: (id: string): string => signer.sign('order', id),

    /** Whether this user has paid for the product, and not called it off. One statement. */
    hasBought: (userId: string, productId: string): Promise<boolean> =>
      existsBought(sql, { userId, productId, statuses: BOUGHT }),
  }
}

/** Orders and returns by the page. */
function createListing({ sql, signer, vault }: Needs) {
  const openSealed = createOpening(vault)

  async function summaries(rows: SummaryRow[]): Promise<OrderSummary[]> {
    const sealed = rows.map(({ id, userId, contact }) => ({ subjectId: userId ?? id, sealed: contact }))
    const contacts = await openSealed(sealed)
    return rows.map((row, place) => summaryView(row, contactOf(contacts[place])?.email ?? null))
  }

  return {
    /** Newest first, one statement. */
    async listOrdersOf(userId: string, { cursor, limit }: PageQuery): Promise<Page<OrderSummary>> {
      const rows = await listOrders(sql, { userId, after: cursorOf(cursor) }, limit + 1)
      return pageOf(
        rows,
        limit,
        rows.map((row) => summaryView(row, null)),
      )
    },

    /** Orders for which this address was given without signing in; whose address it is must be proved by now. */
    listGuestOrdersOf: (email: string): Promise<string[]> => listGuestOrderIds(sql, mailKeyOf(signer, email)),

    /** For staff, newest first: two statements. `q` is a whole number or mail address. */
    async listOrders({ cursor, limit, status, q }: OrderQuery): Promise<Page<OrderSummary>> {
      const found = q?.includes('@') ? { emailKey: mailKeyOf(signer, q) } : { number: q ? q.toUpperCase() : undefined }
      const rows = await listOrders(sql, { status, ...found, after: cursorOf(cursor) }, limit + 1)
      return pageOf(rows, limit, await summaries(rows))
    },

    /** For staff, newest first: two statements. */
    async listReturns({ cursor, limit, status }: ReturnQuery): Promise<Page<OrderReturn>> {
      const rows = await listReturns(sql, { status, after: cursorOf(cursor), limit: limit + 1 })
      const said = await openSealed(
        rows.map((row) => ({ subjectId: row.user_id ?? row.order_id, sealed: row.comment })),
      )
      return pageOf(
        rows,
        limit,
        rows.map((row, place) => returnView(row, row.number, said[place] ?? null)),
      )
    },
  }
}

const notFound = (id: string) => new AppError('not_found', `No order ${id}, or it is not yours`)

function cursorOf(cursor: string | undefined): string | undefined {
  if (cursor !== undefined && !UUID.test(cursor)) throw new AppError('invalid', 'The cursor is not one of ours')
  return cursor
}

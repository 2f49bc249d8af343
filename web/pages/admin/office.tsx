import type { Context } from 'hono'
import type { VNode } from 'preact'
import type { View } from '../../parts/admin-layout.tsx'
import { read } from '../../state/admin.ts'
import type { Order } from '../../state/orders.ts'
import { sendPrivate } from '../site.tsx'

/** What the guard of the area has found out, for every page of it. */
export type AdminEnv = { Variables: { view: View } }
export type AdminContext = Context<AdminEnv>

/** What the newest address of a page says was just done. */
export type News = Record<string, string>

export const newsOf = (c: AdminContext, news: News): string | undefined => news[c.req.query('said') ?? '']

/** A page of one person's work. */
export const show = (c: AdminContext, page: VNode, status: 200 | 409 | 422 = 200): Response =>
  sendPrivate(c, page, status)

/** The fields of a query that are filled in. */
export function asked<N extends string>(c: AdminContext, names: readonly N[]): Partial<Record<N | 'cursor', string>> {
  const query: Partial<Record<N | 'cursor', string>> = {}
  for (const name of [...names, 'cursor' as const]) {
    const value = c.req.query(name)?.trim()
    if (value) query[name] = value
  }
  return query
}

/** How many lines a list shows at once. */
export const LIMIT = '24'

/** The order that the address names. */
export async function findOrder(c: AdminContext): Promise<Order> {
  const param = { id: c.req.param('id') ?? '' }
  return read(await c.var.view.desk.api.v1.orders[':id'].$get({ param, query: {} }), 'The order')
}

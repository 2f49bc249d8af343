import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import { fromDecimal } from '../../modules/payments/pure/decimal.ts'
import { type Problem, problemOf } from './forms.ts'
import { ShopError, SignInNeeded } from './shop.ts'
import type { Money } from './views.ts'
import type { Visit } from './visit.ts'

type Granted = InferResponseType<Client['v1']['me']['permissions']['$get'], 200>
export type Permission = Granted['permissions'][number]

/** What the admin area has, in the order of its navigation. */
export const SECTIONS: readonly { href: string; label: string; permission: Permission }[] = [
  { href: '/admin/orders', label: 'Orders', permission: 'orders.manage' },
  { href: '/admin/returns', label: 'Returns', permission: 'orders.manage' },
  { href: '/admin/coupons', label: 'Coupons', permission: 'coupons.manage' },
  { href: '/admin/search', label: 'Search', permission: 'search.manage' },
  { href: '/admin/reviews', label: 'Reviews', permission: 'reviews.moderate' },
  { href: '/admin/users', label: 'Users', permission: 'users.manage' },
  { href: '/admin/mail', label: 'Mail', permission: 'mail.read' },
  { href: '/admin/webhooks', label: 'Webhooks', permission: 'webhooks.manage' },
  { href: '/admin/jobs', label: 'Jobs', permission: 'jobs.manage' },
  { href: '/admin/audit', label: 'Audit', permission: 'audit.read' },
]

/** One request of somebody who works in the shop: the API as they may use it, and what that is. */
export type Desk = { api: Client; user: Granted['user']; may(permission: Permission): boolean }

/** Throws SignInNeeded for a guest, and ShopError 403 for who may do nothing here. */
export async function openDesk({ api }: Visit): Promise<Desk> {
  const { user, permissions } = await read(await api.v1.me.permissions.$get(), 'The permissions')
  if (!SECTIONS.some(({ permission }) => permissions.includes(permission))) throw new ShopError(403, 'The admin area')
  return { api, user, may: (permission) => permissions.includes(permission) }
}

/** The section that a path lies in. */
export const sectionOf = (path: string) => SECTIONS.find(({ href }) => path === href || path.startsWith(`${href}/`))

type Answer = { ok: boolean; status: number; json(): Promise<unknown> }
type Body<A> = Extract<A, { ok: true }> extends { json(): Promise<infer B> } ? B : never

/** What the API answered. Throws what the pages know how to show: SignInNeeded or ShopError. */
export async function read<A extends Answer>(answer: A, what: string): Promise<Body<A>> {
  if (answer.status === 401) throw new SignInNeeded()
  if (!answer.ok) throw new ShopError(answer.status, what)
  return answer.json() as Promise<Body<A>>
}

/** Why the API did not do what it was asked to; undefined when it did. Throws where nothing can be typed better. */
export async function problemIn(answer: Answer, what: string): Promise<Problem | undefined> {
  if (answer.ok) return undefined
  if (answer.status === 401) throw new SignInNeeded()
  if (answer.status === 403 || answer.status === 404) throw new ShopError(answer.status, what)
  return problemOf(answer)
}

/** An amount as people type it, with a point or a comma; undefined for what is none, or nothing. */
export function readAmount(text: string, currency: string): Money | undefined {
  const plain = text.replace(',', '.')
  const money = /^[A-Z]{3}$/.test(currency) ? fromDecimal(plain, currency) : undefined
  return money && money.amount > 0 ? money : undefined
}

/** A moment as a browser's field has it, which leaves out the seconds and the zone: it is meant in UTC. */
export function readMoment(text: string): string | undefined {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(`${text.slice(0, 16)}Z`) : undefined
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined
}

/** `orders.return_requested` as a person says it: Return requested. */
export function spellOut(word: string): string {
  const text = (word.split('.').at(-1) ?? word).replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Whether an address names something that can be there; the API refuses other ids as badly written. */
export const isId = (id: string): boolean => UUID.test(id)

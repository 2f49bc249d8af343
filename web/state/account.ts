import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import type { Address } from './address.ts'
import { type Problem, problemOf } from './forms.ts'
import { cardOf } from './shapes.ts'
import { ShopError, SignInNeeded } from './shop.ts'
import type { Card } from './views.ts'
import type { Visit } from './visit.ts'

type MyApi = Client['v1']['me']
export type Me = InferResponseType<MyApi['$get'], 200>
export type SavedAddress = InferResponseType<MyApi['addresses']['$get'], 200>['items'][number]
export type OrderSummary = InferResponseType<MyApi['orders']['$get'], 200>['items'][number]
export type Session = InferResponseType<MyApi['sessions']['$get'], 200>['items'][number]
export type Passkey = InferResponseType<MyApi['passkeys']['$get'], 200>['items'][number]
export type Consent = InferResponseType<MyApi['consents']['$get'], 200>['items'][number]

type Answer<T> = { ok: boolean; status: number; json(): Promise<T> }
export type Outcome = { ok: true } | { ok: false; problem: Problem }

/** The body of an answer. Throws `SignInNeeded` where the session is over. */
async function bodyOf<T>(answer: Answer<unknown>, what: string): Promise<T> {
  if (answer.ok) return (await answer.json()) as T
  throw answer.status === 401 ? new SignInNeeded() : new ShopError(answer.status, what)
}

/** Whether it was done, and else why not. Throws `SignInNeeded` where the session is over. */
export async function outcomeOf(answer: Answer<unknown>): Promise<Outcome> {
  if (answer.ok) return { ok: true }
  if (answer.status === 401) throw new SignInNeeded()
  return { ok: false, problem: await problemOf(answer) }
}

/** Who is signed in. */
export const getMe = async ({ api }: Visit): Promise<Me> => bodyOf(await api.v1.me.$get(), 'The account')

export async function changeMe({ api }: Visit, change: { name: string; phone: string }): Promise<Outcome> {
  const json = { name: change.name || null, phone: change.phone || null }
  return outcomeOf(await api.v1.me.$patch({ json }))
}

export async function listMyOrders({ api }: Visit, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const answer = await api.v1.me.orders.$get({ query: { limit, ...(cursor && { cursor }) } })
  return bodyOf<{ items: OrderSummary[]; nextCursor: string | null }>(answer, 'The orders')
}

export async function listAddresses({ api }: Visit): Promise<SavedAddress[]> {
  const { items } = await bodyOf<{ items: SavedAddress[] }>(await api.v1.me.addresses.$get(), 'The addresses')
  return items.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
}

/** Writes an address, or with `id` writes it anew. */
export async function saveAddress(
  { api }: Visit,
  address: Address & { isDefault: boolean },
  id?: string,
): Promise<Outcome> {
  const addresses = api.v1.me.addresses
  return outcomeOf(
    id ? await addresses[':id'].$put({ param: { id }, json: address }) : await addresses.$post({ json: address }),
  )
}

export const removeAddress = async ({ api }: Visit, id: string): Promise<Outcome> =>
  outcomeOf(await api.v1.me.addresses[':id'].$delete({ param: { id } }))

export async function listWishes(
  { api }: Visit,
  cursor?: string,
): Promise<{ cards: Card[]; nextCursor: string | null }> {
  const answer = await api.v1.me.wishlist.$get({ query: { limit: 48, ...(cursor && { cursor }) } })
  type Wishes = InferResponseType<MyApi['wishlist']['$get'], 200>
  const { items, nextCursor } = await bodyOf<Wishes>(answer, 'The wishlist')
  return { cards: items.map(({ product }) => cardOf(product)), nextCursor }
}

/** Undefined for whoever is not signed in any more. */
export async function isWished({ api }: Visit, productId: string): Promise<boolean | undefined> {
  const answer = await api.v1.me.wishlist.$get({ query: { limit: 100 } })
  return answer.ok ? (await answer.json()).items.some(({ product }) => product.id === productId) : undefined
}

export async function wish({ api }: Visit, productId: string, wanted: boolean): Promise<Outcome> {
  const entry = api.v1.me.wishlist[':productId']
  return outcomeOf(wanted ? await entry.$put({ param: { productId } }) : await entry.$delete({ param: { productId } }))
}

export const listConsents = async ({ api }: Visit): Promise<Consent[]> =>
  (await bodyOf<{ items: Consent[] }>(await api.v1.me.consents.$get(), 'The consents')).items

export async function changeConsent({ api }: Visit, purpose: Consent['purpose'], granted: boolean): Promise<Outcome> {
  return outcomeOf(await api.v1.me.consents[':purpose'].$put({ param: { purpose }, json: { granted } }))
}

export const eraseMe = async ({ api }: Visit, password: string): Promise<Outcome> =>
  outcomeOf(await api.v1.me.$delete({ json: password ? { password } : {} }))

export const listSessions = async ({ api }: Visit): Promise<Session[]> =>
  (await bodyOf<{ items: Session[] }>(await api.v1.me.sessions.$get(), 'The sessions')).items

export const endSession = async ({ api }: Visit, id: string): Promise<Outcome> =>
  outcomeOf(await api.v1.me.sessions[':id'].$delete({ param: { id } }))

export const endOtherSessions = async ({ api }: Visit): Promise<Outcome> =>
  outcomeOf(await api.v1.me.sessions.$delete({ query: { keepCurrent: 'true' } }))

export const listPasskeys = async ({ api }: Visit): Promise<Passkey[]> =>
  (await bodyOf<{ items: Passkey[] }>(await api.v1.me.passkeys.$get(), 'The passkeys')).items

export const removePasskey = async ({ api }: Visit, id: string): Promise<Outcome> =>
  outcomeOf(await api.v1.me.passkeys[':id'].$delete({ param: { id } }))

export const changePassword = async ({ api }: Visit, json: { current: string; next: string }): Promise<Outcome> =>
  outcomeOf(await api.v1.me.password.$post({ json }))

export const changeEmail = async ({ api }: Visit, json: { email: string; password: string }): Promise<Outcome> =>
  outcomeOf(await api.v1.me.email.$post({ json }))

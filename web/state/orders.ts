import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import { type Problem, problemOf } from './forms.ts'
import { ShopError, SignInNeeded } from './shop.ts'
import type { Visit } from './visit.ts'

type Orders = Client['v1']['orders']
export type Order = InferResponseType<Orders[':id']['$get'], 200>
export type OrderLine = Order['lines'][number]
export type OrderReturn = Order['returns'][number]
export type ClientAction = InferResponseType<Client['v1']['payments'][':paymentId']['start']['$post'], 200>
type Payment = InferResponseType<Client['v1']['payments'][':paymentId']['confirm']['$post'], 200>

/** How somebody may see an order: as its user, or by the signed link that a guest has. */
export type Key = { id: string; token?: string | undefined }

const query = ({ token }: Key) => ({ query: token === undefined ? {} : { token } })
const payment = (key: Key) => ({ ...query(key), header: {} })

/** Undefined when there is no such order, or not for whoever asks. */
export async function findOrder(visit: Visit, key: Key): Promise<Order | undefined> {
  const answer = await visit.api.v1.orders[':id'].$get({ param: { id: key.id }, ...query(key) })
  if (answer.ok) return answer.json()
  const status: number = answer.status
  if (status === 401 && !key.token) throw new SignInNeeded()
  if ([400, 401, 403, 404].includes(status)) return undefined
  throw new ShopError(status, 'The order')
}

type Outcome = { ok: true } | { ok: false; problem: Problem }
const outcomeOf = async (answer: { ok: boolean; status: number; json(): Promise<unknown> }): Promise<Outcome> =>
  answer.ok ? { ok: true } : { ok: false, problem: await problemOf(answer) }

export const cancelOrder = async (visit: Visit, key: Key): Promise<Outcome> =>
  outcomeOf(await visit.api.v1.orders[':id'].cancel.$post({ param: { id: key.id }, ...query(key) }))

type Sending = { lines: { lineId: number; quantity: number }[]; reason: OrderReturn['reason']; comment: string }

export async function returnOrder(visit: Visit, key: Key, { lines, reason, comment }: Sending): Promise<Outcome> {
  const json = { lines, reason, ...(comment && { comment }) }
  return outcomeOf(await visit.api.v1.orders[':id'].returns.$post({ param: { id: key.id }, json, ...query(key) }))
}

type Started = { ok: true; action: ClientAction } | { ok: false; problem: Problem }

/** What the shopper does next to pay; asking again is harmless. */
export async function startPayment(visit: Visit, paymentId: string, key: Key): Promise<Started> {
  const answer = await visit.api.v1.payments[':paymentId'].start.$post({ param: { paymentId }, ...payment(key) })
  return answer.ok ? { ok: true, action: await answer.json() } : { ok: false, problem: await problemOf(answer) }
}

/** Takes the pieces of an order whose payment failed once more. */
export const renewOrder = async (visit: Visit, key: Key): Promise<Outcome> =>
  outcomeOf(await visit.api.v1.orders[':id'].pay.$post({ param: { id: key.id }, ...query(key) }))

export type TestMethod = 'success' | 'decline' | 'confirm' | 'timeout'
type Confirmed = { ok: true; payment: Payment } | { ok: false; problem: Problem }

/** The shopper has done their part; `method` is what the test provider shall do. */
export async function confirmPayment(
  visit: Visit,
  { paymentId, key, method }: { paymentId: string; key: Key; method?: TestMethod | undefined },
): Promise<Confirmed> {
  const json = method ? { method } : {}
  const answer = await visit.api.v1.payments[':paymentId'].confirm.$post({
    param: { paymentId },
    json,
    ...payment(key),
  })
  return answer.ok ? { ok: true, payment: await answer.json() } : { ok: false, problem: await problemOf(answer) }
}

/** The page of an order, or of one of its acts, with what shows it to a guest. */
export const orderPath = ({ id, token }: Key, act = '', said?: string): string => {
  const params = new URLSearchParams({ ...(token && { token }), ...(said && { said }) }).toString()
  return `/orders/${id}${act && `/${act}`}${params && `?${params}`}`
}

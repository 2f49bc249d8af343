import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import { mayPersonalise } from './consenting.ts'
import { cardOf } from './shapes.ts'
import type { Card } from './views.ts'
import type { Visit } from './visit.ts'

type Answer = { ok: boolean; json(): Promise<unknown> }
type Recommendations = InferResponseType<Client['v1']['recommendations']['$get'], 200>
export type Reason = Recommendations['items'][number]['reason']

/** A product with why it is shown. */
export type Pick = { card: Card; reason: Reason }

/** Several that are shown for the same reason, or for reasons of their own when `mixed`. */
export type PickRow = { id: string; title: string; picks: Pick[]; mixed?: boolean }

/** No page fails for want of a recommendation: what cannot be had is left out. */
async function picksOf(asked: Promise<Answer>): Promise<Pick[]> {
  const answer = await asked
  if (!answer.ok) return []
  const { items } = (await answer.json()) as Recommendations
  return items.map(({ product, reason }) => ({ card: cardOf(product), reason }))
}

const query = (limit: number) => ({ query: { limit } })

export const listTrending = ({ v1 }: Client, limit: number) => picksOf(v1.trending.$get(query(limit)))
export const listFeatured = ({ v1 }: Client, limit: number) => picksOf(v1.featured.$get(query(limit)))

export const listSimilar = ({ v1 }: Client, id: string, limit: number) =>
  picksOf(v1.products[':id'].similar.$get({ param: { id }, ...query(limit) }))
export const listComplementary = ({ v1 }: Client, id: string, limit: number) =>
  picksOf(v1.products[':id'].complementary.$get({ param: { id }, ...query(limit) }))

/** Where a guest's answers to the style quiz are kept: by the guest. */
const QUIZ_COOKIE = 'quiz'
const KEPT_DAYS = 180

export const quizAnswers = (visit: Visit): string => {
  try {
    return decodeURIComponent(visit.cookie(QUIZ_COOKIE) ?? '')
  } catch {
    return ''
  }
}

export const keepQuizAnswers = (visit: Visit, answers: string): void =>
  visit.keep(QUIZ_COOKIE, encodeURIComponent(answers), { days: answers ? KEPT_DAYS : 0 })

/** Whether anything is known by which a page would differ for this person. */
export const isKnown = (visit: Visit): boolean => mayPersonalise(visit) || quizAnswers(visit) !== ''

export async function listForYou(
  visit: Visit,
  { limit, ...about }: { limit: number; context?: string; cart?: string },
): Promise<Pick[]> {
  const answers = quizAnswers(visit)
  return picksOf(visit.api.v1.recommendations.$get({ query: { limit, ...about, ...(answers && { answers }) } }))
}

export const listRecentlyViewed = (visit: Visit, limit: number): Promise<Pick[]> =>
  picksOf(visit.api.v1['recently-viewed'].$get(query(limit)))

const ROW = 4

/**
 * What is picked for one person as rows: a reason that several share is the title of their row, and the rest stand
 * together, each under its own. At most `rows` rows, the strongest first; no product stands twice.
 */
export function rowsOf(picks: readonly Pick[], rows: number): PickRow[] {
  const groups = [...Map.groupBy(picks, ({ reason }) => reason.text)].filter(([, group]) => group.length >= ROW)
  const named = groups
    .slice(0, rows - 1)
    .map(([title, group], index): PickRow => ({ id: `because-${index}`, title, picks: group.slice(0, ROW) }))
  const taken = new Set(named.flatMap((row) => row.picks.map(({ card }) => card.id)))
  const rest = picks.filter(({ card }) => !taken.has(card.id)).slice(0, 2 * ROW)
  const whole = wholeLines(rest)
  return whole.length > 0 ? [{ id: 'picked', title: 'Picked for you', picks: whole, mixed: true }, ...named] : named
}

const wholeLines = (picks: Pick[]): Pick[] => picks.slice(0, picks.length - (picks.length % ROW))

/** The same row less what stands in `rows` already, cut to whole lines. */
export function without(rows: readonly PickRow[], { picks, ...row }: PickRow, most = ROW): PickRow {
  const taken = new Set(rows.flatMap((one) => one.picks.map(({ card }) => card.id)))
  const left = picks.filter(({ card }) => !taken.has(card.id)).slice(0, most)
  return { ...row, picks: left.length > ROW ? wholeLines(left) : left }
}

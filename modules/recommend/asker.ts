import type { Analytics } from '../analytics/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import type { Carts } from '../cart/index.ts'
import type { Profile } from '../profile/index.ts'
import type { Actor } from '../kernel/access.ts'
import { type Done, historyOf } from './pure/deeds.ts'
import { seasonOf } from './pure/item.ts'
import type { Deed } from './pure/personal.ts'
import type { Shelf } from './pure/shelf.ts'
import type { Shopper } from './pure/shopper.ts'
import { type Answers, readAnswers, type Taste } from './pure/taste.ts'

/** Who asks, what they allow, and whether they live where it is summer in January. */
export type Who = Asking & { actor?: Actor | undefined; southern: boolean }

export type AskerNeeds = {
  analytics: Pick<Analytics, 'subjectOf' | 'historyOf'>
  profile: Pick<Profile, 'getPreferences'>
  cart: Pick<Carts, 'getCart'>
  now: () => Date
}

const DEEDS = 200
const DAY_MS = 86_400_000
/** What was looked at in that time is not recommended again, unless there is nothing else. */
const SEEN_MS = DAY_MS
/** What was put in the cart in that time may still be there. */
const IN_CART_MS = 7 * DAY_MS
/** Places that are not about what somebody is dressing for. */
const NOWHERE: ReadonlySet<string | undefined> = new Set(['home', 'cart', 'product', 'search', undefined])

export type Said = { context?: string | undefined; answers?: string | undefined; cart?: string | undefined }

/** Two statements at most: the history, and the preferences of who is signed in; another few where a cart is named. */
export function createAskers({ analytics, profile, cart, now }: AskerNeeds) {
  /** What they did, the latest first; nothing of who does not allow that it suggests things to them. */
  async function deedsOf(who: Who): Promise<Done[]> {
    const subject = analytics.subjectOf(who)
    if (subject === undefined || (!who.actor && !who.consents.includes('personalisation'))) return []
    const deeds = await analytics.historyOf(subject, DEEDS)
    return deeds.map(({ productId, kind, at }) => ({ productId, kind, at: at.getTime() }))
  }

  async function productsIn(token: string | undefined, actor: Actor | undefined): Promise<string[]> {
    if (token === undefined) return []
    return (await cart.getCart(token, actor)).items.flatMap(({ product }) => product?.id ?? [])
  }

  /** Who is signed in and told it to the quiz here; of others what they bring with them. */
  async function preferencesOf({ actor }: Who, said: string | undefined) {
    const brought = readAnswers(said ?? '')
    if (!actor) return { answers: brought, stored: undefined }
    const stored = await profile.getPreferences(actor.userId)
    return { answers: { ...brought, ...stored.quiz }, stored }
  }

  return {
    deedsOf,
    preferencesOf,

    async findShopper(shelf: Shelf, who: Who, { context, answers, cart: token }: Said): Promise<Shopper> {
      const time = now().getTime()
      const [done, preferences, carted] = await Promise.all([
        deedsOf(who),
        preferencesOf(who, answers),
        productsIn(token, who.actor),
      ])
      const placesOf = (ids: readonly string[]) => new Set(ids.flatMap((id) => shelf.placeOf(id) ?? []))
      const idsOf = (wanted: (deed: Done) => boolean) => done.filter(wanted).map(({ productId }) => productId)
      const history = historyOf(done, time, shelf.placeOf)
      return {
        subject: analytics.subjectOf(who) ?? '',
        history,
        taste: tasteOf(shelf, history, { ...preferences, context, season: seasonOf(now(), who.southern) }),
        bought: placesOf(idsOf(({ kind }) => kind === 'buy')),
        seen: placesOf(idsOf(({ at }) => time - at < SEEN_MS)),
        inCart: placesOf([...carted, ...idsOf(({ kind, at }) => kind === 'add' && time - at < IN_CART_MS)]),
      }
    },
  }
}

type Preferences = Awaited<ReturnType<Profile['getPreferences']>>
type Known = {
  answers: Answers
  stored: Preferences | undefined
  context: string | undefined
  season: Taste['season']
}

function tasteOf(shelf: Shelf, history: readonly Deed[], { answers, stored, context, season }: Known): Taste {
  const [size = null] = answers['size'] ?? []
  return {
    ...(stored ?? UNSAID),
    answers,
    sizes: { top: size, dress: size, bottom: null, ...known(stored?.sizes ?? {}) },
    season,
    context: NOWHERE.has(context) ? undefined : context,
    ...habitsOf(shelf, history),
  }
}

const UNSAID = { fit: null, colours: [], brands: [], styles: [] }

/** How much of what they liked was of each brand, and the mean logarithm of its price. */
function habitsOf(shelf: Shelf, history: readonly Deed[]): Pick<Taste, 'brandShares' | 'price'> {
  const total = history.reduce((sum, { strength }) => sum + strength, 0)
  const brandShares = new Map<string, number>()
  let price = 0
  for (const { place, strength } of history) {
    const item = shelf.items[place]
    if (!item) continue
    brandShares.set(item.brand, (brandShares.get(item.brand) ?? 0) + strength / total)
    price += (strength / total) * Math.log(Math.max(1, item.amount))
  }
  return { brandShares, price: total > 0 ? price : undefined }
}

const known = (sizes: Partial<Preferences['sizes']>) =>
  Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== null))

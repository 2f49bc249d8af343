export const EVENT_KINDS = ['view', 'search', 'click', 'add', 'buy', 'try_on', 'wishlist'] as const
export type EventKind = (typeof EVENT_KINDS)[number]
/** What somebody did with a product. */
export type ProductKind = Exclude<EventKind, 'search'>

/** How much each deed says that the product is wanted. */
export const WEIGHTS: Readonly<Record<ProductKind, number>> = {
  view: 1,
  click: 1,
  try_on: 3,
  wishlist: 3,
  add: 4,
  buy: 10,
}

/** After so long a deed counts half. */
export const HALF_LIFE_DAYS = 14

const DAY_MS = 86_400_000

/** What is left of a weight after `elapsedMs`. */
export const decay = (elapsedMs: number): number => 2 ** (-Math.max(elapsedMs, 0) / (HALF_LIFE_DAYS * DAY_MS))

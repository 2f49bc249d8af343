/** A page of answers that somebody saw; see `SearchSession` of analytics. */
type SeenPage = {
  searchId: string
  subject: string
  query: string
  at: Date
  /** Place of the first of `shown` in the whole list. */
  first: number
  shown: readonly string[]
  clicks: readonly { productId: string; gain: number }[]
}

/** One list as somebody saw it, of one page or several. */
export type SeenList = {
  subject: string
  query: string
  /** Milliseconds since 1970. */
  at: number
  shown: { id: string; position: number }[]
  gains: Map<string, number>
}

/**
 * Pages of the same answer before the same eyes are one list, in the order of their times. A page that was looked at again
 * is the same page; one that says it begins at the top, and has nothing of what was there, comes after it.
 */
export function seenLists(pages: readonly SeenPage[]): SeenList[] {
  const lists = new Map<string, SeenList>()
  for (const { searchId, subject, query, at, first, shown, clicks } of pages) {
    const key = `${searchId} ${subject}`
    const list: SeenList = lists.get(key) ?? { subject, query, at: at.getTime(), shown: [], gains: new Map() }
    lists.set(key, list)
    const known = new Set(list.shown.map(({ id }) => id))
    const start = shown.some((id) => known.has(id)) ? first : Math.max(first, list.shown.length)
    shown.forEach((id, place) => {
      if (!known.has(id)) list.shown.push({ id, position: start + place })
    })
    for (const { productId, gain } of clicks) list.gains.set(productId, Math.max(gain, list.gains.get(productId) ?? 0))
  }
  return [...lists.values()].toSorted((a, b) => a.at - b.at)
}

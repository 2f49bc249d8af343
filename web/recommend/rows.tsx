import { render } from 'preact'
import { DeviceRows } from '../parts/device-rows.tsx'
import type { Pick, PickRow } from '../state/picks.ts'
import type { Seen } from '../state/seen.ts'
import type { Card } from '../state/views.ts'
import { likedOf, likenessOf, loadSpace, nearestSeen, type Space } from './likeness.ts'

const SHOWN = 4
/** So few of the shop's cards say more of the shop than of a taste. */
const ENOUGH = 8

type Idle = (then: () => void, options: { timeout: number }) => void
type Connection = { saveData?: boolean }

/**
 * Fills `place` with what was looked at and, once the device has nothing else to do, with what is like it. Nothing is ever
 * put in above what somebody sees: a place that is on the screen by then stays as it is.
 */
export function fillRows(place: HTMLElement, seen: Seen[]): void {
  const draw = (picked: PickRow | undefined) => {
    if (place.getBoundingClientRect().top < innerHeight) return
    render(<DeviceRows picked={picked} seen={seen.slice(0, SHOWN)} />, place)
  }
  draw(undefined)
  const { connection } = navigator as { connection?: Connection }
  const address = place.dataset['picks']
  if (!address || connection?.saveData) return
  whenIdle(async () => {
    const picked = await pick(address, seen).catch(() => undefined)
    if (picked) draw(picked)
  })
}

function whenIdle(work: () => Promise<void>): void {
  const idle = (globalThis as { requestIdleCallback?: Idle }).requestIdleCallback ?? ((then: () => void) => then())
  idle(() => void work(), { timeout: 2000 })
}

/** The cards of the page at `address`, the same for everybody, of which the device takes those closest to what it has seen. */
async function pick(address: string, seen: Seen[]): Promise<PickRow | undefined> {
  const [space, page] = await Promise.all([loadSpace(), fetch(address, { headers: { accept: 'text/html' } })])
  if (!space || !page.ok) return undefined
  const fresh = new DOMParser().parseFromString(await page.text(), 'text/html')
  const cards = JSON.parse(fresh.querySelector('[data-cards]')?.textContent ?? '[]') as Card[]
  const picks = await closest(space, cards.filter(isElsewhere), seen)
  return picks.length < SHOWN ? undefined : { id: 'device', title: 'Close to what you looked at', picks, mixed: true }
}

/** Not on this page already. */
const isElsewhere = ({ id }: Card): boolean => document.querySelector(`[data-product-id="${id}"]`) === null

async function closest(space: Space, cards: readonly Card[], seen: Seen[]): Promise<Pick[]> {
  const known = cards.flatMap((card) => {
    const item = space.placeOf.get(card.id)
    return item === undefined || seen.some(({ id }) => id === card.id) ? [] : [{ card, item }]
  })
  if (known.length < ENOUGH) return []
  const now = Date.now()
  const likeness = await likenessOf(
    space,
    likedOf(space, seen, now),
    known.map(({ item }) => item),
  )
  return known
    .map(({ card, item }, index) => ({ card, item, likeness: likeness[index] ?? 0 }))
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, SHOWN)
    .map(({ card, item }): Pick => {
      const like = nearestSeen(space, seen, item, now)
      return { card, reason: { kind: 'viewed', text: like ? `Because you looked at ${like.name}` : '' } }
    })
}

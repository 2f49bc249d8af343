import { rankByTaste } from '../../modules/recommend/pure/profile-vector.ts'
import { loadMore } from '../islands/listing/more.ts'
import type { Seen } from '../state/seen.ts'
import { likedOf, likenessOf, loadSpace, type Space } from './likeness.ts'

const FOR_YOU = 'for-you'
/** As far as an order reaches: the pages that the shop gives to everybody, put in order here. */
const PAGES = 5
/** A listing that fits on a screen needs no order of its own. */
const WORTH_IT = 8
const FAILED = 'This order cannot be worked out at the moment.'

const results = document.getElementById('results')
const cards = () => [...(results?.querySelectorAll<HTMLElement>('ul.cards > li') ?? [])]

let loading: Promise<Space | undefined> | undefined

/**
 * Offers one more order of a listing, by what this device has looked at. It is only ever taken up when it is asked for, and
 * the shop sees no more of it than that pages of the listing are read; the server, which does not know the order, answers
 * with its own first one.
 */
export function offerOrder(sort: HTMLSelectElement, seen: Seen[]): void {
  if (!results || cards().length < WORTH_IT) return
  sort.append(new Option('For you', FOR_YOU))
  if (isWanted()) {
    sort.value = FOR_YOU
    void order(seen)
  }
  // Ahead of the island that follows the other orders: this one is none that the server could draw.
  sort.addEventListener(
    'change',
    (event) => {
      if (sort.value !== FOR_YOU) return
      event.stopImmediatePropagation()
      const url = new URL(location.href)
      url.searchParams.set('sort', FOR_YOU)
      history.pushState(null, '', url)
      void order(seen)
    },
    true,
  )
  new MutationObserver(() => isWanted() && void order(seen)).observe(results, { childList: true })
}

const isWanted = () => new URLSearchParams(location.search).get('sort') === FOR_YOU

async function order(seen: Seen[]): Promise<void> {
  results?.classList.add('busy')
  try {
    loading ??= loadSpace()
    const space = await loading
    if (space) await arrange(space, seen)
    else say(FAILED)
  } catch {
    loading = undefined
    say(FAILED)
  }
  results?.classList.remove('busy')
}

async function arrange(space: Space, seen: Seen[]): Promise<void> {
  const list = results?.querySelector('ul.cards')
  for (let page = 1; page < PAGES && (await loadMore()) > 0; page++);
  const own = cards()
  const places = rankByTaste(await likenessOfCards(space, seen, own), 1)
  // Something else may stand there by now.
  if (!list?.isConnected || !isWanted()) return
  list.replaceChildren(...places.flatMap((place) => own[place] ?? []))
  // What is clicked from here on says nothing of the order that the shop had found.
  list.closest('[data-search-id]')?.removeAttribute('data-search-id')
  for (const [position, card] of cards().entries())
    card.querySelector<HTMLElement>('[data-position]')?.setAttribute('data-position', String(position))
  say('In the order of what you looked at, worked out on this device.')
}

async function likenessOfCards(space: Space, seen: Seen[], own: HTMLElement[]): Promise<(number | undefined)[]> {
  const places = own.map((card) =>
    space.placeOf.get(card.querySelector<HTMLElement>('[data-product-id]')?.dataset['productId'] ?? ''),
  )
  const known = [...new Set(places.filter((place) => place !== undefined))]
  const values = await likenessOf(space, likedOf(space, seen, Date.now()), known)
  const likeness = new Map(known.map((place, index) => [place, values[index]]))
  return places.map((place) => (place === undefined ? undefined : likeness.get(place)))
}

function say(text: string): void {
  const status = document.getElementById('more-status')
  if (status) status.textContent = text
}

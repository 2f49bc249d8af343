import { fetchPage } from './page.ts'

/**
 * A list that goes on where it ends: the page behind the link to the next one is fetched and its cards put after those that
 * are there. It comes by itself a few times, and then waits for the link to be pressed, so that the footer can be reached.
 * How far it came is kept with the place in the browser's history, and is there again on the way back.
 */
const BY_ITSELF = 3
/** How far ahead of the end, in px: about a screen. */
const AHEAD = '0px 0px 900px'

type Kept = { more: number; y: number }

let more = 0
let left = BY_ITSELF
let underway: Promise<number> | undefined

const nextLink = () => document.querySelector<HTMLAnchorElement>('#pages a[rel=next]')
const cardsOf = (of: ParentNode) => [...of.querySelectorAll<HTMLElement>('#results ul.cards > li')]

/** How many cards were added. */
async function append(link: HTMLAnchorElement): Promise<number> {
  const list = document.querySelector('#results ul.cards')
  const pages = document.getElementById('pages')
  link.setAttribute('aria-busy', 'true')
  const fresh = await fetchPage(link.href)
  link.removeAttribute('aria-busy')
  // Another listing may stand there meanwhile.
  if (!fresh || !list?.isConnected || !pages?.isConnected) return 0
  const before = list.children.length
  const cards = cardsOf(fresh)
  for (const [index, card] of cards.entries()) {
    const article = card.querySelector<HTMLElement>('[data-position]')
    if (article) article.dataset['position'] = String(before + index)
    for (const picture of card.querySelectorAll('img')) picture.loading = 'lazy'
  }
  list.append(...cards)
  const next = fresh.querySelector('#pages a[rel=next]')
  if (next) link.replaceWith(next)
  else link.remove()
  more++
  return cards.length
}

/** Puts the next page after what is there; how many cards that was. */
export function loadMore(): Promise<number> {
  const link = nextLink()
  underway ??= (link ? append(link) : Promise.resolve(0)).finally(() => {
    underway = undefined
    watch()
  })
  return underway
}

function tell(added: number): void {
  const status = document.getElementById('more-status')
  const shown = cardsOf(document).length
  if (status && added > 0) status.textContent = `${added} more, ${shown} shown.${nextLink() ? '' : ' That is all.'}`
}

/** Whoever is at the cards with the keyboard would never come past them, if there were always more. */
const isKeyboardHere = () => document.activeElement?.matches('#results :focus-visible') === true

const observer = new IntersectionObserver(
  ([seen]) => {
    if (!seen?.isIntersecting || left === 0 || isKeyboardHere()) return
    left--
    void loadMore().then(tell).then(keep)
  },
  { rootMargin: AHEAD },
)

function watch(): void {
  observer.disconnect()
  const link = nextLink()
  if (link) observer.observe(link)
}

async function press(): Promise<void> {
  const first = cardsOf(document).length
  left = BY_ITSELF
  tell(await loadMore())
  keep()
  // On with the keyboard from the first of the new ones, as the link that was pressed is gone.
  cardsOf(document)[first]?.querySelector('a')?.focus({ preventScroll: true })
}

function keep(): void {
  if (more === 0) return
  history.scrollRestoration = 'manual'
  const kept: Kept = { more, y: Math.round(scrollY) }
  history.replaceState({ ...(history.state as object | null), listing: kept }, '')
}

async function restore(): Promise<void> {
  const kept = (history.state as { listing?: Kept } | null)?.listing
  if (!kept) return
  while (more < kept.more && (await loadMore()) > 0);
  scrollTo(0, kept.y)
}

/** After another listing was put in place of this one. */
export function forgetMore(): void {
  more = 0
  left = BY_ITSELF
  history.scrollRestoration = 'auto'
  watch()
}

export function startMore(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
    if (link !== nextLink()) return keep()
    event.preventDefault()
    void press()
  })
  addEventListener('scrollend', keep)
  addEventListener('pagehide', keep)
  void restore().then(watch)
}

import { flush, mayTell, note, sendBeforeLeaving } from '../recommend/outbox.ts'
import { noteSeen, type Viewed } from '../state/seen.ts'
import { onTold } from '../state/telling.ts'

/**
 * Sees what is looked at and clicked: for the device's own memory always, and for the shop only when the shopper has said
 * yes. What is shown says what it is by `data-product-id` and `data-position`, lists of a search by `data-search-id` and
 * `data-query`, suggestions what they are for by `data-suggested-for`, the piece of a product page by the data block
 * `data-viewed`. What goes into the bag or on the wishlist the shop itself notes when it takes the form.
 */
const shownOf = new Map<string, number>()

/** Tells which products a search showed; those that are added to its list later, with the next look. */
function noteSearches(): void {
  if (!mayTell()) return
  for (const list of document.querySelectorAll<HTMLElement>('[data-search-id]')) {
    const { searchId = '', query = '' } = list.dataset
    const ids = [...list.querySelectorAll<HTMLElement>('[data-product-id]')].map(
      ({ dataset }) => dataset['productId'] ?? '',
    )
    const position = shownOf.get(searchId) ?? 0
    const shown = ids.slice(position, position + 100)
    if (!searchId || shown.length === 0) continue
    shownOf.set(searchId, position + shown.length)
    note({ kind: 'search', searchId, query, shown, position })
  }
}

function noteView(): void {
  const block = document.querySelector('[data-viewed]')?.textContent
  if (!block) return
  const card = JSON.parse(block) as Viewed
  noteSeen(card, Date.now())
  note({ kind: 'view', productId: card.id })
}

function noteClick({ target }: Event): void {
  const link = target instanceof Element && target.closest('a[href]')
  if (!link) return
  const { productId, position } = link.closest<HTMLElement>('[data-product-id]')?.dataset ?? {}
  const { searchId, suggestedFor } = link.closest<HTMLElement>('[data-search-id], [data-suggested-for]')?.dataset ?? {}
  if (productId)
    note({
      kind: 'click',
      productId,
      position: position ? Number(position) : undefined,
      searchId,
      query: suggestedFor,
      context: suggestedFor === undefined ? undefined : 'suggestions',
    })
  // Now, for the page that is opened next to know of it already.
  flush()
}

function look(): void {
  noteView()
  noteSearches()
}

document.addEventListener('click', noteClick, { passive: true })
onTold(note)
addEventListener('pagehide', sendBeforeLeaving)
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendBeforeLeaving())

let planned: ReturnType<typeof setTimeout> | undefined
const main = document.querySelector('main')
if (main)
  new MutationObserver(() => {
    clearTimeout(planned)
    planned = setTimeout(noteSearches, 300)
  }).observe(main, { childList: true, subtree: true })

const notice = document.querySelector<HTMLElement>('[data-consent]')

/** Answers the question without leaving the page. It stands there again when the answer could not be taken. */
async function answer(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const body = new URLSearchParams(new FormData(form, button) as unknown as Record<string, string>)
  if (notice) notice.hidden = true
  main?.focus({ preventScroll: true })
  const taken = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(
    () => undefined,
  )
  if (notice) notice.hidden = taken?.ok ?? false
  if (taken?.ok) look()
}

notice?.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault()
  void answer(event.currentTarget as HTMLFormElement, event.submitter)
})

look()

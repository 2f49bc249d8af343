import { forgetMore, startMore } from './listing/more.ts'
import { fetchPage } from './listing/page.ts'

/**
 * Filters and sorting without a full reload, and a list that goes on. The server stays the only one who draws a listing: this
 * fetches the page that the plain form would have opened and exchanges the parts marked `data-refresh`, so both ways agree by
 * construction.
 */
const form = document.querySelector<HTMLFormElement>('form#filters')
/** Typing is followed once it rests for so long. */
const REST_MS = 150
let underway: AbortController | undefined

async function show(url: string, { push, toTop }: { push: boolean; toTop: boolean }): Promise<void> {
  underway?.abort()
  underway = new AbortController()
  const { signal } = underway
  const results = document.getElementById('results')
  results?.classList.add('busy')
  const fresh = await fetchPage(url, signal)
  if (!fresh) {
    if (!signal.aborted) location.assign(url)
    return
  }
  if (push) history.pushState(null, '', url)
  exchange(fresh)
  adjust(fresh)
  forgetMore()
  results?.classList.remove('busy')
  if (toTop) {
    results?.focus({ preventScroll: true })
    document.querySelector('main')?.scrollIntoView()
  }
}

function exchange(fresh: Document): void {
  const focused = document.activeElement?.id
  for (const part of document.querySelectorAll<HTMLElement>('[data-refresh]')) {
    const next = fresh.getElementById(part.id)
    if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes)
  }
  document.title = fresh.title
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus()
}

/** What is kept in place: facets that have nothing to choose any more, and the fields of prices. */
function adjust(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-hide]'))
    part.hidden = fresh.getElementById(part.id)?.hidden ?? true
  for (const field of document.querySelectorAll<HTMLInputElement>('#filters input[type=number]'))
    if (field !== document.activeElement)
      field.value = fresh.querySelector<HTMLInputElement>(`#${field.id}`)?.defaultValue ?? ''
}

const isFinder = ({ target }: Event): boolean => target instanceof HTMLElement && target.matches('[data-find]')

/** The address the plain form would open, less the fields left empty. */
function formAddress(of: HTMLFormElement): string {
  const params = new URLSearchParams()
  for (const [name, value] of new FormData(of)) if (typeof value === 'string' && value) params.append(name, value)
  const text = params.toString()
  return of.action + (text && `?${text}`)
}

function follow(of: HTMLFormElement): void {
  const refresh = (push = true) => void show(formAddress(of), { push, toTop: false })
  of.addEventListener('change', (event) => isFinder(event) || refresh())
  let timer: ReturnType<typeof setTimeout> | undefined
  of.addEventListener('input', (event) => {
    clearTimeout(timer)
    if (isFinder(event)) timer = setTimeout(refresh, REST_MS, false)
  })
  document.getElementById('sort')?.addEventListener('change', () => refresh())
  of.addEventListener('submit', (event) => {
    event.preventDefault()
    if (of.matches(':popover-open')) of.hidePopover()
    refresh()
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[data-soft]')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void show(link.href, { push: true, toTop: true })
  })
  addEventListener('popstate', () => location.reload())
}

if (form) follow(form)
startMore()

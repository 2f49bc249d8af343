/**
 * Filters, sorting and paging without a full reload. The server stays the only one who draws a listing: this fetches the
 * page that the plain form would have opened and exchanges the parts marked `data-refresh`, so both ways agree by construction.
 */
const form = document.querySelector<HTMLFormElement>('form#filters')
let underway: AbortController | undefined

async function show(url: string, { push, toTop }: { push: boolean; toTop: boolean }): Promise<void> {
  underway?.abort()
  underway = new AbortController()
  const { signal } = underway
  const results = document.getElementById('results')
  results?.classList.add('busy')
  let fresh: Document
  try {
    const response = await fetch(url, { signal, headers: { accept: 'text/html' } })
    if (!response.ok) throw new Error(`The listing answered ${response.status}`)
    fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    if (!signal.aborted) location.assign(url)
    return
  }
  if (push) history.pushState(null, '', url)
  exchange(fresh)
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

/** The address the plain form would open, less the fields left empty. */
function formAddress(of: HTMLFormElement): string {
  const params = new URLSearchParams()
  for (const [name, value] of new FormData(of)) if (typeof value === 'string' && value) params.append(name, value)
  const text = params.toString()
  return of.action + (text && `?${text}`)
}

if (form) {
  const refresh = () => void show(formAddress(form), { push: true, toTop: false })
  form.addEventListener('change', refresh)
  document.getElementById('sort')?.addEventListener('change', refresh)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (form.matches(':popover-open')) form.hidePopover()
    refresh()
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[data-soft]')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    if (!new URL(link.href).search) form.querySelectorAll('input').forEach(clear)
    void show(link.href, { push: true, toTop: true })
  })
  addEventListener('popstate', () => location.reload())
}

function clear(input: HTMLInputElement): void {
  if (input.type === 'number') input.value = ''
  else input.checked = input.type === 'radio' && input.value === ''
}

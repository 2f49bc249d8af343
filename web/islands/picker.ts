/**
 * Pieces for a rule, found while typing and named as they are ticked. The server draws what matches, as it does for the
 * plain button; only that part of its answer is put in place, and the rest of the form stays as it is.
 */
const picker = document.querySelector<HTMLFieldSetElement>('fieldset#picker')
const form = picker?.form
const find = picker?.querySelector<HTMLInputElement>('#find')
const pieces = form?.querySelector<HTMLTextAreaElement>('#products')
/** Typing is followed once it rests for so long. */
const REST_MS = 200
let underway: AbortController | undefined

async function look(of: HTMLFormElement): Promise<void> {
  underway?.abort()
  underway = new AbortController()
  const body = new FormData(of)
  body.set('act', 'find')
  const fields = new URLSearchParams(body as unknown as Record<string, string>)
  try {
    const answer = await fetch(of.action, { method: 'POST', body: fields, signal: underway.signal })
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const matches = fresh.getElementById('matches')
    if (!matches) return
    for (const tick of ticksOf(matches)) tick.checked = named().includes(tick.value)
    const said = document.getElementById('matches-said')
    if (said) said.textContent = matches.querySelector('#matches-said')?.textContent ?? ''
    document.querySelector('#matches ul')?.remove()
    const list = matches.querySelector('ul')
    if (list) document.getElementById('matches')?.append(list)
  } catch {
    // Called off, or no network: the button is there.
  }
}

const ticksOf = (of: ParentNode) => of.querySelectorAll<HTMLInputElement>('input[name=pick]')
const lines = () => (pieces?.value ?? '').split('\n').filter((line) => line.trim() !== '')
/** A line may give a place, and a whole address. */
const slugOf = (line: string) => line.trim().split(/[?#]/)[0]?.split(/[/\s]/).findLast(Boolean) ?? ''
const named = () => lines().map(slugOf)

function follow(of: HTMLFormElement, field: HTMLInputElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  field.addEventListener('input', () => {
    clearTimeout(timer)
    if (field.value.trim() !== '') timer = setTimeout(() => void look(of), REST_MS)
  })
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return
    event.preventDefault()
    clearTimeout(timer)
    void look(of)
  })
  of.addEventListener('submit', (event) => {
    if (!(event.submitter instanceof HTMLButtonElement) || event.submitter.value !== 'find') return
    // Enter in another field presses the first button, which is this one.
    if (field.value.trim() === '') return
    event.preventDefault()
    void look(of)
  })
  of.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.name !== 'pick' || !pieces) return
    const others = lines().filter((line) => slugOf(line) !== target.value)
    pieces.value = (target.checked ? [...others, target.value] : others).join('\n')
  })
}

if (form && find) follow(form, find)

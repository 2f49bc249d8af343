import { createList, type List } from './list.ts'
import { drawSuggestions } from './options.ts'
import { createSuggester } from './suggestions.ts'

/** Makes the search box a combobox with a list of suggestions. The field stays a plain one: what is typed is never touched. */
export function attachCombobox(form: HTMLFormElement): void {
  const input = form.querySelector('input')
  const popup = form.querySelector<HTMLElement>('#suggestions')
  const status = form.querySelector<HTMLElement>('[role=status]')
  if (!input || !popup || !status) return
  describe(input, popup)
  const list = createList(input, popup)
  const suggester = createSuggester((text, found) => {
    list.show(drawSuggestions(text, found))
    list.open()
    status.textContent = spoken(list.count())
  })
  const ask = () => {
    const text = input.value.trimStart()
    if (text !== '') return suggester.ask(text)
    close()
    list.show([])
  }
  const close = () => {
    suggester.stop()
    list.close()
    status.textContent = ''
  }
  input.addEventListener('input', ask)
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowDown' && !list.isOpen()) ask()
    if (event.key === 'Tab') return close()
    if (!list.isOpen()) return
    if (event.key === 'Escape') close()
    else if (!press(event.key, list)) return
    event.preventDefault()
  })
  // A press on an option must not take the focus away first, which would close the list under the finger.
  popup.addEventListener('mousedown', (event) => event.preventDefault())
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && form.contains(relatedTarget))) close()
  })
  form.addEventListener('submit', close)
  if (document.activeElement === input) ask()
}

function describe(input: HTMLInputElement, popup: HTMLElement): void {
  popup.role = 'listbox'
  popup.ariaLabel = 'Suggestions'
  input.role = 'combobox'
  input.ariaAutoComplete = 'list'
  input.ariaExpanded = 'false'
  input.setAttribute('aria-controls', popup.id)
}

const spoken = (count: number): string =>
  count === 0 ? 'No suggestions' : count === 1 ? '1 suggestion' : `${count} suggestions`

/** Whether the key was for the list. Home and End are the field's own until an option is active. */
function press(key: string, list: List): boolean {
  const active = list.active()
  if (key === 'ArrowDown') list.step(1)
  else if (key === 'ArrowUp') list.step(-1)
  else if (!active) return false
  else if (key === 'Home') list.first()
  else if (key === 'End') list.last()
  else if (key === 'Enter') active.click()
  else return false
  return true
}

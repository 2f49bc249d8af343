import { createList, type DrawnGroup, type List } from './list.ts'
import { drawLine, type Group, suggestionGroups } from './options.ts'
import { createSuggester } from './suggestions.ts'
import { inStretches, painted } from './turns.ts'

/** Makes the search box a combobox with a list of suggestions. The field stays a plain one: what is typed is never touched. */
export function attachCombobox(form: HTMLFormElement): void {
  const input = form.querySelector('input')
  const popup = form.querySelector<HTMLElement>('#suggestions')
  const status = form.querySelector<HTMLElement>('[role=status]')
  if (!input || !popup || !status) return
  describe(input, popup)
  const list = createList(input, popup)
  const { ask, reopen, close } = followTyping(input, list, status)
  input.addEventListener('input', () => void ask())
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'ArrowDown' && !list.isOpen()) reopen()
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
  if (document.activeElement === input) void ask()
}

/** Keeps the list to what is typed. */
function followTyping(input: HTMLInputElement, list: List, status: HTMLElement) {
  /** What suggestions are wanted for, and what those in the list are for. */
  let wanted: string | undefined
  let shown: string | undefined
  const suggester = createSuggester(async (text, found) => {
    const groups = await drawWhile(() => text === wanted, suggestionGroups(text, found))
    if (!groups) return
    list.show(text, groups)
    list.open()
    shown = text
    say(status, spoken(list.count()))
  })
  /** In the frame of the letter nothing is done but to note it: that frame is the letter's. */
  const ask = async () => {
    const text = input.value.trimStart()
    wanted = text
    list.leave()
    await painted()
    if (text !== wanted) return
    if (text !== '') return suggester.ask(text)
    close()
    list.show('', [])
    shown = undefined
  }
  const reopen = () => {
    if (input.value.trimStart() !== shown) return void ask()
    wanted = shown
    list.open()
    say(status, spoken(list.count()))
  }
  const close = () => {
    wanted = undefined
    suggester.stop()
    list.close()
    say(status, '')
  }
  return { ask, reopen, close }
}

/** Undefined when it came to be wanted no longer. */
async function drawWhile(isWanted: () => boolean, groups: Group[]): Promise<DrawnGroup[] | undefined> {
  const pause = inStretches()
  const drawn: DrawnGroup[] = []
  for (const { name, lines } of groups) {
    const options: HTMLElement[] = []
    drawn.push({ name, options })
    for (const line of lines) {
      await pause()
      if (!isWanted()) return undefined
      options.push(drawLine(line))
    }
  }
  return isWanted() ? drawn : undefined
}

function describe(input: HTMLInputElement, popup: HTMLElement): void {
  popup.role = 'listbox'
  popup.ariaLabel = 'Suggestions'
  input.role = 'combobox'
  input.ariaAutoComplete = 'list'
  input.ariaExpanded = 'false'
  input.setAttribute('aria-controls', popup.id)
}

/** What is said already is not said again. */
function say(status: HTMLElement, text: string): void {
  if (status.textContent !== text) status.textContent = text
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

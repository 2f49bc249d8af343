export type List = ReturnType<typeof createList>

/**
 * The open list of a combobox (ARIA 1.2): the focus stays in `input`, which names the option that is the active one. The
 * options are whatever in `popup` has that role.
 */
export function createList(input: HTMLInputElement, popup: HTMLElement) {
  let options: HTMLElement[] = []
  let active = -1

  /** -1 is the field itself. */
  function activate(index: number): void {
    options[active]?.setAttribute('aria-selected', 'false')
    active = index
    const option = options[index]
    if (!option) return input.removeAttribute('aria-activedescendant')
    option.setAttribute('aria-selected', 'true')
    input.setAttribute('aria-activedescendant', option.id)
    option.scrollIntoView({ block: 'nearest' })
  }

  function open(isOpen: boolean): void {
    popup.hidden = !isOpen
    input.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) activate(-1)
  }

  return {
    isOpen: () => !popup.hidden,
    active: () => options[active],
    count: () => options.length,
    open: () => open(options.length > 0),
    close: () => open(false),
    /** Puts `groups` into the list, none of them active. */
    show(groups: HTMLElement[]): void {
      activate(-1)
      popup.replaceChildren(...groups)
      options = [...popup.querySelectorAll<HTMLElement>('[role=option]')]
      for (const [index, option] of options.entries()) option.id = `${popup.id}-${index}`
    },
    /** Up or down by one; past either end lies the field, and behind it the other end. */
    step(by: 1 | -1): void {
      const places = options.length + 1
      activate(((active + 1 + by + places) % places) - 1)
    },
    first: () => activate(0),
    last: () => activate(options.length - 1),
  }
}

export type List = ReturnType<typeof createList>
export type DrawnGroup = { name: string; options: HTMLElement[] }

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

  const sections = new Map<string, HTMLElement>()

  return {
    isOpen: () => !popup.hidden,
    active: () => options[active],
    count: () => options.length,
    open: () => open(options.length > 0),
    close: () => open(false),
    /** Puts `groups`, which are for `text`, into the list, none of them active. What stands where it belongs is not touched. */
    show(text: string, groups: DrawnGroup[]): void {
      activate(-1)
      popup.dataset['suggestedFor'] = text
      const wanted = groups.map(({ name, options: lines }) => {
        const section = sections.get(name) ?? drawSection(name)
        sections.set(name, section)
        fill(section, lines, 1)
        return section
      })
      fill(popup, wanted, 0)
      options = groups.flatMap((group) => group.options)
      for (const [index, option] of options.entries()) {
        const id = `${popup.id}-${index}`
        if (option.id !== id) option.id = id
      }
    },
    /** Up or down by one; past either end lies the field, and behind it the other end. */
    step(by: 1 | -1): void {
      const places = options.length + 1
      activate(((active + 1 + by + places) % places) - 1)
    },
    /** Back to the field, whatever was active. */
    leave(): void {
      if (active !== -1) activate(-1)
    },
    first: () => activate(0),
    last: () => activate(options.length - 1),
  }
}

function drawSection(name: string): HTMLElement {
  const title = document.createElement('p')
  title.className = 'label text-soft px-4 pt-3 pb-1'
  title.textContent = name
  title.ariaHidden = 'true'
  const section = document.createElement('div')
  section.append(title)
  section.role = 'group'
  section.ariaLabel = name
  return section
}

/** Makes `wanted` the children of `parent` from place `first` on, and moves nothing that need not move. */
function fill(parent: HTMLElement, wanted: HTMLElement[], first: number): void {
  const stay = new Set<Element>(wanted)
  for (const child of [...parent.children].slice(first)) if (!stay.has(child)) child.remove()
  for (const [index, child] of wanted.entries()) {
    const there = parent.children[first + index] ?? null
    if (there !== child) parent.insertBefore(child, there)
  }
}

/** How many pieces are in the bag, for the header alone: whatever buys reads the cart itself. */
export const BAG_COOKIE = 'bag'

/** Writes beside the bag how much is in it. */
export function showBag(): void {
  const pieces = Number(new RegExp(`(?:^|;\\s*)${BAG_COOKIE}=(\\d{1,4})`).exec(document.cookie)?.[1] ?? 0)
  for (const badge of document.querySelectorAll<HTMLElement>('[data-bag]')) {
    badge.hidden = pieces === 0
    badge.textContent = pieces > 99 ? '99+' : String(pieces)
    const words = document.createElement('span')
    words.className = 'sr-only'
    words.textContent = pieces === 1 ? ' piece' : ' pieces'
    badge.append(words)
  }
}

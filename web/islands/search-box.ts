/**
 * Suggestions under the search box. They are fetched with the first sign that somebody is about to search, or once the
 * browser has nothing better to do; until then, and if they never come, the box is a plain form.
 */
const LATEST_MS = 5000

const box = document.querySelector<HTMLFormElement>('form#search-box')
if (box) {
  let isAwake = false
  const wake = () => {
    if (isAwake) return
    isAwake = true
    import('./search/combobox.ts').then(({ attachCombobox }) => attachCombobox(box)).catch(() => (isAwake = false))
  }
  box.addEventListener('focusin', wake)
  box.addEventListener('pointerenter', wake)
  if ('requestIdleCallback' in globalThis) requestIdleCallback(wake, { timeout: LATEST_MS })
}

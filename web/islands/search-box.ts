/**
 * Suggestions under the search box. They are fetched with the first sign that somebody is about to search, so that who
 * never does loads nothing of them; until then, and if they never come, the box is a plain form.
 */
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
}

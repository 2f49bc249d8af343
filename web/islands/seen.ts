import { forgetSeen, isPaused, pause, readSeen } from '../state/seen.ts'

/** The part of "Your data" that only the device itself can tell. */
const count = document.querySelector('[data-seen-count]')
const clear = document.querySelector<HTMLButtonElement>('[data-seen-clear]')
const keep = document.querySelector<HTMLInputElement>('[data-seen-keep]')

function show(): void {
  const pieces = readSeen().length
  if (count) count.textContent = pieces === 0 ? 'Nothing.' : pieces === 1 ? 'One piece.' : `${pieces} pieces.`
  if (clear) clear.disabled = pieces === 0
  if (keep) keep.checked = !isPaused()
}

clear?.addEventListener('click', () => {
  forgetSeen()
  show()
  keep?.focus()
})
keep?.addEventListener('change', () => {
  pause(!keep.checked)
  show()
})
show()

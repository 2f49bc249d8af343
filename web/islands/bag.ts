import { showBag } from '../state/bag.ts'

showBag()
// A page taken back out of memory shows what was in the bag when it was left.
window.addEventListener('pageshow', (event) => event.persisted && showBag())

/** Shows the whole bill of the way of delivery that is chosen. */
function showBill(): void {
  const chosen = document.querySelector<HTMLInputElement>('input[name="option"]:checked')?.value
  for (const bill of document.querySelectorAll<HTMLElement>('[data-bill]'))
    bill.hidden = bill.dataset['bill'] !== chosen
}

document.querySelector('form[action="/checkout/delivery"]')?.addEventListener('change', showBill)
// A page that comes back out of memory keeps what was chosen.
showBill()

import { render } from 'preact'
import { Chooser, type ChooserProps } from '../parts/chooser.tsx'
import { showBag } from '../state/bag.ts'
import { hydrateIsland } from '../state/hydrate.ts'
import { tryOnProduct } from '../tryon/product.ts'

type Choice = { colour: string; size: string | undefined }

/** Opens the fitting room over the page; its script is fetched now and not before. */
async function openTryOn(product: ChooserProps['product'], choice: Choice): Promise<void> {
  const { FittingRoom } = await import('../tryon/fitting-room.tsx')
  const dialog = document.createElement('dialog')
  dialog.className = 'fitting-room'
  dialog.setAttribute('aria-labelledby', 'fitting-room-title')
  document.body.append(dialog)
  dialog.addEventListener('close', () => {
    render(null, dialog)
    dialog.remove()
  })
  render(<FittingRoom product={tryOnProduct(product)} {...choice} onClose={() => dialog.close()} />, dialog)
  dialog.showModal()
}

/** Sends the form as it stands; the answer is a word instead of a page. */
async function addToBag(form: HTMLFormElement): Promise<string | undefined> {
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form) as unknown as Record<string, string>),
      headers: { accept: 'application/json' },
    })
    showBag()
    if (answer.ok) return undefined
    const { trouble } = (await answer.json()) as { trouble?: string }
    return trouble ?? 'That did not work. Please try again in a moment.'
  } catch {
    return 'The shop could not be reached. Please try again in a moment.'
  }
}

hydrateIsland('product', (props: ChooserProps) => (
  <Chooser {...props} onAdd={addToBag} onTryOn={(choice) => void openTryOn(props.product, choice)} />
))

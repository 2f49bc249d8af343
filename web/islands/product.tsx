import { render } from 'preact'
import { Chooser, type ChooserProps } from '../parts/chooser.tsx'
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

hydrateIsland('product', (props: ChooserProps) => (
  <Chooser {...props} onTryOn={(choice) => void openTryOn(props.product, choice)} />
))

import { startSize, type TryOnProduct } from './product.ts'
import { TryOn } from './try-on.tsx'

type FittingRoomProps = { product: TryOnProduct; colour: string; size: string | undefined; onClose: () => void }

/** The try-on as it opens over a product page. */
export function FittingRoom({ product, colour, size, onClose }: FittingRoomProps) {
  return (
    <div class="wrap py-4 sm:py-8">
      <div class="flex items-start justify-between gap-6 mb-6">
        <h2 id="fitting-room-title" class="heading text-2xl sm:text-4xl">
          {product.name}, on you
        </h2>
        <button type="button" class="quiet shrink-0" onClick={onClose}>
          Close
        </button>
      </div>
      <TryOn product={product} colour={colour} size={startSize(product, colour, size)} />
    </div>
  )
}

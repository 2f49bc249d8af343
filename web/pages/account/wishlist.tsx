import type { Frame } from '../../parts/layout.tsx'
import { ProductCard } from '../../parts/product-card.tsx'
import type { Card } from '../../state/views.ts'
import { AccountPage } from './frame.tsx'

type WishlistProps = {
  frame: Frame
  cards: Card[]
  nextCursor: string | null
  said?: string | undefined
}

export function WishlistPage({ frame, cards, nextCursor, said }: WishlistProps) {
  return (
    <AccountPage frame={frame} title="Wishlist" said={said}>
      {cards.length === 0 ? (
        <p class="text-soft">
          Nothing on it. Press “Save for later” beside a piece, and it waits here.{' '}
          <a href="/women" class="quiet">
            Look around
          </a>{' '}
          or{' '}
          <a href="/quiz" class="quiet">
            take the style quiz
          </a>
        </p>
      ) : (
        <>
          <h2 class="sr-only">Pieces</h2>
          <ul class="grid grid-cols-2 md:grid-cols-3 xl:grid-cols-4 gap-x-3 sm:gap-x-6 gap-y-10">
            {cards.map((card) => (
              <li key={card.slug}>
                <ProductCard card={card} />
                <form method="post" action="/account/wishlist/remove">
                  <input type="hidden" name="productId" value={card.id} />
                  <button class="quiet text-sm" aria-label={`Remove ${card.name}`}>
                    Remove
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
      {nextCursor && (
        <a href={`/account/wishlist?cursor=${encodeURIComponent(nextCursor)}`} rel="next" class="outline mt-8">
          More
        </a>
      )}
    </AccountPage>
  )
}

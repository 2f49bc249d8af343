import { showMoney } from '../state/money.ts'
import type { Card, Run } from '../state/views.ts'
import { Picture } from './picture.tsx'
import { productPath, Swatches } from './swatch.tsx'

const CARD_SIZES = '(min-width: 80rem) 19rem, (min-width: 64rem) 25vw, (min-width: 40rem) 33vw, 50vw'

type ProductCardProps = {
  card: Card
  first?: boolean
  /** Its place in the list it stands in, from 0, for those who learn from clicks. */
  position?: number
  /** Why it is shown, in a few words. */
  reason?: string | undefined
}

/** One product in a grid. The name is the link and stretches over the card, so the whole card is one target. */
export function ProductCard({ card, first = false, position, reason }: ProductCardProps) {
  return (
    <article class="group relative" data-product-id={card.id} data-position={position}>
      <div class="aspect-3/4 overflow-hidden bg-sand">
        {card.picture && (
          <Picture
            picture={card.picture}
            sizes={CARD_SIZES}
            first={first}
            decorative
            class="w-full h-full object-cover transition-transform duration-500 group-hover:scale-[1.03]"
          />
        )}
      </div>
      <p class="mt-3 text-xs text-soft">{card.brand}</p>
      <h3 class="text-[0.95rem] leading-snug">
        <a
          href={productPath(card.slug, card.shownIn)}
          class="after:absolute after:inset-0 group-hover:underline underline-offset-4"
        >
          {card.runs ? <Runs runs={card.runs} /> : card.name}
        </a>
      </h3>
      <p class="text-[0.95rem] mt-0.5 tabular-nums">{showMoney(card.price)}</p>
      {card.rating && (
        <p class="mt-0.5 text-xs text-soft tabular-nums">
          <span aria-hidden="true">{`★ ${card.rating.mean.toFixed(1)} (${card.rating.count})`}</span>
          <span class="sr-only">{`${card.rating.mean.toFixed(1)} out of 5 stars, from ${card.rating.count}`}</span>
        </p>
      )}
      {card.snippet && (
        <p class="mt-1 text-sm text-soft line-clamp-2">
          <Runs runs={card.snippet} />
        </p>
      )}
      <Swatches card={card} />
      {reason && <p class="mt-1.5 text-xs text-soft">{reason}</p>}
    </article>
  )
}

/** A text in which what was searched for stands out a little. */
const Runs = ({ runs }: { runs: Run[] }) => (
  <>
    {runs.map(({ text, marked }, index) =>
      marked ? (
        <mark key={index} class="bg-accentpale text-inherit">
          {text}
        </mark>
      ) : (
        text
      ),
    )}
  </>
)

export function ProductGrid({ cards, eager = 4 }: { cards: Card[]; eager?: number }) {
  return (
    <ul class="cards grid grid-cols-2 md:grid-cols-3 xl:grid-cols-4 gap-x-3 sm:gap-x-6 gap-y-10 sm:gap-y-14">
      {cards.map((card, index) => (
        <li key={card.slug}>
          <ProductCard card={card} first={index < eager} position={index} />
        </li>
      ))}
    </ul>
  )
}

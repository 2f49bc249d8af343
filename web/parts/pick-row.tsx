import type { ComponentChildren } from 'preact'
import type { PickRow } from '../state/picks.ts'
import { ProductCard } from './product-card.tsx'

type PickRowProps = {
  row: PickRow
  /** Beside the title: a way to more. */
  children?: ComponentChildren
  class?: string
}

/** A row of products under the reason they are shown for: side by side, and on a phone a strip to push along. */
export function PickSection({ row: { id, title, picks, mixed }, children, class: className = '' }: PickRowProps) {
  if (picks.length === 0) return null
  return (
    <section class={`mt-16 sm:mt-24 ${className}`} aria-labelledby={id} data-row={id}>
      <div class="flex items-end justify-between gap-6 mb-6 sm:mb-8">
        <h2 id={id} class="heading text-3xl sm:text-4xl">
          {title}
        </h2>
        {children}
      </div>
      <ul class="pick-row">
        {picks.map(({ card, reason }, index) => (
          <li key={card.id}>
            <ProductCard card={card} position={index} reason={mixed ? reason.text : undefined} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/**
 * Where the island `for-you` puts what this device remembers and what it picks by that; the server, which knows neither,
 * leaves it empty. `without` is the product that the page itself is about, `picks` the address of a page to choose from.
 */
export function DevicePlace({ without, picks }: { without?: string; picks?: string }) {
  return <div data-device-rows data-without={without} data-picks={picks} class="js-only" />
}

/** The way to the style quiz. */
export function QuizInvitation() {
  return (
    <aside
      aria-labelledby="quiz-invitation"
      class="mt-16 sm:mt-24 bg-sand px-6 py-10 sm:px-12 sm:py-12 flex flex-wrap items-center justify-between gap-x-10 gap-y-6"
    >
      <div class="max-w-xl">
        <h2 id="quiz-invitation" class="heading text-3xl sm:text-4xl">
          Not sure where to begin?
        </h2>
        <p class="mt-3 text-soft">
          A few questions, most of them pictures, and the shop knows what to show you. No account needed.
        </p>
      </div>
      <a href="/quiz" class="solid">
        Take the style quiz
      </a>
    </aside>
  )
}

import type { Card } from '../state/views.ts'

/** A dot of colour, drawn as SVG because the page allows no inline styles. */
export function Dot({ hex, size = 12 }: { hex: string; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="9.5" fill={hex} stroke="#1d1b19" stroke-opacity="0.35" />
    </svg>
  )
}

/** Where a product is shown in a colour. */
export const productPath = (slug: string, colour?: string): string =>
  `/p/${slug}${colour ? `?colour=${encodeURIComponent(colour)}` : ''}`

const MOST = 5

/**
 * The colours of a product, each a link to it in that colour. They are short cuts, out of the way of the keyboard: the
 * product's own link is before them, and its page has the same choice.
 */
export function Swatches({ card: { slug, name, colours, shownIn } }: { card: Card }) {
  const shown = colours.toSorted((a, b) => Number(b.slug === shownIn) - Number(a.slug === shownIn)).slice(0, MOST)
  return (
    <ul aria-label={`Colours of ${name}`} class="relative w-fit flex items-center mt-1 -ml-1.5 min-h-6">
      {shown.map((colour) => (
        <li key={colour.slug} class="flex">
          <a
            href={productPath(slug, colour.slug)}
            tabindex={-1}
            title={colour.name}
            class={`grid place-items-center w-6 h-6 rounded-full hover:bg-line ${colour.slug === shownIn ? 'bg-line' : ''}`}
          >
            <Dot hex={colour.hex} />
            <span class="sr-only">{`${name} in ${colour.name}`}</span>
          </a>
        </li>
      ))}
      {colours.length > MOST && (
        <li class="text-xs text-soft pl-1">
          <span aria-hidden="true">+{colours.length - MOST}</span>
          <span class="sr-only">{`and ${colours.length - MOST} more`}</span>
        </li>
      )}
    </ul>
  )
}

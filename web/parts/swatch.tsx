import type { Colour } from '../state/views.ts'

/** A dot of colour, drawn as SVG because the page allows no inline styles. */
export function Dot({ hex, size = 12 }: { hex: string; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="9.5" fill={hex} stroke="#1d1b19" stroke-opacity="0.35" />
    </svg>
  )
}

export function Swatches({ colours }: { colours: Colour[] }) {
  const shown = colours.slice(0, 5)
  return (
    <p class="flex items-center gap-1.5 mt-2 min-h-4">
      <span class="sr-only">{`Colours: ${colours.map(({ name }) => name).join(', ')}`}</span>
      {shown.map(({ slug, hex }) => (
        <Dot key={slug} hex={hex} />
      ))}
      {colours.length > shown.length && (
        <span aria-hidden="true" class="text-xs text-soft">
          +{colours.length - shown.length}
        </span>
      )}
    </p>
  )
}

import type { Chip } from '../state/chips.ts'

/** The filters that are on; each takes itself away. */
export function Chips({ chips, clear }: { chips: Chip[]; clear: string }) {
  if (chips.length === 0) return null
  return (
    <ul aria-label="Filters that are on" class="flex flex-wrap items-center gap-2 mb-6">
      {chips.map(({ label, href }) => (
        <li key={href}>
          <a
            href={href}
            data-soft
            class="inline-flex items-center gap-2 min-h-9 px-3 bg-sand text-sm hover:bg-ink hover:text-paper transition-colors"
          >
            <span class="sr-only">Take away the filter </span>
            {label}
            <svg
              width="10"
              height="10"
              viewBox="0 0 10 10"
              stroke="currentColor"
              stroke-width="1.5"
              fill="none"
              aria-hidden="true"
            >
              <path d="m1 1 8 8M9 1 1 9" />
            </svg>
          </a>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a href={clear} data-soft class="quiet min-h-9! px-1 text-sm">
            Clear all
          </a>
        </li>
      )}
    </ul>
  )
}

export type TrailStep = { href: string; label: string }

/** Breadcrumbs from the home page to where the shopper is. */
export function Trail({ trail, title }: { trail: TrailStep[]; title: string }) {
  return (
    <nav aria-label="You are here" class="text-sm text-soft">
      <ol class="flex flex-wrap gap-x-2">
        {trail.map(({ href, label }) => (
          <li key={href} class="flex gap-x-2">
            <a href={href} class="inline-flex min-h-6 hover:underline underline-offset-4">
              {label}
            </a>
            <span aria-hidden="true">/</span>
          </li>
        ))}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  )
}

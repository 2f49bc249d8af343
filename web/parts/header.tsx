const LINKS = [
  { href: '/women', label: 'Women' },
  { href: '/men', label: 'Men' },
  { href: '/looks', label: 'My looks' },
]

export function Header({ path }: { path: string }) {
  return (
    <header class="border-b border-line bg-paper">
      <p class="bg-accent text-paper text-center text-xs sm:text-sm">
        <a href="/privacy-of-photos" class="block px-4 py-2.5 hover:underline underline-offset-4">
          Try it on your own photo. It is looked at once and never kept.
        </a>
      </p>
      <div class="wrap flex items-center justify-between gap-x-4 sm:gap-x-8 min-h-16 sm:min-h-20">
        <a href="/" class="font-display text-2xl sm:text-3xl tracking-[-0.02em] py-2" aria-label="EshoTry, home">
          Esho<span class="italic text-accent">Try</span>
        </a>
        <nav aria-label="Main">
          <ul class="flex gap-x-4 sm:gap-x-9">
            {LINKS.map(({ href, label }) => (
              <li key={href}>
                <a
                  href={href}
                  aria-current={path === href ? 'page' : undefined}
                  class="inline-flex items-center min-h-11 text-[0.95rem] border-b border-transparent hover:border-ink aria-[current=page]:border-ink"
                >
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </header>
  )
}

import type { ComponentChildren } from 'preact'
import { SearchBox } from './search-box.tsx'

const LINKS = [
  { href: '/women', label: 'Women' },
  { href: '/men', label: 'Men' },
  { href: '/looks', label: 'My looks' },
]

/**
 * The same for everyone, so that a page which is the same for everyone can be kept by caches: how much is in the bag is
 * written beside its name by the script `bag`, from a cookie that says nothing else.
 */
export function Header({ path, searched }: { path: string; searched?: string | undefined }) {
  return (
    <header class="border-b border-line bg-paper">
      <p class="bg-accent text-paper text-center text-xs sm:text-sm">
        <a href="/privacy-of-photos" class="block px-4 py-2.5 hover:underline underline-offset-4">
          Try it on your own photo. It is looked at once and never kept.
        </a>
      </p>
      <div class="wrap flex flex-wrap md:flex-nowrap items-center justify-between gap-x-4 md:gap-x-6 lg:gap-x-8 md:min-h-20 max-md:pb-2">
        <a href="/" class="font-display text-2xl sm:text-3xl tracking-[-0.02em] py-2" aria-label="EshoTry, home">
          Esho<span class="italic text-accent">Try</span>
        </a>
        <div class="relative flex items-center justify-between gap-x-3 md:gap-x-6 lg:gap-x-8 grow min-w-0 max-md:order-last max-md:w-full md:justify-end">
          <nav aria-label="Main" class="shrink-0">
            <ul class="flex gap-x-4 min-[22rem]:gap-x-5 lg:gap-x-8">
              {LINKS.map(({ href, label }) => (
                <li key={href}>
                  <a
                    href={href}
                    aria-current={path === href ? 'page' : undefined}
                    class="inline-flex items-center min-h-11 whitespace-nowrap text-[0.95rem] border-b border-transparent hover:border-ink aria-[current=page]:border-ink"
                  >
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <SearchBox searched={searched} />
        </div>
        <nav aria-label="Yours" class="shrink-0 -mr-2.5">
          <ul class="flex">
            <IconLink href="/account" label="Account" current={path.startsWith('/account')}>
              <circle cx="12" cy="8" r="4" />
              <path d="M4 21c.6-4.4 3.8-6.5 8-6.5s7.4 2.1 8 6.5" />
            </IconLink>
            <IconLink href="/cart" label="Bag" current={path === '/cart'} count>
              <path d="M5 8h14l1 13H4z" />
              <path d="M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5" />
            </IconLink>
          </ul>
        </nav>
      </div>
    </header>
  )
}

type IconLinkProps = { href: string; label: string; current: boolean; count?: boolean; children: ComponentChildren }

function IconLink({ href, label, current, count, children }: IconLinkProps) {
  return (
    <li>
      <a
        href={href}
        aria-current={current ? 'page' : undefined}
        class="relative inline-flex items-center justify-center gap-2 min-w-11 min-h-11 px-2.5 text-[0.95rem] hover:text-accent aria-[current=page]:text-accent"
      >
        <svg
          width="24"
          height="24"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          aria-hidden="true"
        >
          {children}
        </svg>
        <span class="max-lg:sr-only">{label}</span>
        {count && (
          <span
            data-bag
            hidden
            class="absolute top-0.5 right-0 lg:static grid place-items-center min-w-5 h-5 px-1 rounded-full bg-accent text-paper text-xs tabular-nums leading-none"
          />
        )}
      </a>
    </li>
  )
}

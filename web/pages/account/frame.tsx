import type { ComponentChildren } from 'preact'
import { News } from '../../parts/form.tsx'
import { type Frame, Layout } from '../../parts/layout.tsx'

const PLACES = [
  { href: '/account', label: 'Overview' },
  { href: '/account/orders', label: 'Orders' },
  { href: '/account/wishlist', label: 'Wishlist' },
  { href: '/quiz/picks', label: 'Your style' },
  { href: '/account/addresses', label: 'Addresses' },
  { href: '/account/security', label: 'Signing in' },
  { href: '/account/privacy', label: 'Privacy' },
]

/** Said after something was done, by the word that the address carries. */
const NEWS: Record<string, string> = {
  saved: 'Saved.',
  address: 'The address is saved.',
  removed: 'Removed.',
  password: 'Your password is changed, and you are signed out everywhere else.',
  mail: 'We have sent a link to the new address. Until it is followed the old one stays.',
  passkey: 'The passkey is added. You can sign in with it from now on.',
  session: 'Signed out there.',
}

type AccountPageProps = {
  frame: Frame
  title: string
  said?: string | undefined
  islands?: string[]
  children: ComponentChildren
}

/** A page of the account, beside the ways to the others. */
export function AccountPage({ frame, title, said, islands = [], children }: AccountPageProps) {
  const news = NEWS[said ?? '']
  return (
    <Layout frame={frame} title={`${title} · Your account · EshoTry`} islands={islands} unlisted>
      <div class="wrap py-8 sm:py-14 lg:grid lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-16">
        <nav aria-label="Your account" class="max-lg:mb-8">
          <ul class="flex flex-wrap gap-2 lg:flex-col lg:gap-0">
            {PLACES.map(({ href, label }) => (
              <li key={href}>
                <a
                  href={href}
                  aria-current={href === frame.path ? 'page' : undefined}
                  class="inline-flex items-center min-h-11 px-4 lg:px-0 max-lg:border border-line max-lg:bg-card hover:underline underline-offset-4 aria-[current=page]:underline max-lg:aria-[current=page]:bg-ink max-lg:aria-[current=page]:text-paper"
                >
                  {label}
                </a>
              </li>
            ))}
            <li class="lg:mt-4">
              <form method="post" action="/logout">
                <button class="inline-flex items-center min-h-11 px-4 lg:px-0 max-lg:border border-line max-lg:bg-card hover:underline underline-offset-4 cursor-pointer">
                  Sign out
                </button>
              </form>
            </li>
          </ul>
        </nav>
        <div class="min-w-0">
          <h1 class="heading text-4xl sm:text-5xl mb-8">{title}</h1>
          {news && <News>{news}</News>}
          {children}
        </div>
      </div>
    </Layout>
  )
}

type PartProps = { id: string; title: string; lead?: ComponentChildren; children?: ComponentChildren }

/** One matter of an account's page. */
export function Part({ id, title, lead, children }: PartProps) {
  return (
    <section aria-labelledby={id} class="mt-12 first:mt-0 max-w-2xl">
      <h2 id={id} class="heading text-2xl sm:text-3xl">
        {title}
      </h2>
      {lead && <p class="mt-2 text-soft">{lead}</p>}
      <div class="mt-5">{children}</div>
    </section>
  )
}

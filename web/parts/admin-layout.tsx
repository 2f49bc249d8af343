import type { ComponentChildren } from 'preact'
import { type Desk, SECTIONS, sectionOf } from '../state/admin.ts'
import { News } from './form.tsx'
import { Document, type Frame } from './layout.tsx'

/** What every page of the admin area is drawn with. */
export type View = { frame: Frame; desk: Desk }

type AdminPageProps = {
  view: View
  title: string
  /** The page this one belongs to, where that is not the section itself. */
  back?: { href: string; label: string } | undefined
  lead?: ComponentChildren
  /** Beside the title: what can be begun here. */
  actions?: ComponentChildren
  news?: ComponentChildren
  /** Names of the islands on this page. */
  islands?: string[]
  children: ComponentChildren
}

export function AdminPage({ view, title, back, lead, actions, news, islands = [], children }: AdminPageProps) {
  const { frame, desk } = view
  const section = sectionOf(frame.path)
  const up = back ?? (section && section.href !== frame.path ? section : undefined)
  return (
    <Document frame={frame} title={`${title} · EshoTry admin`} islands={islands} unlisted>
      <AdminHeader desk={desk} />
      <div class="wrap grow grid grid-cols-1 lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-12 content-start">
        <Sections desk={desk} path={frame.path} />
        <main id="content" tabindex={-1} class="outline-none py-6 lg:py-10 pb-20! min-w-0">
          {up && (
            <p class="mb-1">
              <a href={up.href} class="quiet text-sm">
                <span aria-hidden="true">←</span> {up.label}
              </a>
            </p>
          )}
          <div class="flex flex-wrap items-center justify-between gap-x-8 gap-y-4 mb-8">
            <div class="min-w-0">
              <h1 class="heading text-3xl sm:text-4xl">{title}</h1>
              {lead && <div class="mt-2 text-soft">{lead}</div>}
            </div>
            {actions}
          </div>
          {news && <News>{news}</News>}
          {children}
        </main>
      </div>
    </Document>
  )
}

const WORKS_AS: Record<Desk['user']['role'], string> = {
  admin: 'administrator',
  retailer: 'retailer',
  customer: 'customer',
}

function AdminHeader({ desk: { user } }: { desk: Desk }) {
  return (
    <header class="bg-ink text-paper">
      <div class="wrap flex flex-wrap items-center justify-between gap-x-6 min-h-14">
        <a href="/admin" class="inline-flex items-baseline gap-3 py-2">
          <span class="font-display text-2xl tracking-[-0.02em]">
            Esho<span class="italic">Try</span>
          </span>
          <span class="label">Admin</span>
        </a>
        <div class="flex items-center gap-x-5 text-sm">
          <p class="max-md:sr-only">
            {user.email}, {WORKS_AS[user.role]}
          </p>
          <a href="/" class="inline-flex items-center min-h-11 underline underline-offset-4">
            To the shop
          </a>
          <form method="post" action="/logout">
            <button class="inline-flex items-center min-h-11 underline underline-offset-4 cursor-pointer">
              Sign out
            </button>
          </form>
        </div>
      </div>
    </header>
  )
}

/** A column on a large screen, a sheet behind a button on a small one: a popover, which needs no script. */
function Sections({ desk, path }: { desk: Desk; path: string }) {
  const current = sectionOf(path)
  return (
    <div class="lg:py-10 max-lg:pt-4">
      <button type="button" popovertarget="sections" class="outline min-h-11! px-5! lg:hidden">
        Menu <span class="text-soft">{current?.label ?? 'Overview'}</span>
      </button>
      <nav id="sections" popover="auto" aria-label="Admin" class="sheet">
        <div class="flex items-center justify-between lg:hidden mb-2">
          <p class="font-display text-2xl">Admin</p>
          <button type="button" popovertarget="sections" popovertargetaction="hide" class="quiet">
            Close
          </button>
        </div>
        <ul class="lg:sticky lg:top-6">
          {[{ href: '/admin', label: 'Overview' }, ...SECTIONS.filter(({ permission }) => desk.may(permission))].map(
            ({ href, label }) => (
              <li key={href}>
                <a
                  href={href}
                  aria-current={href === (current?.href ?? '/admin') ? 'page' : undefined}
                  class="flex items-center min-h-11 px-3 lg:-ml-3 border-l-2 border-transparent hover:bg-sand aria-[current=page]:border-accent aria-[current=page]:font-medium"
                >
                  {label}
                </a>
              </li>
            ),
          )}
        </ul>
      </nav>
    </div>
  )
}

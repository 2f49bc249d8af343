import type { ComponentChildren } from 'preact'
import type { Assets } from '../assets.ts'
import type { Category } from '../state/views.ts'
import { ConsentNotice } from './consent-notice.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'

/** What every page needs around it. */
export type Frame = {
  assets: Assets
  path: string
  categories: Category[]
  /** What stands in the search box. */
  searched?: string | undefined
  /** Whether this browser was never asked what it may be used for. */
  asks?: boolean | undefined
}

type LayoutProps = {
  frame: Frame
  title: string
  description?: string
  /** Names of the islands on this page; only their scripts are loaded. */
  islands?: string[]
  /** For a page that no search engine should list: it is about one person. */
  unlisted?: boolean
  /** The address of the same page without what only narrows or orders it. */
  canonical?: string | undefined
  children: ComponentChildren
}

export function Layout({ islands = [], children, ...shared }: LayoutProps) {
  const { frame } = shared
  return (
    <Document {...shared} islands={['bag', 'search-box', 'events', ...islands]}>
      <Header path={frame.path} searched={frame.searched} />
      <main id="content" tabindex={-1} class="outline-none">
        {children}
      </main>
      <Footer categories={frame.categories} />
      {frame.asks && <ConsentNotice back={frame.path} />}
    </Document>
  )
}

/** What is around every page, the shopper's and the shopkeeper's; `children` have the `main` that is skipped to, `#content`. */
export function Document({ frame, title, description, islands = [], unlisted, canonical, children }: LayoutProps) {
  const scripts = islands.flatMap((name) => frame.assets.islands[name] ?? [])
  const chunks = new Set(scripts.flatMap((script) => script.chunks))
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {description && <meta name="description" content={description} />}
        {unlisted && <meta name="robots" content="noindex" />}
        {canonical && <link rel="canonical" href={canonical} />}
        <meta name="theme-color" content="#fcfbf9" />
        <link rel="stylesheet" href={frame.assets.stylesheet} />
        <link rel="icon" href={frame.assets.icon} type="image/svg+xml" />
        {[...chunks].map((src) => (
          <link key={src} rel="modulepreload" href={src} />
        ))}
        {scripts.map(({ src }) => (
          <script key={src} type="module" src={src} />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        {children}
      </body>
    </html>
  )
}

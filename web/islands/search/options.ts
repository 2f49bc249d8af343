import { addressOf } from '../../state/shapes.ts'
import { showMoney } from '../../state/money.ts'
import type { ProductSuggestion, Suggestions } from './shapes.ts'

/** How wide a product's picture is fetched, in px: it is drawn at 48 on screens of up to three pixels in one. */
const PICTURE_PX = 160
const LINE =
  'flex items-center gap-3 px-4 min-h-11 py-1.5 leading-snug text-[0.95rem] hover:bg-sand aria-selected:bg-accentpale outline-2 outline-transparent -outline-offset-2 aria-selected:outline-solid'

type Child = Node | string | undefined

function element<K extends keyof HTMLElementTagNameMap>(tag: K, look: string, ...children: Child[]) {
  const made = document.createElement(tag)
  made.className = look
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** An option is a link, so that a finger, a middle click and the menu of the browser do what they do with links. */
function option(href: string, ...children: Child[]): HTMLAnchorElement {
  const made = element('a', LINE, ...children)
  made.href = href
  made.tabIndex = -1
  made.role = 'option'
  made.ariaSelected = 'false'
  return made
}

/** What is typed stands as it is, what would come in addition stands out. */
function completion(text: string, typed: string): Child[] {
  if (!text.toLowerCase().startsWith(typed.toLowerCase())) return [element('span', 'font-medium', text)]
  const rest = text.slice(typed.length)
  return [element('span', 'whitespace-pre-wrap', text.slice(0, typed.length), element('b', 'font-semibold', rest))]
}

function drawProduct({ slug, name, brand, price, image }: ProductSuggestion): HTMLAnchorElement {
  const ground = element('span', 'shrink-0 block w-12 h-16 bg-sand overflow-hidden')
  if (image) {
    const picture = element('img', 'w-full h-full object-cover')
    picture.alt = ''
    picture.width = 48
    picture.height = 64
    picture.decoding = 'async'
    picture.src = `${image.url}/${PICTURE_PX}.webp`
    ground.append(picture)
  }
  const words = element(
    'span',
    'grow min-w-0',
    element('span', 'block text-xs text-soft', brand.name),
    element('span', 'block line-clamp-2', name),
  )
  return option(`/p/${slug}`, ground, words, element('span', 'shrink-0 tabular-nums', showMoney(price)))
}

/** Drawn before: most of them stay from one letter to the next, and their pictures need not be drawn anew. */
const drawn = new Map<string, HTMLAnchorElement>()
const MOST_KEPT = 60

function product(suggestion: ProductSuggestion): HTMLAnchorElement {
  const key = `${suggestion.slug} ${suggestion.price.amount}`
  const made = drawn.get(key) ?? drawProduct(suggestion)
  if (drawn.size >= MOST_KEPT) drawn.clear()
  drawn.set(key, made)
  return made
}

function group(name: string, options: HTMLAnchorElement[]): HTMLElement | undefined {
  if (options.length === 0) return undefined
  const title = element('p', 'label text-soft px-4 pt-3 pb-1', name)
  title.ariaHidden = 'true'
  const made = element('div', '', title, ...options)
  made.role = 'group'
  made.ariaLabel = name
  return made
}

const searchFor = (name: string, value: string) => `/search?${new URLSearchParams({ [name]: value })}`

/** The groups of a list, in the order in which they are read. */
export function drawSuggestions(typed: string, found: Suggestions): HTMLElement[] {
  return [
    group(
      'Searches',
      found.queries.map(({ text }) => option(searchFor('q', text), ...completion(text, typed))),
    ),
    group('Pieces', found.products.map(product)),
    group(
      'Categories',
      found.categories.map(({ slug, path }) => option(addressOf(slug), path.join(' / '))),
    ),
    group(
      'Brands',
      found.brands.map(({ slug, name }) => option(searchFor('brand', slug), name)),
    ),
  ].filter((made) => made !== undefined)
}

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

function drawProduct({ id, slug, name, brand, price, image }: ProductSuggestion): HTMLAnchorElement {
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
  const made = option(`/p/${slug}`, ground, words, element('span', 'shrink-0 tabular-nums', showMoney(price)))
  made.dataset['productId'] = id
  return made
}

/** One line of the list. The same key is the same line, from one letter to the next. */
type Line = { key: string; draw: () => HTMLAnchorElement }
export type Group = { name: string; lines: Line[] }

const searchFor = (name: string, value: string) => `/search?${new URLSearchParams({ [name]: value })}`

/** What a list has, in the order in which it is read; groups with nothing in them are left out. */
export function suggestionGroups(typed: string, { queries, products, categories, brands }: Suggestions): Group[] {
  const groups: Group[] = [
    {
      name: 'Searches',
      lines: queries.map(({ text }) => ({
        key: `query ${typed} ${text}`,
        draw: () => option(searchFor('q', text), ...completion(text, typed)),
      })),
    },
    {
      name: 'Pieces',
      lines: products.map((one) => ({ key: `piece ${one.slug} ${one.price.amount}`, draw: () => drawProduct(one) })),
    },
    {
      name: 'Categories',
      lines: categories.map(({ slug, path }) => ({
        key: `category ${slug}`,
        draw: () => option(addressOf(slug), path.join(' / ')),
      })),
    },
    {
      name: 'Brands',
      lines: brands.map(({ slug, name }) => ({
        key: `brand ${slug}`,
        draw: () => option(searchFor('brand', slug), name),
      })),
    },
  ]
  return groups.filter(({ lines }) => lines.length > 0)
}

const drawn = new Map<string, HTMLAnchorElement>()
const MOST_KEPT = 120

/** Most lines stay from one letter to the next, and neither they nor their pictures need be drawn anew. */
export function drawLine({ key, draw }: Line): HTMLAnchorElement {
  const made = drawn.get(key) ?? draw()
  if (drawn.size >= MOST_KEPT) drawn.clear()
  drawn.set(key, made)
  return made
}

import type { Fit, Item, Season } from './item.ts'
import { sizeGroupOf } from './slots.ts'

/** What the quiz was told, by question: option ids; an empty list is a question passed over. */
export type Answers = Readonly<Record<string, readonly string[]>>

/** What a shopper said of themselves, and where they are. */
export type Taste = {
  readonly answers: Answers
  /** Their size in each chart, where they said it. */
  readonly sizes: { readonly top?: string | null; readonly bottom?: string | null; readonly dress?: string | null }
  readonly fit: Fit | null
  /** Names of colours, brands and styles as they wrote them. */
  readonly colours: readonly string[]
  readonly brands: readonly string[]
  readonly styles: readonly string[]
  readonly season: Season
  /** An occasion, or the slug of a category; undefined elsewhere. */
  readonly context: string | undefined
  /** Of what they liked: how much of it was of each brand, and the mean natural logarithm of its price. */
  readonly brandShares: ReadonlyMap<string, number>
  readonly price: number | undefined
}

/** One thing that speaks for a product (or against it), in points. */
export type Point = {
  readonly kind: 'quiz' | 'brand' | 'size' | 'fit' | 'budget' | 'occasion' | 'season'
  readonly text: string
  readonly points: number
  /** What speaks for it, such as `pattern:floral`: whatever else says the same is the same reason. */
  readonly key: string
}

/** What each rule counts for, at most. */
const POINTS = { size: 3, context: 3, quiz: 2, budget: 2, brand: 1.5, said: 1.5, season: 1, price: 1 } as const

/** What follows `for`. */
const OCCASIONS: Readonly<Record<string, string>> = {
  wedding: 'weddings',
  party: 'parties',
  festival: 'festivals',
  picnic: 'picnics',
  holiday: 'holidays',
  evening: 'evenings',
  casual: 'casual days',
  outdoor: 'outdoors',
  beach: 'the beach',
}

/** `wedding` as in `popular for weddings`; an occasion of the shop's own as it is. */
export const occasionName = (occasion: string): string => OCCASIONS[occasion] ?? occasion

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

/** Every rule that says something of this product. Their sum is its part of knowledge. */
export function pointsOf(item: Item, taste: Taste): Point[] {
  const points: Point[] = []
  judge(item, taste, (kind, say, amount, key) => {
    const text = say()
    if (amount !== 0) points.push({ kind, text, points: amount, key: key?.() ?? `${kind}:${text}` })
  })
  return points
}

/** The sum alone, for the many products of which nobody asks why. */
export function sumOfPoints(item: Item, taste: Taste): number {
  let sum = 0
  judge(item, taste, (_kind, _say, amount) => (sum += amount))
  return sum
}

function judge(item: Item, taste: Taste, add: Add): void {
  addSize(item, taste, add)
  addContext(item, taste, add)
  addAnswers(item, taste.answers, add)
  addSaid(item, taste, add)
  if (item.seasons.length > 0)
    add(
      'season',
      () => `Made for ${taste.season}`,
      item.seasons.includes(taste.season) ? POINTS.season : -POINTS.season / 2,
    )
  const share = taste.brandShares.get(item.brand)
  if (share !== undefined) add('brand', () => `More from ${item.brandName}`, POINTS.brand * share)
  if (taste.price !== undefined) {
    const apart = Math.abs(Math.log(Math.max(1, item.amount)) - taste.price)
    add('budget', () => 'About what you usually spend', POINTS.price * Math.max(0, 1 - apart))
  }
}

/** Words are put together only where somebody reads them. */
type Add = (kind: Point['kind'], say: () => string, amount: number, key?: () => string) => void

function addSize(item: Item, { sizes }: Taste, add: Add): void {
  const group = sizeGroupOf(item.slot)
  const size = group && sizes[group]
  if (!size) return
  const there = item.sizes.some((one) => one.toLowerCase() === size.toLowerCase())
  add('size', () => `In stock in your size ${size}`, there ? POINTS.size / 3 : -POINTS.size)
}

function addContext(item: Item, { context }: Taste, add: Add): void {
  if (context === undefined) return
  if (item.occasions.includes(context))
    add(
      'occasion',
      () => `For ${occasionName(context)}`,
      POINTS.context,
      () => `occasion:${context}`,
    )
  else if (item.path.includes(context))
    add(
      'occasion',
      () => `From ${nameOf('kind', context)}`,
      POINTS.context,
      () => `path:${context}`,
    )
}

/** The lists of the shelf that options of the quiz stand for. */
const LISTS: Readonly<Record<string, string>> = {
  occasion: 'occasion',
  kind: 'path',
  pattern: 'pattern',
  colour: 'colour',
}

/** `women-dresses` is `Dresses`, `floral` is `Floral`. */
const nameOf = (question: string, option: string): string =>
  capital(question === 'kind' ? option.slice(option.indexOf('-') + 1).replaceAll('-', ' ') : option)

/** A list of the shelf that the answers or the place name, with the reason that it makes. */
export type Named = { readonly list: string; readonly kind: 'quiz' | 'occasion'; readonly text: string }

/** The lists that a shopper's answers and where they are point to. */
export function listsIn({ answers, context }: Taste): Named[] {
  const lists: Named[] = Object.entries(LISTS).flatMap(([question, list]) =>
    (answers[question] ?? []).map((option) => ({
      list: `${list}:${option}`,
      kind: 'quiz' as const,
      text: `From your quiz: ${nameOf(question, option)}`,
    })),
  )
  if (context !== undefined)
    lists.push(
      { list: `occasion:${context}`, kind: 'occasion', text: `For ${occasionName(context)}` },
      { list: `path:${context}`, kind: 'occasion', text: `From ${nameOf('kind', context)}` },
    )
  return lists
}

/** What of the answers a product meets, each option by name. */
function addAnswers(item: Item, answers: Answers, add: Add): void {
  const meet = (question: string, has: (option: string) => boolean, worth: number = POINTS.quiz) => {
    const met = (answers[question] ?? []).find(has)
    if (met !== undefined)
      add(
        'quiz',
        () => `From your quiz: ${nameOf(question, met)}`,
        worth,
        () => `${LISTS[question] ?? question}:${met}`,
      )
  }
  meet('department', (option) => item.department === option, POINTS.quiz / 2)
  meet('occasion', (option) => item.occasions.includes(option))
  meet('kind', (option) => item.path.includes(option))
  meet('pattern', (option) => item.pattern === option)
  meet('colour', (option) => item.colours.includes(option))
  const [fit] = answers['fit'] ?? []
  if (fit === item.fit) add('quiz', () => `From your quiz: ${fit} fit`, POINTS.quiz)
  const [budget] = answers['budget'] ?? []
  const most = Number(budget)
  if (Number.isFinite(most) && most > 0)
    add(
      'budget',
      () => 'Within your budget',
      item.amount <= most ? POINTS.budget : -POINTS.budget * Math.min(1, item.amount / most - 1),
    )
}

/** What the preferences of an account say. */
function addSaid(item: Item, { fit, colours, brands, styles }: Taste, add: Add): void {
  if (fit !== null && item.fit !== 'regular')
    add(
      'fit',
      () => `The ${fit} fit that you like`,
      POINTS.said * (item.fit === fit ? 1 : fit === 'regular' ? -0.3 : -0.6),
    )
  const brand = brands.find((name) => name.toLowerCase() === item.brandName.toLowerCase() || name === item.brand)
  if (brand !== undefined) add('brand', () => `By ${item.brandName}, which you like`, POINTS.said)
  const colour = colours.find((name) => item.colours.includes(name.toLowerCase()))
  if (colour !== undefined) add('quiz', () => `In ${colour.toLowerCase()}, as you like`, POINTS.said)
  const style = styles.find(
    (name) => item.occasions.includes(name.toLowerCase()) || item.pattern === name.toLowerCase(),
  )
  if (style !== undefined) add('quiz', () => `Your style: ${style.toLowerCase()}`, POINTS.said)
}

const SEPARATORS = /[;:,]/g

/** `department:women;occasion:work,party`: for a link, a form's hidden field, or the device. */
export const writeAnswers = (answers: Answers): string =>
  Object.entries(answers)
    .map(
      ([question, options]) => `${question}:${options.map((option) => option.replaceAll(SEPARATORS, ' ')).join(',')}`,
    )
    .join(';')

/** Reads what `writeAnswers` wrote; what is malformed says nothing. */
export function readAnswers(text: string): Answers {
  const read: Record<string, string[]> = {}
  for (const part of text.split(';').slice(0, 20)) {
    const [question = '', options] = part.split(':', 2)
    if (!/^[a-z]{1,40}$/.test(question) || options === undefined) continue
    read[question] = options
      .split(',')
      .filter((option) => option !== '' && option.length <= 60)
      .slice(0, 12)
  }
  return read
}

import { compareSizes } from '../../catalog/pure/size-order.ts'
import { FAMILIES, type Item } from './item.ts'
import type { Shelf } from './shelf.ts'
import { sizeGroupOf } from './slots.ts'
import type { Answers } from './taste.ts'

export type QuestionId = 'department' | 'occasion' | 'kind' | 'pattern' | 'colour' | 'fit' | 'budget' | 'size'

export type Question = {
  readonly id: QuestionId
  readonly text: string
  readonly kind: 'one' | 'many'
  /** What knowing the answer is worth beside how evenly it splits. */
  readonly worth: number
}

/** The pool of questions; which are asked, and in which order, depends on the answers. */
export const QUESTIONS: readonly Question[] = [
  { id: 'department', text: 'Where do you shop?', kind: 'one', worth: 10 },
  { id: 'occasion', text: 'What are you dressing for?', kind: 'many', worth: 1.2 },
  { id: 'kind', text: 'What are you looking for?', kind: 'many', worth: 1.1 },
  { id: 'pattern', text: 'Which patterns do you like?', kind: 'many', worth: 1 },
  { id: 'colour', text: 'Which colours do you wear?', kind: 'many', worth: 0.75 },
  { id: 'fit', text: 'How should it sit?', kind: 'one', worth: 1.1 },
  { id: 'budget', text: 'What do you like to spend on a piece?', kind: 'one', worth: 0.9 },
  { id: 'size', text: 'Which size do you wear on top?', kind: 'one', worth: 0.6 },
]

/** The quiz ends after so many, or when the rest would tell nothing. */
export const MOST_QUESTIONS = 7
const LEAST_WORTH = 0.5
const MOST_OPTIONS = 8
/** A product that an answer speaks against still counts a little for what to ask next. */
const OTHERWISE = 0.15
/** More than this many say no more of a split. */
const SAMPLE = 3_000

export type Option = {
  readonly id: string
  readonly label: string
  readonly hex: string | null
  /** Of the products that are left, how much has it; 0 to 1. */
  readonly share: number
  /** A product that is typical of it. */
  readonly place: number | undefined
}

export type Asked = { readonly question: Question; readonly options: readonly Option[] }

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
const FIT_LABELS: Readonly<Record<string, string>> = {
  close: 'Close to the body',
  regular: 'Regular',
  loose: 'Loose and easy',
}

/** Does a product meet an option of a question? */
function meets(item: Item, question: QuestionId, option: string): boolean {
  switch (question) {
    case 'department':
      return item.department === option
    case 'occasion':
      return item.occasions.includes(option)
    case 'kind':
      return item.path.includes(option)
    case 'pattern':
      return item.pattern === option
    case 'colour':
      return item.colours.includes(option)
    case 'fit':
      return item.fit === option
    case 'budget':
      return item.amount <= Number(option)
    case 'size':
      return sizeGroupOf(item.slot) === 'top' && item.sizes.includes(option)
  }
}

/** The options that a product itself names. */
function namedBy(item: Item, question: QuestionId): readonly string[] {
  switch (question) {
    case 'department':
      return [item.department]
    case 'occasion':
      return item.occasions
    case 'kind':
      return item.path.length > 1 ? [item.path[1]!] : []
    case 'pattern':
      return item.pattern === undefined ? [] : [item.pattern]
    case 'colour':
      return item.colours
    case 'fit':
      return [item.fit]
    case 'budget':
      return []
    case 'size':
      return sizeGroupOf(item.slot) === 'top' ? item.sizes : []
  }
}

/** `women-dresses` below `women` is `Dresses`. */
function kindLabel(item: Item): string {
  const [root = '', slug = ''] = item.path
  const own = slug.startsWith(`${root}-`) ? slug.slice(root.length + 1) : slug
  return capital(own.replaceAll('-', ' '))
}

const isQuestion = (id: string): id is QuestionId => QUESTIONS.some((question) => question.id === id)

/** How much each product still counts after the answers; who shops menswear leaves no dress behind. */
function weighItems(shelf: Shelf, answers: Answers): { place: number; weight: number }[] {
  const given = Object.entries(answers).flatMap(([id, options]) =>
    isQuestion(id) && options.length > 0 ? [{ id, options }] : [],
  )
  const left: { place: number; weight: number }[] = []
  for (const place of shelf.pool().slice(0, SAMPLE)) {
    if (!shelf.isOffered(place)) continue
    const item = shelf.items[place]!
    let weight = 1
    for (const { id, options } of given) {
      if (options.some((option) => meets(item, id, option))) continue
      weight *= id === 'department' ? 0 : OTHERWISE
    }
    if (weight > 0) left.push({ place, weight })
  }
  return left
}

type Left = readonly { place: number; weight: number }[]

/** Steps of a round amount that leave about a third, two thirds and nearly all of the products within them. */
function budgets(shelf: Shelf, left: Left): string[] {
  const amounts = left.map(({ place }) => shelf.items[place]!.amount).toSorted((a, b) => a - b)
  if (amounts.length < 6 || new Set(left.map(({ place }) => shelf.items[place]!.currency)).size > 1) return []
  const rounded = [0.35, 0.7, 0.92].map((part) => {
    const amount = amounts[Math.floor(part * (amounts.length - 1))]!
    const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, amount))) - 1) * 5
    return Math.ceil(amount / step) * step
  })
  return [...new Set(rounded)].map(String)
}

function labelOf(question: QuestionId, option: string, shelf: Shelf, example: Item | undefined): string {
  if (question === 'kind') return example ? kindLabel(example) : option
  if (question === 'fit') return FIT_LABELS[option] ?? capital(option)
  if (question === 'size') return option
  if (question !== 'budget') return capital(option)
  const currency = shelf.items[shelf.pool()[0] ?? 0]?.currency ?? 'EUR'
  const money = new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 })
  const digits = money.resolvedOptions().currency === 'JPY' ? 0 : 2
  return `Up to ${money.format(Number(option) / 10 ** digits)}`
}

/** What can be answered to a question, sizes from the smallest, else the most frequent first, each with a product that no other option shows. */
function optionsOf(shelf: Shelf, { id }: Question, left: Left): Option[] {
  const total = left.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return []
  const counts = new Map<string, number>()
  if (id === 'budget')
    for (const option of budgets(shelf, left))
      counts.set(
        option,
        left.reduce((sum, { place, weight }) => sum + (shelf.items[place]!.amount <= Number(option) ? weight : 0), 0),
      )
  else
    for (const { place, weight } of left)
      for (const option of namedBy(shelf.items[place]!, id)) counts.set(option, (counts.get(option) ?? 0) + weight)
  const ids = [...counts].filter(([option, weight]) => option !== '' && weight / total > 0.02)
  const frequent = id === 'budget' ? ids : ids.toSorted((a, b) => b[1] - a[1]).slice(0, MOST_OPTIONS)
  const ordered = id === 'size' ? frequent.toSorted(([a], [b]) => compareSizes(a, b)) : frequent
  const shown = new Set<number>()
  return ordered.map(([option, weight]) => {
    const place = exampleOf(shelf, id, option, left, shown)
    if (place !== undefined) shown.add(place)
    const label = labelOf(id, option, shelf, place === undefined ? undefined : shelf.items[place])
    return { id: option, label, hex: id === 'colour' ? (FAMILIES[option] ?? null) : null, share: weight / total, place }
  })
}

/** The product nearest to the middle of those that have it, so that the picture shows what the word means. */
function exampleOf(
  shelf: Shelf,
  id: QuestionId,
  option: string,
  left: Left,
  shown: ReadonlySet<number>,
): number | undefined {
  const having = left.filter(({ place }) => meets(shelf.items[place]!, id, option)).slice(0, 200)
  const centre = shelf.vectors.centreOf(having.map(({ place }) => place))
  const [data, inverse, size] = [shelf.vectors.data(), shelf.vectors.inverse(), shelf.vectors.dimensions]
  let best: { place: number; typical: number } | undefined
  for (const { place, weight } of having) {
    if (shown.has(place)) continue
    let dot = 0
    for (let d = 0; d < size; d++) dot += centre[d]! * data[place * size + d]!
    const others = namedBy(shelf.items[place]!, id).length - 1
    const typical = weight * (1 + dot * inverse[place]!) - 0.15 * others
    if (!best || typical > best.typical) best = { place, typical }
  }
  return best?.place
}

/** Bits that the answer is expected to tell: the mean entropy of having an option or not, over the options. */
function worthOf({ question, options }: Asked): number {
  if (options.length < 2) return 0
  const bits = options.map(({ share }) => {
    const p = Math.min(1 - 1e-9, Math.max(1e-9, share))
    return -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)
  })
  // Several options tell more than one, but less than their sum: they overlap.
  return (question.worth * bits.reduce((sum, one) => sum + one, 0)) / Math.sqrt(options.length)
}

/** This question with its options as they are after the other answers; undefined for one that is not to be asked. */
export function askAgain(shelf: Shelf, answers: Answers, id: string): Asked | undefined {
  const question = QUESTIONS.find((one) => one.id === id)
  if (!question) return undefined
  const { [id]: _own, ...others } = answers
  const options = optionsOf(shelf, question, weighItems(shelf, others))
  return options.length < 2 ? undefined : { question, options }
}

/** The question that tells most after these answers; undefined when enough were asked or the rest tells nothing. */
export function nextQuestion(shelf: Shelf, answers: Answers): Asked | undefined {
  if (Object.keys(answers).length >= MOST_QUESTIONS) return undefined
  const left = weighItems(shelf, answers)
  let best: { asked: Asked; worth: number } | undefined
  for (const question of QUESTIONS) {
    if (answers[question.id] !== undefined) continue
    const asked = { question, options: optionsOf(shelf, question, left) }
    const worth = worthOf(asked)
    if (worth >= LEAST_WORTH && (!best || worth > best.worth)) best = { asked, worth }
  }
  return best?.asked
}

/** What was answered, by name, in the order of the pool. */
export function describeAnswers(
  shelf: Shelf,
  answers: Answers,
): { questionId: string; text: string; labels: string[] }[] {
  return QUESTIONS.flatMap(({ id, text }) => {
    const options = answers[id]
    if (options === undefined) return []
    const labels = options.map((option) => {
      const place = id === 'kind' ? shelf.listed(`path:${option}`)[0] : undefined
      return labelOf(id, option, shelf, place === undefined ? undefined : shelf.items[place])
    })
    return [{ questionId: id, text, labels }]
  })
}

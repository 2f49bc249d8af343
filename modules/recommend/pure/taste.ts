import type { Fit, Season } from './item.ts'

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

/** The lists of the shelf that options of the quiz stand for. */
export const LISTS: Readonly<Record<string, string>> = {
  occasion: 'occasion',
  kind: 'path',
  pattern: 'pattern',
  colour: 'colour',
}

/** `women-dresses` is `Dresses`, `floral` is `Floral`. */
export const nameOf = (question: string, option: string): string =>
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

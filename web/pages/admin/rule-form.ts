import type { InferRequestType, InferResponseType } from 'hono/client'
import type { Client } from '../../../openapi/client.ts'
import { readMoment } from '../../state/admin.ts'
import { type FieldSpec, type FormState, readForm } from '../../state/forms.ts'

type Rules = Client['v1']['admin']['search']['rules']
export type Rule = InferResponseType<Rules['$get'], 200>['items'][number]
export type Kind = Rule['kind']
type NewRule = InferRequestType<Rules['$post']>['json']
type Patch = InferRequestType<Rules[':id']['$patch']>['json']
/** All that a form sets: what is left empty is null. */
type Content = Required<Omit<Patch, 'active'>>

/** What the shop has, by slug, as staff call it; categories with what they lie under. */
type Named = { slug: string; name: string }
export type Names = { brands: Named[]; categories: Named[] }
/** The id of the piece that a slug or an id stands for. */
export type FindProduct = (text: string) => Promise<string | undefined>

export const KINDS: readonly { value: Kind; label: string; does: string }[] = [
  { value: 'synonym', label: 'Synonym', does: 'Words that find the same.' },
  { value: 'pin', label: 'Pin', does: 'Pieces that stand at the top, in the order you give them.' },
  { value: 'boost', label: 'Boost', does: 'Pieces, brands or categories that come earlier.' },
  { value: 'bury', label: 'Bury', does: 'Pieces, brands or categories that come later.' },
  { value: 'hide', label: 'Hide', does: 'Pieces, brands or categories that are not found at all.' },
]

const TIME = { type: 'datetime-local', optional: true, half: true, hint: 'In UTC.' } as const
const LIST = { optional: true, rows: 3, most: 8000 } as const

const WHEN: readonly FieldSpec[] = [
  { ...TIME, name: 'from', label: 'From', wrong: 'Choose a day and a time.' },
  { ...TIME, name: 'until', label: 'Until', wrong: 'Choose a day and a time after the first.' },
  {
    name: 'note',
    label: 'Note',
    optional: true,
    rows: 2,
    most: 500,
    hint: 'For those who work here: why there is this rule.',
    wrong: 'Use at most 500 letters.',
  },
]

const SYNONYM: readonly FieldSpec[] = [
  {
    name: 'words',
    label: 'Words that stand for each other',
    optional: true,
    most: 2000,
    hint: 'With commas between them, like: jumper, sweater, pullover.',
    wrong: 'Give two words or more, or fill in the two fields below, not both.',
  },
  { name: 'oneWayFrom', label: 'Or one way: this word', optional: true, half: true, most: 60, wrong: 'Give one word.' },
  {
    name: 'oneWayTo',
    label: 'finds these as well',
    optional: true,
    half: true,
    most: 2000,
    wrong: 'Give the words that it finds as well.',
  },
]

const PRODUCTS: FieldSpec = {
  ...LIST,
  name: 'products',
  label: 'Pieces',
  hint: 'A line each: the address of its page, or the end of it.',
  wrong: 'Name what the rule is about.',
}

const PINNED: FieldSpec = {
  ...PRODUCTS,
  optional: false,
  rows: 5,
  hint: `${PRODUCTS.hint} With a number before it, it has that place.`,
}

/** The fields of a rule of its kind. */
export function ruleFields(kind: Kind, { categories }: Names): FieldSpec[] {
  if (kind === 'synonym') return [...SYNONYM, ...WHEN]
  const on: FieldSpec[] = [
    {
      name: 'query',
      label: 'For the search',
      optional: true,
      half: true,
      hint: 'Empty: for every one.',
      wrong: 'Use at most 200 letters.',
    },
    {
      name: 'category',
      label: 'In the category',
      optional: true,
      half: true,
      hint: 'And in all under it.',
      options: [{ value: '', label: 'All' }, ...categories.map(({ slug, name }) => ({ value: slug, label: name }))],
      wrong: 'Choose one.',
    },
  ]
  if (kind === 'pin') return [...on, PINNED, ...WHEN]
  const about: FieldSpec[] = [
    PRODUCTS,
    { ...LIST, name: 'brands', label: 'Brands', rows: 2, hint: 'With commas between them.', wrong: 'Name a brand.' },
    {
      ...LIST,
      name: 'categories',
      label: 'Categories',
      hint: 'A line each, like: Women / Dresses.',
      wrong: 'Name a category.',
    },
  ]
  return kind === 'hide' ? [...on, ...about, ...WHEN] : [...on, ...about, factorField(kind), ...WHEN]
}

const factorField = (kind: 'boost' | 'bury'): FieldSpec => ({
  name: 'factor',
  label: 'How much',
  optional: true,
  keys: 'decimal',
  most: 8,
  hint: kind === 'boost' ? 'Above 1; empty is 2: twice as relevant.' : 'Below 1; empty is 0.5: half as relevant.',
  wrong: kind === 'boost' ? 'Enter a number above 1, at most 100.' : 'Enter a number below 1, at least 0.01.',
})

const listed = (text: string | undefined, between: RegExp): string[] =>
  (text ?? '')
    .split(between)
    .map((one) => one.trim())
    .filter(Boolean)

const orNull = <T>(list: T[]): T[] | null => (list.length > 0 ? list : null)

type Reading = { kind: Kind; names: Names; findProduct: FindProduct }

/** What a form says of a rule, with a sentence in `state.errors` for each field that cannot be right. */
export async function readRuleForm(form: FormData, { kind, names, findProduct }: Reading) {
  const state = readForm(form, ruleFields(kind, names))
  const { values } = state
  const content: Content = {
    on: {
      ...(values['query'] && { query: values['query'] }),
      ...(values['category'] && { category: values['category'] }),
    },
    words: orNull(listed(values['words'], /[,\n]/)),
    oneWay: oneWayOf(state),
    products: await productsOf(state, findProduct),
    brands: namesOf(state, { field: 'brands', between: /[,\n]/, among: names.brands }),
    categories: namesOf(state, { field: 'categories', between: /\n/, among: names.categories }),
    factor: factorOf(state),
    note: values['note'] || null,
    from: timeOf(state, 'from'),
    until: timeOf(state, 'until'),
  }
  return { state, content }
}

function oneWayOf({ values, errors }: FormState): Content['oneWay'] {
  const [from = '', to] = [values['oneWayFrom'], listed(values['oneWayTo'], /[,\n]/)]
  if (from === '' && to.length === 0) return null
  if (from === '') errors['oneWayFrom'] = 'Give the word that finds the others.'
  if (to.length === 0) errors['oneWayTo'] = 'Give the words that it finds as well.'
  return { from, to }
}

/** `3 linen-shirt` has the third place. */
const PLACED = /^(\d{1,3})[.)]?\s+(?=\S)/

/** The slug in a line: the end of an address is enough. */
export const pieceIn = (line: string): string =>
  line.replace(PLACED, '').split(/[?#]/)[0]?.split('/').findLast(Boolean) ?? ''

async function productsOf({ values, errors }: FormState, findProduct: FindProduct): Promise<Content['products']> {
  const lines = listed(values['products'], /\n/)
  const read = await Promise.all(
    lines.map(async (line) => {
      const place = PLACED.exec(line)?.[1]
      const productId = await findProduct(pieceIn(line))
      return productId && { productId, ...(place && { position: Number(place) }) }
    }),
  )
  const unknown = lines.filter((_, index) => !read[index])
  if (unknown.length > 0) errors['products'] = `There is no piece at ${unknown.join(', ')}.`
  return orNull(read.filter((product) => typeof product === 'object'))
}

type Naming = { field: 'brands' | 'categories'; between: RegExp; among: Named[] }

const isSame = (a: string, b: string): boolean => a.localeCompare(b, 'en', { sensitivity: 'base' }) === 0

function namesOf({ values, errors }: FormState, { field, between, among }: Naming): string[] | null {
  const words = listed(values[field], between)
  const slugs = words.map((word) => among.find(({ slug, name }) => slug === word || isSame(name, word))?.slug)
  const unknown = words.filter((_, index) => slugs[index] === undefined)
  if (unknown.length > 0) errors[field] = `The shop has none that is called ${unknown.join(', ')}.`
  return orNull(slugs.filter((slug) => slug !== undefined))
}

function factorOf({ values, errors }: FormState): number | null {
  const text = values['factor'] ?? ''
  if (text === '') return null
  const factor = Number(text.replace(',', '.'))
  if (Number.isFinite(factor) && factor >= 0.01 && factor <= 100) return factor
  errors['factor'] = 'Enter a number from 0.01 to 100.'
  return null
}

function timeOf({ values, errors }: FormState, name: 'from' | 'until'): string | null {
  const text = values[name] ?? ''
  const time = text === '' ? null : readMoment(text)
  if (time === undefined) errors[name] = 'Choose a day and a time.'
  return time ?? null
}

/** A new rule, of what was filled in. */
export function newRuleOf(kind: Kind, content: Content): NewRule {
  const { on, ...rest } = content
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))
  return { ...(given as Partial<Omit<NewRule, 'kind'>>), kind, on }
}

export const nameIn =
  (among: Named[]) =>
  (slug: string): string =>
    among.find((one) => one.slug === slug)?.name ?? slug

/** The other way round: what a form shows of a rule. `pieces` are the slugs of its products, or their ids. */
export function ruleValues(rule: Rule, { brands, categories }: Names, pieces: string[]): FormState['values'] {
  const placed = pieces.map((piece, index) => [rule.products?.[index]?.position, piece].filter(Boolean).join(' '))
  const values = {
    ...rule.on,
    words: rule.words?.join(', '),
    oneWayFrom: rule.oneWay?.from,
    oneWayTo: rule.oneWay?.to.join(', '),
    products: placed.join('\n'),
    brands: rule.brands?.map(nameIn(brands)).join(', '),
    categories: rule.categories?.map(nameIn(categories)).join('\n'),
    factor: rule.factor?.toString(),
    note: rule.note,
    from: rule.from?.slice(0, 16),
    until: rule.until?.slice(0, 16),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']))
}

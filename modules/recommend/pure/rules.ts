import type { Fit, Item } from './item.ts'
import { sizeGroupOf } from './slots.ts'
import { type Answers, LISTS, nameOf, occasionName, type Taste } from './taste.ts'

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

/** Something that the shop knows to speak for products, made for one shopper. Words are put together only where somebody reads them. */
export type Rule = {
  readonly kind: Point['kind']
  /** In points; 0 where it says nothing of a product. */
  readonly worth: (item: Item) => number
  readonly say: (item: Item) => string
  readonly key?: (item: Item) => string
}

/** Every rule that says something, in the order of what is said. */
export function pointsOf(item: Item, rules: readonly Rule[]): Point[] {
  const points: Point[] = []
  for (const { kind, worth, say, key } of rules) {
    const amount = worth(item)
    if (amount === 0) continue
    const text = say(item)
    points.push({ kind, text, points: amount, key: key?.(item) ?? `${kind}:${text}` })
  }
  return points
}

/** The sum alone, for the many products of which nobody asks why: their part of knowledge. */
export function sumOfPoints(item: Item, rules: readonly Rule[]): number {
  let sum = 0
  for (const rule of rules) sum += rule.worth(item)
  return sum
}

/** The rules that may say something to this shopper. */
export function rulesFor(taste: Taste): Rule[] {
  const { season, brandShares, price } = taste
  const rules = [
    ...rulesOfSize(taste),
    ...rulesOfPlace(taste),
    ...rulesOfAnswers(taste.answers),
    ...rulesOfFit(taste.fit),
    ...rulesOfWords(taste),
  ]
  const made = (seasons: readonly string[]) => (seasons.includes(season) ? POINTS.season : -POINTS.season / 2)
  rules.push({
    kind: 'season',
    worth: ({ seasons }) => (seasons.length > 0 ? made(seasons) : 0),
    say: () => `Made for ${season}`,
  })
  if (brandShares.size > 0)
    rules.push({
      kind: 'brand',
      worth: ({ brand }) => POINTS.brand * (brandShares.get(brand) ?? 0),
      say: ({ brandName }) => `More from ${brandName}`,
    })
  if (price !== undefined)
    rules.push({
      kind: 'budget',
      worth: ({ amount }) => POINTS.price * Math.max(0, 1 - Math.abs(Math.log(Math.max(1, amount)) - price)),
      say: () => 'About what you usually spend',
    })
  return rules
}

function rulesOfSize({ sizes }: Taste): Rule[] {
  const sizeFor = ({ slot }: Item) => {
    const group = sizeGroupOf(slot)
    return group && sizes[group]
  }
  if (!sizes.top && !sizes.bottom && !sizes.dress) return []
  const worth = (item: Item) => {
    const size = sizeFor(item)
    if (!size) return 0
    return item.sizes.includes(size) || hasName(item.sizes, size) ? POINTS.size / 3 : -POINTS.size
  }
  return [{ kind: 'size', worth, say: (item) => `In stock in your size ${sizeFor(item)}` }]
}

const hasName = (names: readonly string[], name: string) => {
  const lower = name.toLowerCase()
  return names.some((one) => one.toLowerCase() === lower)
}

/** What somebody is dressing for, or the category where they are. */
function rulesOfPlace({ context }: Taste): Rule[] {
  if (context === undefined) return []
  const worn = ({ occasions }: Item) => occasions.includes(context)
  return [
    {
      kind: 'occasion',
      worth: (item) => (worn(item) || item.path.includes(context) ? POINTS.context : 0),
      say: (item) => (worn(item) ? `For ${occasionName(context)}` : `From ${nameOf('kind', context)}`),
      key: (item) => `${worn(item) ? 'occasion' : 'path'}:${context}`,
    },
  ]
}

/** What of the answers a product meets, each option by name. */
function rulesOfAnswers(answers: Answers): Rule[] {
  const rules: Rule[] = []
  const meet = (question: string, has: (item: Item, option: string) => boolean, worth: number = POINTS.quiz) => {
    const options = answers[question] ?? []
    if (options.length === 0) return
    const met = (item: Item) => {
      for (const option of options) if (has(item, option)) return option
      return undefined
    }
    rules.push({
      kind: 'quiz',
      worth: (item) => (met(item) === undefined ? 0 : worth),
      say: (item) => `From your quiz: ${nameOf(question, met(item) ?? '')}`,
      key: (item) => `${LISTS[question] ?? question}:${met(item)}`,
    })
  }
  meet('department', (item, option) => item.department === option, POINTS.quiz / 2)
  meet('occasion', (item, option) => item.occasions.includes(option))
  meet('kind', (item, option) => item.path.includes(option))
  meet('pattern', (item, option) => item.pattern === option)
  meet('colour', (item, option) => item.colours.includes(option))
  const [fit] = answers['fit'] ?? []
  if (fit !== undefined)
    rules.push({
      kind: 'quiz',
      worth: (item) => (item.fit === fit ? POINTS.quiz : 0),
      say: () => `From your quiz: ${fit} fit`,
    })
  const [budget] = answers['budget'] ?? []
  const most = Number(budget)
  if (Number.isFinite(most) && most > 0)
    rules.push({
      kind: 'budget',
      worth: ({ amount }) => (amount <= most ? POINTS.budget : -POINTS.budget * Math.min(1, amount / most - 1)),
      say: () => 'Within your budget',
    })
  return rules
}

function rulesOfFit(fit: Fit | null): Rule[] {
  if (fit === null) return []
  const other = fit === 'regular' ? -0.3 : -0.6
  return [
    {
      kind: 'fit',
      worth: (item) => (item.fit === 'regular' ? 0 : POINTS.said * (item.fit === fit ? 1 : other)),
      say: () => `The ${fit} fit that you like`,
    },
  ]
}

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase())

/** The colours, brands and styles that the preferences of an account name. */
function rulesOfWords({ colours, brands, styles }: Taste): Rule[] {
  const rules: Rule[] = []
  const [ownColours, ownStyles, ownBrands] = [lower(colours), lower(styles), new Set(lower(brands))]
  const colourOf = (item: Item) => ownColours.find((name) => item.colours.includes(name))
  const styleOf = (item: Item) => ownStyles.find((name) => item.occasions.includes(name) || item.pattern === name)
  const isLiked = ({ brand, brandName }: Item) => brands.includes(brand) || ownBrands.has(brandName.toLowerCase())
  const said = (told: readonly string[], rule: Omit<Rule, 'worth'>, has: (item: Item) => boolean) => {
    if (told.length > 0) rules.push({ ...rule, worth: (item) => (has(item) ? POINTS.said : 0) })
  }
  said(brands, { kind: 'brand', say: ({ brandName }) => `By ${brandName}, which you like` }, isLiked)
  said(
    colours,
    { kind: 'quiz', say: (item) => `In ${colourOf(item)}, as you like` },
    (item) => colourOf(item) !== undefined,
  )
  said(styles, { kind: 'quiz', say: (item) => `Your style: ${styleOf(item)}` }, (item) => styleOf(item) !== undefined)
  return rules
}

import type { Sql } from '../../db/index.ts'
import type { SearchBoost, SearchIndex, SearchSynonym } from '../../db/search/index.ts'
import { createAnalyzer } from '../../db/search/words.ts'
import type { Rule } from './rule-schema.ts'
import { FASHION_WORDS } from './pure/fashion-words.ts'
import { listLiveRules } from './rule-store.ts'
import { ruleOf } from './rules.ts'

/** What the rules ask of one search. `key` is the same for the same demands. */
export type Demands = {
  key: string
  /** In the order in which they are to be placed; `place` counts from 0, undefined takes the first that is free. */
  pins: { id: string; place: number | undefined }[]
  boosts: SearchBoost[]
  hidden: { ids: string[]; brands: string[]; categories: string[] }
}

export type Occasion = {
  text: string
  /** Slugs from the root to the category that was asked for; empty without one. */
  path: readonly string[]
}

type Compiled = { rule: Rule; terms: string | undefined; from: number; until: number }

const DEFAULT_FACTOR = { boost: 2, bury: 0.5 } as const
const NOBODY: Compiled[] = []
const EVERYDAY = FASHION_WORDS.map((words) => ({ words }))

const timeOf = (time: string | undefined, otherwise: number) => (time === undefined ? otherwise : Date.parse(time))

const synonymOf = ({ words, oneWay }: Rule): SearchSynonym[] => (words ? [{ words }] : oneWay ? [oneWay] : [])

function boostOf({ kind, factor, products, brands, categories }: Rule): SearchBoost[] {
  if (kind !== 'boost' && kind !== 'bury') return []
  const ids = products?.map(({ productId }) => productId)
  return [{ ids, brands, categories, factor: factor ?? DEFAULT_FACTOR[kind] }]
}

/** The pins of the most particular rule come first: one for the query and the category, then either, then any. */
const particular = ({ rule }: Compiled) =>
  Number(rule.on.query !== undefined) * 2 + Number(rule.on.category !== undefined)

export type LiveRules = ReturnType<typeof createLiveRules>

type Needs = { sql: Sql; index: Pick<SearchIndex, 'useSynonyms'>; now: () => Date }

/** The rules as this process follows them. */
export function createLiveRules({ sql, index, now }: Needs) {
  const analyzer = createAnalyzer()
  let compiled = NOBODY
  let loading: Promise<void> | undefined
  let version: number | undefined
  /** When a synonym next begins or ends, which the index must be told. */
  let wakesAt = Number.POSITIVE_INFINITY
  let loads = 0

  /** One and the same for texts that mean the same words. */
  const termsOf = (text: string) =>
    analyzer
      .tokens(text)
      .filter(({ stop }) => !stop)
      .map(({ term }) => term)
      .join(' ')

  async function load(): Promise<void> {
    const time = now().getTime()
    const rules = (await listLiveRules(sql, now())).map(ruleOf)
    compiled = rules.map((rule) => ({
      rule,
      terms: rule.on.query === undefined ? undefined : termsOf(rule.on.query),
      from: timeOf(rule.from, Number.NEGATIVE_INFINITY),
      until: timeOf(rule.until, Number.POSITIVE_INFINITY),
    }))
    const synonyms = compiled.filter(({ rule }) => rule.kind === 'synonym')
    wakesAt = Math.min(...synonyms.flatMap(({ from, until }) => [from, until]).filter((at) => at > time), 8.64e15)
    const live = synonyms.filter(({ from, until }) => from <= time && time < until)
    await index.useSynonyms([...EVERYDAY, ...live.flatMap(({ rule }) => synonymOf(rule))])
    loads += 1
  }

  /** One load at a time; what changes during one is seen by the next. */
  function reload(): Promise<void> {
    version = undefined
    const again = (loading ?? Promise.resolve()).then(load)
    // A load that failed must not fail those that wait behind it.
    loading = again.catch(() => {})
    return again
  }

  return {
    /** Loads the rules where that has not been done, or where `seen` is another version than the one that is loaded. */
    async keepUp(seen?: number): Promise<void> {
      const known = version
      if (loads > 0 && (seen === undefined || seen === known) && now().getTime() < wakesAt) return
      await reload()
      if (seen !== undefined) version = seen
    },

    reload,

    /** A category's pins hold there alone; its other rules also in what lies below it. */
    demandsOf({ text, path }: Occasion): Demands {
      const time = now().getTime()
      const asked = { terms: termsOf(text), path }
      const found = compiled.filter((one) => holds(one, asked, time))
      return { ...demandsIn(found), key: `${loads}:${found.map(({ rule }) => rule.id).join()}` }
    },
  }
}

function holds(
  { rule, terms, from, until }: Compiled,
  asked: { terms: string; path: readonly string[] },
  time: number,
) {
  if (rule.kind === 'synonym' || time < from || time >= until) return false
  if (terms !== undefined && terms !== asked.terms) return false
  const { category } = rule.on
  if (category === undefined) return true
  return rule.kind === 'pin' ? asked.path.at(-1) === category : asked.path.includes(category)
}

function demandsIn(found: readonly Compiled[]): Omit<Demands, 'key'> {
  const of = (kind: Rule['kind']) => found.filter(({ rule }) => rule.kind === kind)
  const hides = of('hide').map(({ rule }) => rule)
  const pins = of('pin').toSorted((a, b) => particular(b) - particular(a))
  return {
    pins: onceEach(pins.flatMap(({ rule }) => rule.products ?? [])),
    boosts: found.flatMap(({ rule }) => boostOf(rule)),
    hidden: {
      ids: hides.flatMap(({ products = [] }) => products.map(({ productId }) => productId)),
      brands: hides.flatMap(({ brands = [] }) => brands),
      categories: hides.flatMap(({ categories = [] }) => categories),
    },
  }
}

/** The first word on a product counts, and the first on a place. */
function onceEach(pins: readonly { productId: string; position?: number | undefined }[]): Demands['pins'] {
  const [ids, places] = [new Set<string>(), new Set<number>()]
  return pins.flatMap(({ productId, position }) => {
    if (ids.has(productId)) return []
    ids.add(productId)
    const place = position === undefined || places.has(position - 1) ? undefined : position - 1
    if (place !== undefined) places.add(place)
    return [{ id: productId, place }]
  })
}

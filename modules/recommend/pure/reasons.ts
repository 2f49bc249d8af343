import type { ProductKind } from '../../analytics/pure/weights.ts'
import { type Blend, type Contribution, contributionsOf, type Source } from './blend.ts'
import { ANSWER_STRENGTH, type Direction } from './direction.ts'
import { valueAt } from './fold-in.ts'
import type { Asked, Cause, Deed } from './personal.ts'
import { dotAt } from './profile-vector.ts'
import { pointsOf, type Rule } from './rules.ts'
import type { Shelf } from './shelf.ts'
import { occasionName } from './taste.ts'

const BECAUSE: Readonly<Record<ProductKind, (name: string) => string>> = {
  view: (name) => `Because you looked at ${name}`,
  click: (name) => `Because you looked at ${name}`,
  try_on: (name) => `Because you tried on ${name}`,
  wishlist: (name) => `Because ${name} is on your wishlist`,
  add: (name) => `Because you put ${name} into your bag`,
  buy: (name) => `Because you bought ${name}`,
}

/** Of a product that stands in the history itself. */
const AGAIN: Cause = { kind: 'viewed', text: 'You had an eye on it before' }

/** Why each deed speaks for other products. */
const causeOf = ({ items }: Shelf, { place, kind }: Deed): Cause => ({
  kind: 'liked',
  text: BECAUSE[kind](items[place]!.name),
  place,
})

/** What made the scores of candidates: asked about the few of them that are shown. */
export type Scored = { readonly direction: Direction; readonly rules: readonly Rule[]; readonly blended: Blend }

/** Everything that made the score of candidate `i`, the product at `place`, by `explain(i, place)`; valid until the next ranking. */
export function createExplaining(shelf: Shelf, { history, taste }: Asked, { direction, rules, blended }: Scored) {
  const { items, vectors } = shelf
  const model = shelf.model()
  const { usual, scale } = blended
  const causes = history.map((deed) => causeOf(shelf, deed))
  const alike = direction.length > 0 ? scale.content / direction.length : 0

  /** A deed speaks by likeness and by the model. */
  function addDeeds(place: number, to: Contribution<Cause>[]): void {
    const item = model?.modelOf[place] ?? -1
    // Where the sum is 0 none of the deeds says anything.
    const together = model && item >= 0 && model.scores.score[item] !== 0 ? scale.collaborative : 0
    for (let k = 0; k < history.length; k++) {
      const { place: from, strength } = history[k]!
      let amount = alike * vectors.likeness(from, place)
      if (model && together !== 0) amount += together * valueAt(model.rows, model.modelOf[from] ?? -1, item)
      to.push({ reason: from === place ? AGAIN : causes[k]!, amount: usual * strength * amount })
    }
  }

  return (i: number, place: number): Contribution<Cause>[] => {
    const item = items[place]!
    const sources: Source<Cause>[] = direction.lists.map(({ list, kind, text }) => ({
      part: 'content',
      reason: { kind, text },
      key: list,
      raw: (ANSWER_STRENGTH * cosineWith(shelf, shelf.centreOf(list), place)) / direction.length,
    }))
    for (const { kind, text, points, key } of pointsOf(item, rules))
      sources.push({ part: 'knowledge', reason: { kind, text }, key, raw: points })
    const { context } = taste
    const popular =
      context !== undefined && item.occasions.includes(context)
        ? `Popular for ${occasionName(context)} right now`
        : 'Popular right now'
    const contributions: Contribution<Cause>[] = []
    addDeeds(place, contributions)
    contributions.push(...contributionsOf(blended, i, sources, { kind: 'popular', text: popular }))
    return contributions
  }
}

function cosineWith({ vectors }: Shelf, direction: Float64Array, place: number): number {
  return dotAt(direction, vectors.data(), place * vectors.dimensions, vectors.dimensions) * vectors.inverse()[place]!
}

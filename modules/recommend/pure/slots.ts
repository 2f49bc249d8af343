/** Where on the body something is worn; `other` completes nothing. */
const SLOTS = ['top', 'bottom', 'dress', 'knitwear', 'outerwear', 'shoes', 'bag', 'accessory', 'other'] as const
export type Slot = (typeof SLOTS)[number]

/** The first that a category's slug names; a dress of denim is a dress, and `short-sleeved` are no shorts. */
const NAMES: readonly (readonly [Slot, RegExp])[] = [
  ['dress', /\b(dress(es)?(?!-?shirt)|gowns?|jumpsuits?|playsuits?|pinafores?)\b/],
  [
    'outerwear',
    /\b(outerwear|coats?|overcoats?|jackets?|blazers?|parkas?|puffers?|bombers?|gilets?|trench(es)?|capes?)\b/,
  ],
  ['knitwear', /\b(knit(wear|s)?|jumpers?|sweaters?|cardigans?|hoodies?|sweatshirts?|pullovers?|roll-necks?)\b/],
  ['shoes', /\b(shoes?|boots?|sneakers?|trainers?|sandals?|loafers?|heels|slippers?)\b/],
  ['bag', /\b(bags?|backpacks?|totes?|purses?|wallets?)\b/],
  ['bottom', /\b(bottoms?|trousers?|jeans?|pants|chinos?|skirts?|shorts|leggings|joggers|culottes)\b/],
  ['top', /\b(tops?|t-?shirts?|tees?|shirts?|blouses?|polos?|camisoles?|tanks?|bodysuits?)\b/],
  [
    'accessory',
    /\b(accessor(y|ies)|belts?|scar(f|ves)|hats?|caps?|beanies?|gloves|ties?|jewell?ery|watch(es)?|sunglasses)\b/,
  ],
]

/** Judged by the nearest category that says it, from its own up to the root. */
export function slotOf(path: readonly string[]): Slot {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const above = path[depth - 1]
    const slug = path[depth]!
    // A slug repeats the way to it: `women-shirts-blouses` lies in `women-shirts`.
    const own = above !== undefined && slug.startsWith(`${above}-`) ? slug.slice(above.length + 1) : slug
    const named = NAMES.find(([, words]) => words.test(own.toLowerCase()))
    if (named) return named[0]
  }
  return 'other'
}

/** What completes an outfit around each, the most wanted first. */
export const COMPLETED_BY: Readonly<Record<Slot, readonly Slot[]>> = {
  top: ['bottom', 'outerwear', 'knitwear', 'shoes', 'bag', 'accessory'],
  bottom: ['top', 'knitwear', 'outerwear', 'shoes', 'bag', 'accessory'],
  dress: ['outerwear', 'knitwear', 'shoes', 'bag', 'accessory'],
  knitwear: ['bottom', 'outerwear', 'top', 'shoes', 'bag', 'accessory'],
  outerwear: ['top', 'bottom', 'knitwear', 'shoes', 'bag', 'accessory'],
  shoes: ['bottom', 'dress', 'top', 'outerwear', 'bag', 'accessory'],
  bag: ['dress', 'outerwear', 'shoes', 'accessory'],
  accessory: ['outerwear', 'dress', 'top', 'bottom'],
  other: [],
}

/** Which of the three charts of sizes a shopper's size is about. */
export const sizeGroupOf = (slot: Slot): 'top' | 'bottom' | 'dress' | undefined => {
  if (slot === 'bottom' || slot === 'dress') return slot
  return slot === 'top' || slot === 'knitwear' || slot === 'outerwear' ? 'top' : undefined
}

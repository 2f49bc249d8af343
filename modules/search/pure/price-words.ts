/** What a text says of a price, in minor units; `words` in which it says so, and the rest of it. */
export type PricedText = { text: string; words?: string; minPrice?: number; maxPrice?: number }

const SIGN = String.raw`(?:€|\$|£|eur|usd|gbp|euros?|dollars?|pounds?|bucks)`
const AMOUNT = String.raw`${SIGN}?\s?(\d{1,6}(?:[.,]\d{1,2})?)\s?${SIGN}?`
const END = String.raw`(?![\w.,%-])`
const FORMS: readonly [RegExp, (amounts: number[]) => Omit<PricedText, 'text'>][] = [
  [
    new RegExp(String.raw`\b(?:between|from)\s+${AMOUNT}\s+(?:and|to|-)\s+${AMOUNT}${END}`, 'iu'),
    ([a = 0, b = 0]) => ({ minPrice: Math.min(a, b), maxPrice: Math.max(a, b) }),
  ],
  [
    new RegExp(String.raw`\b(?:under|below|less than|cheaper than|up to|at most|max(?:imum)?)\s+${AMOUNT}${END}`, 'iu'),
    ([a]) => (a === undefined ? {} : { maxPrice: a }),
  ],
  [
    new RegExp(String.raw`\b(?:over|above|more than|at least|min(?:imum)?)\s+${AMOUNT}${END}`, 'iu'),
    ([a]) => (a === undefined ? {} : { minPrice: a }),
  ],
]

/**
 * Reads `jeans under 80` as jeans for at most 80.00; `minorUnits` are those of one unit of the shop's currency. The first
 * form that is there counts; a text without one comes back as it is.
 */
export function readPriceWords(text: string, minorUnits = 100): PricedText {
  for (const [form, limits] of FORMS) {
    const match = form.exec(text)
    if (!match) continue
    const amounts = match.slice(1).map((amount) => Math.round(Number(amount.replace(',', '.')) * minorUnits))
    const rest = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`
    return { text: rest.replaceAll(/\s+/g, ' ').trim(), words: match[0].trim(), ...limits(amounts) }
  }
  return { text }
}

const LETTERS = ['XXXS', 'XXS', 'XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL', 'XXXXL', 'XXXXXL']

/** `2XL` is `XXL` and `3XS` is `XXXS`: shops write both. */
const spelled = (size: string) =>
  size.toUpperCase().replace(/^(\d)X([SL])$/, (_, times: string, letter: string) => 'X'.repeat(Number(times)) + letter)

function rank(size: string): [group: number, place: number] {
  const letter = LETTERS.indexOf(spelled(size))
  if (letter >= 0) return [0, letter]
  const number = /^\D*(\d+(?:[.,]\d+)?)/.exec(size)?.[1]
  return number ? [1, Number(number.replace(',', '.'))] : [2, 0]
}

/** Smallest first: letters from XXXS up, then numbers (`W30/L32` by its first), then the rest by name. */
export function compareSizes(a: string, b: string): number {
  const [groupA, placeA] = rank(a)
  const [groupB, placeB] = rank(b)
  return groupA - groupB || placeA - placeB || (a < b ? -1 : a > b ? 1 : 0)
}

import { stemmer } from 'stemmer'

/** What a language brings: how a folded word is cut to its stem, which begins as the word does, and the words that say nothing. */
export type Language = { stem(word: string): string; stopWords: ReadonlySet<string> }

const ENGLISH: Language = {
  stem: (word) => (word.length > 2 && /^[a-z]+$/.test(word) ? stemmer(word) : word),
  stopWords: new Set(
    `a an and are as at be by for from in into is it its of on or our so that the their these they this to was we were
     which will with you your`.split(/\s+/),
  ),
}

/** By the primary subtag of BCP 47; a language that is not here is searched word by word as it is written. */
const LANGUAGES: Record<string, Language> = { en: ENGLISH }
const PLAIN: Language = { stem: (word) => word, stopWords: new Set() }

export type Token = {
  /** Folded: lower case, no accents. */
  word: string
  /** Its stem, which is what is compared. */
  term: string
  /** Where it stands in the text, in UTF-16 units. */
  start: number
  end: number
  /** How many of the tokens that follow are the parts this one is joined of (`t-shirt`: `tshirt`, `t`, `shirt`). */
  parts: number
  stop: boolean
}

export type Analyzer = {
  /** In the order of the text. A compound comes first joined, then in its parts. */
  tokens(text: string): Token[]
  fold(text: string): string
  /** Cuts `text` at the words that `terms` of an answer name; a term that ends with `*` names all that begin so. */
  mark(text: string, terms: readonly string[]): { text: string; marked: boolean }[]
}

const LETTER = String.raw`[\p{L}\p{N}\p{M}]`
const COMPOUND = new RegExp(String.raw`${LETTER}+(?:(?:[.'’‐‑&-]|,(?=\p{N}))${LETTER}+)*`, 'uy')
const JOINTS = /[.,'’‐‑&-]/
const DECIMAL = /^\d+[.,]\d+$/
const THOUSANDS = /^\d{1,3}(?:,\d{3})+$/
const LETTERS_APART: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
const MOST_KNOWN = 200_000

/** Of each UTF-16 unit, so that none has to be checked first: what `of` says of a sign of ASCII, 0 for all others. */
function byUnit(of: (sign: string) => number): Uint8Array {
  const table = new Uint8Array(65_536)
  for (let unit = 0; unit < 128; unit++) table[unit] = of(String.fromCharCode(unit))
  return table
}

const isPlain = (sign: string) => /[a-z0-9]/i.test(sign)
/** The plain letters and digits that words are made of, in lower case. */
export const LOWER = byUnit((sign) => (isPlain(sign) ? sign.toLowerCase().charCodeAt(0) : 0))
/** 1 for what stands between words and joins none. */
export const BETWEEN = byUnit((sign) => (isPlain(sign) || JOINTS.test(sign) ? 0 : 1))

/** Where the word that begins at `at` ends, if it is of plain letters and nothing may join it to another; else `at`. */
function plainEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && LOWER[text.charCodeAt(end)] !== 0) end++
  return end === text.length || BETWEEN[text.charCodeAt(end)] === 1 ? end : at
}

/** What stands at `at` up to where words are parted for sure: letters of any script, and what joins them; maybe nothing. */
export function wholeAt(text: string, at: number): string {
  COMPOUND.lastIndex = at
  return COMPOUND.exec(text)?.[0] ?? ''
}

type MakeToken = (word: string, start: number, end: number, parts?: number) => Token

/** Turns texts into the words that are compared, the same for what is searched and for what is asked. */
export function createAnalyzer(language = 'en'): Analyzer {
  const { stem, stopWords } = LANGUAGES[language.toLowerCase().split('-')[0] ?? ''] ?? PLAIN
  const known = new Map<string, { term: string; stop: boolean }>()
  function lookUp(word: string) {
    const found = known.get(word)
    if (found) return found
    if (known.size >= MOST_KNOWN) known.clear()
    const made = { term: stem(word), stop: stopWords.has(word) }
    known.set(word, made)
    return made
  }
  const token: MakeToken = (word, start, end, parts = 0) => {
    const { term, stop } = lookUp(word)
    return { word, term, start, end, parts, stop }
  }
  const tokens = (text: string) => readTokens(text, token)
  return {
    tokens,
    fold,
    mark(text, terms) {
      // Most words of a text begin with another letter than any that is sought, and need not be looked at.
      const firsts = new Set(terms.map((term) => term.charCodeAt(0)))
      return markTokens(text, readTokens(text, token, firsts), terms)
    },
  }
}

/** Of plain words only those that begin with one of `firsts`, if these are given. */
function readTokens(text: string, token: MakeToken, firsts?: ReadonlySet<number | undefined>): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < text.length) {
    const end = plainEnd(text, at)
    if (end > at) {
      if (!firsts || firsts.has(LOWER[text.charCodeAt(at)]))
        found.push(token(text.slice(at, end).toLowerCase(), at, end))
      at = end
    } else if (BETWEEN[text.charCodeAt(at)] === 1) at++
    else {
      const whole = wholeAt(text, at)
      if (JOINTS.test(whole)) found.push(...compoundTokens(whole, at, token))
      else {
        const word = fold(whole)
        // Of a sign that only changes the one before it nothing is left.
        if (word !== '') found.push(token(word, at, at + whole.length))
      }
      at += Math.max(1, whole.length)
    }
  }
  return found
}

function compoundTokens(whole: string, start: number, token: MakeToken): Token[] {
  const end = start + whole.length
  if (THOUSANDS.test(whole)) return [token(whole.replaceAll(',', ''), start, end)]
  if (DECIMAL.test(whole)) return [token(whole.replace(',', '.'), start, end)]
  const bare = whole.replace(/['’]s$/i, '')
  const parts: Token[] = []
  let at = start
  for (const part of bare.split(JOINTS)) {
    const word = fold(part)
    if (word !== '') parts.push(token(word, at, at + part.length))
    at += part.length + 1
  }
  const last = parts.at(-1)
  if (last) last.end = end
  return parts.length > 1 ? [token(parts.map(({ word }) => word).join(''), start, end, parts.length), ...parts] : parts
}

function markTokens(text: string, tokens: readonly Token[], terms: readonly string[]): ReturnType<Analyzer['mark']> {
  const whole = new Set(terms)
  const beginnings = terms.filter((term) => term.endsWith('*')).map((term) => term.slice(0, -1))
  const pieces: { text: string; marked: boolean }[] = []
  let done = 0
  for (const { word, term, start, end } of tokens) {
    if (start < done || !(whole.has(term) || beginnings.some((one) => word.startsWith(one)))) continue
    if (start > done) pieces.push({ text: text.slice(done, start), marked: false })
    pieces.push({ text: text.slice(start, end), marked: true })
    done = end
  }
  if (done < text.length) pieces.push({ text: text.slice(done), marked: false })
  return pieces
}

function fold(text: string): string {
  const lower = text.toLowerCase()
  // oxlint-disable-next-line no-control-regex -- all of ASCII, which needs no more
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS_APART[letter] ?? letter)
}

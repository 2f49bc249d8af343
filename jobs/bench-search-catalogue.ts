import type { FacetTerm, SearchDocument } from '../db/search/index.ts'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const upTo = (n: number) => Math.floor(next() * n)
  return {
    next,
    upTo,
    pick: <T>(list: readonly T[]): T => list[upTo(list.length)] as T,
    /** One of the first more often than one of the last, as words are (Zipf, exponent about 1). */
    often: <T>(list: readonly T[]): T => list[Math.floor(list.length ** next()) - 1] as T,
  }
}

export type Random = ReturnType<typeof createRandom>

const list = (text: string) => text.trim().split(/\s+/)
const ADJECTIVES = list(`classic slim relaxed oversized cropped tailored vintage modern soft lightweight quilted pleated
  ribbed embroidered striped floral checked plain printed distressed stretch waterproof breathable reversible padded
  belted hooded sleeveless flared wide ruffled wrapped draped fitted bold minimal elegant casual sporty rustic`)
const MATERIALS =
  list(`cotton linen wool silk denim leather cashmere polyester viscose velvet satin corduroy jersey fleece
  nylon tweed suede lace chiffon mohair merino modal bamboo hemp canvas`)
const TAGS = list(`summer winter spring autumn wedding office party beach travel evening weekend sport festival holiday
  brunch date school maternity petite tall curve sustainable organic recycled vegan handmade limited new bestseller gift`)
const ATTRIBUTES = list(`round v-neck crew collar button zip pocket long short midi maxi mini ankle sleeve regular loose
  high low rise elastic lined machine washable dry clean pattern solid fit day night`)
const COLOURS =
  list(`black white navy blue grey red beige green brown pink cream khaki burgundy yellow olive purple orange
  teal rust lilac mint coral gold silver`)
const TREE: Record<string, Record<string, string[]>> = {
  Women: {
    Dresses: list('dress gown sundress kaftan minidress'),
    Tops: list('blouse shirt t-shirt camisole tunic bodysuit'),
    Knitwear: list('jumper cardigan sweater pullover poncho'),
    Bottoms: list('trousers jeans skirt leggings shorts culottes'),
    Outerwear: list('coat jacket blazer trench parka cape'),
    Shoes: list('boots sandals heels sneakers loafers pumps'),
    Accessories: list('scarf belt bag hat gloves necklace'),
  },
  Men: {
    Shirts: list('shirt polo overshirt henley'),
    Tops: list('t-shirt hoodie sweatshirt vest'),
    Knitwear: list('jumper cardigan sweater pullover'),
    Bottoms: list('trousers jeans chinos shorts joggers'),
    Outerwear: list('coat jacket blazer parka bomber gilet'),
    Shoes: list('boots sneakers loafers brogues sandals'),
    Accessories: list('tie belt bag cap wallet socks'),
  },
  Kids: {
    Girls: list('dress skirt top leggings pyjamas'),
    Boys: list('shirt shorts trousers hoodie pyjamas'),
    Baby: list('romper bodysuit bib sleepsuit'),
  },
}
const LETTER_SIZES = list('XS S M L XL XXL')
const SHOE_SIZES = list('36 37 38 39 40 41 42 43 44 45')
const SYLLABLES =
  list(`ba ber bri ca cal che cor da del dra el en er fa fen gal gre ha hel in jo ka ken kri la len li lo
  ma mer mon na nel no or os pa per qui ra ren ri ro sa sel sha so ta tel tor tri un va ven vi wa wen xa yor za zen`)

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const term = (label: string): FacetTerm => ({ value: slug(label), label })

/** Words that nobody else has: names of models, and whatever else a description says. */
function inventedWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  while (words.size < count)
    words.add(Array.from({ length: 2 + random.upTo(3) }, () => random.pick(SYLLABLES)).join(''))
  return [...words]
}

/** As UUIDs of version 7 are: later ones sort after earlier ones. */
const idOf = (n: number) => {
  const hex = n.toString(16).padStart(8, '0')
  return `018f0000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7)}00-000000000000`
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

const KINDS = Object.entries(TREE).flatMap(([root, children]) =>
  Object.entries(children).flatMap(([child, types]) =>
    types.map((type) => ({ type, child, path: [term(root), { value: slug(`${root} ${child}`), label: child }] })),
  ),
)
const TYPES = KINDS.map(({ type }) => type)

/** Some colours in a run of sizes, 8 or so in all, of which seven in ten are in stock. */
function makeVariants(random: Random, colours: readonly FacetTerm[], child: string): SearchDocument['variants'] {
  const sizes = child === 'Shoes' ? SHOE_SIZES : child === 'Accessories' ? ['One size'] : LETTER_SIZES
  const from = random.upTo(Math.max(1, sizes.length - 4))
  const range = sizes.slice(from, from + 3 + random.upTo(4))
  const worn = [...new Set(Array.from({ length: 1 + random.upTo(3) }, () => random.often(colours)))]
  return worn.flatMap((colour) => range.map((size) => ({ colour, size, inStock: random.upTo(10) < 7 })))
}

/** A catalogue that is the same for the same seed: `next` makes one product after the other, by ascending id. */
export function createCatalogue(seed: number) {
  const random = createRandom(seed)
  const invented = inventedWords(random, 60_000)
  const brands = inventedWords(random, 2500).map((word) => term(capital(word)))
  const colours = COLOURS.map((name, i) => ({
    ...term(capital(name)),
    hex: `#${(i * 654_321).toString(16).padStart(6, '0')}`,
  }))
  const told = [...ADJECTIVES, ...MATERIALS, ...TAGS, ...TYPES, ...COLOURS]
  const description = () =>
    Array.from({ length: 12 + random.upTo(24) }, () =>
      random.upTo(5) < 3 ? random.often(told) : random.upTo(3) === 0 ? 'with' : random.often(invented),
    ).join(' ')
  const some = (words: readonly string[], least: number, more: number) =>
    Array.from({ length: least + random.upTo(more) }, () => random.often(words))
  let made = 0

  function next(): SearchDocument {
    const n = made++
    const kind = random.often(KINDS)
    const brand = random.often(brands)
    const variants = makeVariants(random, colours, kind.child)
    const worn = [...new Set(variants.map(({ colour }) => colour.label))]
    const words = [random.often(ADJECTIVES), random.often(MATERIALS), kind.type]
    const name = `${random.upTo(3) === 0 ? `${random.often(ADJECTIVES)} ` : ''}${words.join(' ')} ${random.often(invented)}`
    const cents = Math.round(900 * Math.exp(random.next() * 3.4))
    return {
      id: idOf(n),
      texts: {
        name: capital(name),
        brand: brand.label,
        tags: some(TAGS, 2, 4).join(' '),
        attributes: [...some(ATTRIBUTES, 4, 5), ...worn, ...kind.path.map(({ label }) => label), words[1]].join(' '),
        description: description(),
      },
      brand,
      categories: kind.path,
      variants,
      priceAmount: cents - (cents % 100) + random.pick([0, 50, 90, 95, 99]),
      rating: random.upTo(4) === 0 ? 0 : Math.round(10 * (2.5 + 2.5 * random.next())) / 10,
      popularity: Math.floor(1 / (random.next() + 0.001)),
      listedAt: 1_700_000_000_000 + random.upTo(60_000_000) * 1000,
    }
  }

  return {
    next,
    words: { ADJECTIVES, MATERIALS, TAGS, COLOURS, types: TYPES, invented },
    brands,
    kinds: KINDS,
  }
}

export type Catalogue = ReturnType<typeof createCatalogue>

import type { Catalog, Category, Searchable } from '../catalog/index.ts'
import { AppError } from '../kernel/errors.ts'

export type Taxonomy = ReturnType<typeof createTaxonomy>

/** Categories by slug, in the order of the tree, which a map keeps; `currency` is null before there is any product. */
export type Tree = {
  categories: ReadonlyMap<string, Category>
  brands: ReadonlySet<string>
  currency: string | null
}

/** A name that is not there is looked for at most this often. */
const LOOK_AGAIN_MS = 1000
const KEEP_MS = 60_000

const unknown = (path: 'category' | 'brand', slug: string) =>
  new AppError('invalid', `No ${path} ${slug}`, { issues: [{ path, message: `No ${path} ${slug}` }] })

const knows = ({ categories, brands, currency }: Tree, product: Pick<Searchable, 'brand' | 'categories'>) =>
  currency !== null && brands.has(product.brand.slug) && product.categories.every(({ slug }) => categories.has(slug))

type Reads = Pick<Catalog, 'findSearchables' | 'listSearchables'>
type Needs = { catalog: Pick<Catalog, 'readTaxonomy'>; now: () => Date }

/**
 * Categories, brands and currency, kept at hand: they change seldom, and every search asks for them. Whoever asks waits only
 * where nothing is kept, or where what is kept lacks a name.
 */
export function createTaxonomy({ catalog, now }: Needs) {
  let kept: Tree | undefined
  let loading: Promise<Tree> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY

  async function read(): Promise<Tree> {
    loadedAt = now().getTime()
    const { categories, brands, currency } = await catalog.readTaxonomy()
    kept = { categories: new Map(categories.map((one) => [one.slug, one])), brands: new Set(brands), currency }
    return kept
  }

  const load = (): Promise<Tree> => (loading ??= read().finally(() => (loading = undefined)))
  const age = () => now().getTime() - loadedAt

  async function tree(): Promise<Tree> {
    if (!kept) return load()
    if (age() >= KEEP_MS)
      load().catch((error: unknown) => console.error('search: the categories stay as they are:', error))
    return kept
  }

  async function treeWith(has: (known: Tree) => boolean): Promise<Tree> {
    const known = await tree()
    return has(known) || age() < LOOK_AGAIN_MS ? known : load()
  }

  /** What changed may be under names that nobody has asked for yet. */
  async function hear(products: Searchable[]): Promise<Searchable[]> {
    const known = kept
    if (known && !products.every((product) => knows(known, product))) await load()
    return products
  }

  return {
    /** The same catalogue; of the products that an index takes up, new categories and brands are learnt. */
    listening: <T extends Reads>(of: T): T => ({
      ...of,
      findSearchables: async (ids: readonly string[]) => hear(await of.findSearchables(ids)),
      listSearchables: async (page: Parameters<T['listSearchables']>[0]) => hear(await of.listSearchables(page)),
    }),

    /** With all of these categories, if they are there. */
    around: (slugs: readonly string[]): Promise<Tree> =>
      treeWith(
        ({ categories, currency }) =>
          slugs.length === 0 || (currency !== null && slugs.every((slug) => categories.has(slug))),
      ),

    /** Slugs from the root to the category; empty without one. Throws `invalid` for a category or brand that is not there. */
    async resolve(category: string | undefined, brands: readonly string[]): Promise<readonly string[]> {
      if (category === undefined && brands.length === 0) return []
      const known = await treeWith(
        (one) =>
          (category === undefined || one.categories.has(category)) && brands.every((slug) => one.brands.has(slug)),
      )
      const missing = brands.find((slug) => !known.brands.has(slug))
      if (missing !== undefined) throw unknown('brand', missing)
      if (category === undefined) return []
      const found = known.categories.get(category)
      if (!found) throw unknown('category', category)
      return found.path
    },
  }
}

import type { Catalog, Category } from '../catalog/index.ts'
import { AppError } from '../kernel/errors.ts'

type Tree = { categories: ReadonlyMap<string, Category>; brands: ReadonlySet<string>; at: number }

/** A name that is not there is looked for at most this often. */
const LOOK_AGAIN_MS = 1000
const KEEP_MS = 60_000

const unknown = (path: 'category' | 'brand', slug: string) =>
  new AppError('invalid', `No ${path} ${slug}`, { issues: [{ path, message: `No ${path} ${slug}` }] })

export type Taxonomy = ReturnType<typeof createTaxonomy>

type Needs = { catalog: Pick<Catalog, 'listCategories' | 'listBrands'>; now: () => Date }

/** Categories and brands, kept at hand: they change seldom, and every search asks for them. */
export function createTaxonomy({ catalog, now }: Needs) {
  let kept: Promise<Tree> | undefined
  let loadedAt = Number.NEGATIVE_INFINITY

  async function load(): Promise<Tree> {
    const [categories, brands] = await Promise.all([catalog.listCategories(), catalog.listBrands()])
    return {
      // In the order of the tree, which a map keeps.
      categories: new Map(categories.map((category) => [category.slug, category])),
      brands: new Set(brands.map(({ slug }) => slug)),
      at: now().getTime(),
    }
  }

  /** At most `age` old. */
  function tree(age = KEEP_MS): Promise<Tree> {
    const time = now().getTime()
    if (kept && time - loadedAt < age) return kept
    loadedAt = time
    const loading = load()
    kept = loading
    loading.catch(() => (kept = undefined))
    return loading
  }

  async function treeWith(has: (known: Tree) => boolean): Promise<Tree> {
    const known = await tree()
    return has(known) ? known : tree(LOOK_AGAIN_MS)
  }

  return {
    /** The whole tree, with all of these categories if they are there. */
    async categories(slugs: readonly string[]): Promise<ReadonlyMap<string, Category>> {
      return (await treeWith(({ categories }) => slugs.every((slug) => categories.has(slug)))).categories
    },

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

import { type Described, hashOf } from './features.ts'
import { createScores, type Scores } from './fold-in.ts'
import type { Item } from './item.ts'
import type { Projection } from './projection.ts'
import { createShelfVectors } from './shelf-vectors.ts'
import type { SparseModel } from './sparse-model.ts'

/** The model of what is liked together, its items found on the shelf (-1: not there) and the other way round. */
export type ShelfModel = {
  readonly version: string
  readonly rows: SparseModel
  readonly ids: ReadonlyMap<string, number>
  readonly shelfOf: Int32Array
  readonly modelOf: number[]
  /** Room for one request at a time. */
  readonly scores: Scores
}

/** What the retailer hides everywhere: products by id, brands and categories by slug. */
export type Hidden = {
  readonly ids: readonly string[]
  readonly brands: readonly string[]
  readonly categories: readonly string[]
}

export type Shelf = ReturnType<typeof createShelf>

/** Products that a search of the whole shelf looks through; beyond them only what is like something counts. */
const POOL = 2_000
/** Of a list, how many say what its products have in common. */
const TYPICAL = 400

/** The lists that a product is on: what may be asked for without looking at all of them. */
const listsOf = (item: Item): string[] => [
  `slot:${item.slot}:${item.department}`,
  `department:${item.department}`,
  ...item.occasions.map((name) => `occasion:${name}`),
  ...item.path.map((slug) => `path:${slug}`),
  ...item.colours.map((name) => `colour:${name}`),
  ...(item.pattern ? [`pattern:${item.pattern}`] : []),
]

/**
 * The products as they are recommended from: facts, vectors and popularity side by side by place. A place is a product's
 * for good. About 64 bytes a vector and half a kilobyte of facts each.
 */
export function createShelf(projection: Projection) {
  const vectors = createShelfVectors(projection)
  const items: Item[] = []
  const places = new Map<string, number>()
  const centres = new Map<string, Float64Array>()
  const looked = new Set<number>()
  const departments = new Map<string, number>()
  let lists = createLists()
  let pool: number[] = []
  let model: ShelfModel | undefined
  let hidden: Hidden = { ids: [], brands: [], categories: [] }
  let hiddenIds: ReadonlySet<string> = new Set()

  /** Puts the most wanted first, and among equal ones the newest, in the pool and in every list. */
  function arrange(): void {
    const wanted = vectors.wanted()
    const order = items.map((_, place) => place)
    order.sort((a, b) => wanted[b]! - wanted[a]! || items[b]!.listedAt - items[a]!.listedAt || a - b)
    pool = order.slice(0, POOL)
    lists = createLists()
    for (const place of order) lists.join(place, items[place]!)
    centres.clear()
  }

  /** Writes what is in columns of a product. */
  function note(place: number, item: Item): void {
    vectors.reserve(place + 1)
    const number = departments.get(item.department) ?? departments.size
    departments.set(item.department, number)
    vectors.department()[place] = number
    vectors.listedAt()[place] = item.listedAt
    vectors.marks()[place] = hashOf(item.id)
    vectors.offered()[place] = mayShow(item, hidden, hiddenIds) ? 1 : 0
  }

  function add(item: Item): number {
    const place = items.push(item) - 1
    places.set(item.id, place)
    if (pool.length < POOL) pool.push(place)
    lists.join(place, item)
    const row = model?.ids.get(item.id) ?? -1
    model?.modelOf.push(row)
    if (model && row >= 0) model.shelfOf[row] = place
    return place
  }

  return {
    items,
    vectors,
    arrange,
    model: () => model,
    /** The most wanted first. */
    pool: (): readonly number[] => pool,
    placeOf: (id: string): number | undefined => places.get(id),
    /** Such as `occasion:work` or `path:women-dresses`, the most wanted first. */
    listed: (name: string): readonly number[] => lists.get(name),
    /** Whether the projection was fitted on less than half of the products, or of their looks, that it would be now. */
    isOutgrown: (most: number): boolean =>
      projection.products < Math.min(most, items.length) / 2 || projection.looks < Math.min(most, looked.size) / 2,
    /** In stock in some size, and not hidden by the retailer. */
    isOffered: (place: number): boolean => vectors.offered()[place] === 1,
    /** The number of a department among those of `vectors`; -1 for one that no product is of. */
    departmentOf: (name: string): number => departments.get(name) ?? -1,

    /** Adds or replaces a product; gives its place. Call `arrange` once a whole catalogue is in. */
    put(item: Item, described: Described): number {
      const known = places.get(item.id)
      if (known !== undefined) items[known] = item
      const place = known ?? add(item)
      note(place, item)
      vectors.setVector(place, described)
      if (described.look) looked.add(place)
      return place
    },

    setPopularity(of60Days: ReadonlyMap<string, number>, of7Days: ReadonlyMap<string, number>): void {
      for (const [place, { id }] of items.entries()) {
        vectors.wanted()[place] = of60Days.get(id) ?? 0
        vectors.lately()[place] = of7Days.get(id) ?? 0
      }
      arrange()
    },

    setModel(version: string, rowIds: readonly string[], rows: SparseModel): void {
      model = modelOn(items, places, { version, ids: rowIds, rows })
    },

    clearModel(): void {
      model = undefined
    },

    setHidden(what: Hidden): void {
      if (JSON.stringify(what) === JSON.stringify(hidden)) return
      hidden = what
      hiddenIds = new Set(what.ids)
      for (const [place, item] of items.entries()) vectors.offered()[place] = mayShow(item, hidden, hiddenIds) ? 1 : 0
    },

    /** The mean direction of the most wanted of a list, of length one; all zero where there are none. */
    centreOf(name: string): Float64Array {
      const known = centres.get(name)
      if (known) return known
      const centre = vectors.centreOf(lists.get(name).slice(0, TYPICAL))
      centres.set(name, centre)
      return centre
    },
  }
}

function mayShow({ id, sizes, brand, path }: Item, { brands, categories }: Hidden, ids: ReadonlySet<string>): boolean {
  if (sizes.length === 0 || ids.has(id) || brands.includes(brand)) return false
  return categories.length === 0 || !path.some((slug) => categories.includes(slug))
}

/** Lists of products by name, each in the order in which its products joined. */
function createLists() {
  const lists = new Map<string, number[]>()
  return {
    get: (name: string): readonly number[] => lists.get(name) ?? [],
    join(place: number, item: Item): void {
      for (const name of listsOf(item)) {
        const list = lists.get(name)
        if (list) list.push(place)
        else lists.set(name, [place])
      }
    },
  }
}

function modelOn(
  items: readonly Item[],
  places: ReadonlyMap<string, number>,
  { version, ids, rows }: { version: string; ids: readonly string[]; rows: SparseModel },
): ShelfModel {
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const shelfOf = Int32Array.from(ids, (id) => places.get(id) ?? -1)
  const modelOf = items.map(({ id }) => rowOf.get(id) ?? -1)
  return { version, rows, ids: rowOf, shelfOf, modelOf, scores: createScores(rows.items) }
}

import type { Models } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Keeper } from './keeper.ts'
import { saveModel, versionOf } from './models.ts'
import type { Shelf } from './pure/shelf.ts'
import { encodeVectors } from './pure/vectors.ts'
import type { Vectors } from './schema.ts'

type Needs = { models: Models; keeper: Pick<Keeper, 'current'> }

/** At 80 bytes each, 800 kB. */
const MOST_ITEMS = 10_000

/** The most wanted and the newest of what can be had, as one file. */
function vectorsOf(shelf: Shelf): { ids: string[]; bytes: Uint8Array } {
  const places = shelf.pool().filter((place) => shelf.isOffered(place))
  const rest = shelf.items.map((_, place) => place).filter((place) => shelf.isOffered(place))
  const chosen = [...new Set([...places, ...rest])].slice(0, MOST_ITEMS)
  const { dimensions, data } = shelf.vectors
  const vectors = new Int8Array(chosen.length * dimensions)
  for (const [i, place] of chosen.entries())
    vectors.set(data().subarray(place * dimensions, (place + 1) * dimensions), i * dimensions)
  const ids = chosen.map((place) => shelf.items[place]?.id ?? '')
  return { ids, bytes: encodeVectors({ dimensions, ids, data: vectors }) }
}

const describe = (version: string, { items, dimensions, bytes }: Sizes): Vectors => ({
  url: `/v1/recommendations/vectors/${version}.bin`,
  version,
  items,
  dimensions,
  bytes,
})

/** The vectors that devices rank with: those that the shop itself ranks with, in files that never change. */
export function createPublished({ models, keeper }: Needs) {
  let publishing: Promise<Vectors> | undefined

  async function publish(): Promise<Vectors> {
    const { shelf } = await keeper.current()
    const { ids, bytes } = vectorsOf(shelf)
    const metrics = { items: ids.length, dimensions: shelf.vectors.dimensions, bytes: bytes.length }
    const active = await models.findActive('vectors')
    if (active?.version !== versionOf(bytes) && ids.length > 0)
      await saveModel(models, { kind: 'vectors', bytes, metrics })
    return describe(versionOf(bytes), metrics)
  }

  return {
    /** Writes the vectors as they are now, where they are not what the last file says. */
    publishVectors: publish,

    /** Throws not_found while there is nothing for sale. */
    async currentVectors(): Promise<Vectors> {
      const active = await models.findActive('vectors')
      if (active) return describe(active.version, active.metrics as Sizes)
      publishing ??= publish().finally(() => (publishing = undefined))
      const published = await publishing
      if (published.items === 0) throw new AppError('not_found', 'There is nothing to recommend yet')
      return published
    },

    /** Throws not_found. */
    async readVectors(version: string): Promise<Uint8Array> {
      const kept = await models.open('vectors', version)
      if (!kept) throw new AppError('not_found', `No vectors ${version}`)
      return kept.bytes
    },
  }
}

type Sizes = { items: number; dimensions: number; bytes: number }

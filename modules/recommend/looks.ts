import type { Sql } from '../../db/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { TryOn } from '../tryon/index.ts'
import { lookOf } from './pure/look.ts'
import { listLooks, upsertLook } from './store.ts'

export type LookNeeds = {
  sql: Sql
  catalog: Pick<Catalog, 'noteChanged' | 'listSearchables'>
  tryOn: Pick<TryOn, 'loadGarment'>
}

const PAGE = 200

/** What is done when a product changes: how its garment looks is looked at anew, and every process is told of another one. */
export function createLooks({ sql, catalog, tryOn }: LookNeeds) {
  /** The look and the news of it commit together. */
  async function onProductChanged({ productId }: { productId: string }): Promise<void> {
    const garment = await tryOn.loadGarment(productId)
    const look = garment && lookOf(garment.cutout)
    await sql.transaction().execute(async (tx) => {
      if (await upsertLook(tx, productId, look)) await catalog.noteChanged([productId], tx)
    })
  }

  return {
    onProductChanged,

    /** Looks at the products that nobody has looked at yet, such as those of before there were looks; gives how many. */
    async catchUpLooks(): Promise<number> {
      let looked = 0
      for (let after: string | undefined; ;) {
        const page = await catalog.listSearchables({ after, limit: PAGE })
        const ids = page.map(({ id }) => id)
        const known = ids.length > 0 ? await listLooks(sql, ids) : new Map()
        for (const productId of ids.filter((id) => !known.has(id))) {
          await onProductChanged({ productId })
          looked += 1
        }
        if (page.length < PAGE) return looked
        after = ids.at(-1)
      }
    },
  }
}

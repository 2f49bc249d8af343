import { AppError } from '../kernel/errors.ts'
import type { Address, NewAddress } from './schema.ts'
import type { ProfileNeeds } from './service.ts'
import {
  type AddressRow,
  clearDefault,
  deleteAddress,
  insertAddress,
  listAddresses,
  lockPerson,
  updateAddress,
} from './store.ts'

const MOST = 20

const gone = (id: string) => new AppError('not_found', `No address ${id}`)

/** Where a person has things sent. One of them is the default, as long as there is any. */
export function createAddresses({ sql, vault, now, newId }: Pick<ProfileNeeds, 'sql' | 'vault' | 'now' | 'newId'>) {
  async function open(rows: AddressRow[]): Promise<Address[]> {
    const texts = await vault.openAll(rows.map(({ user_id, sealed }) => ({ subjectId: user_id, sealed })))
    return rows.flatMap(({ id, is_default: isDefault }, place) => {
      const text = texts[place]
      return text === undefined ? [] : [{ ...(JSON.parse(text) as Omit<NewAddress, 'isDefault'>), id, isDefault }]
    })
  }

  const listOwn = async (userId: string): Promise<Address[]> => open(await listAddresses(sql, userId))

  async function getOwn(userId: string, id: string): Promise<Address> {
    const found = (await listOwn(userId)).find((address) => address.id === id)
    if (!found) throw gone(id)
    return found
  }

  return {
    listAddresses: listOwn,

    /** Throws conflict when there are too many. Of those who write at once one waits for the other. */
    async addAddress(userId: string, { isDefault, ...address }: NewAddress): Promise<Address> {
      const id = newId()
      await sql.transaction().execute(async (tx) => {
        await lockPerson(tx, userId)
        const there = await listAddresses(tx, userId)
        if (there.length >= MOST) throw new AppError('conflict', `At most ${MOST} addresses`)
        const is_default = isDefault || there.length === 0
        if (is_default) await clearDefault(tx, userId)
        const sealed = await vault.seal(userId, JSON.stringify(address), tx)
        await insertAddress(tx, { id, user_id: userId, sealed, is_default, created_at: now() })
      })
      return getOwn(userId, id)
    },

    /** Writes it anew. The default stays one until another is made it. */
    async changeAddress(userId: string, id: string, { isDefault, ...address }: NewAddress): Promise<Address> {
      await sql.transaction().execute(async (tx) => {
        await lockPerson(tx, userId)
        if (isDefault) await clearDefault(tx, userId)
        const sealed = await vault.seal(userId, JSON.stringify(address), tx)
        const change = { sealed, ...(isDefault && { is_default: true }) }
        if (!(await updateAddress(tx, { userId, id, ...change }))) throw gone(id)
      })
      return getOwn(userId, id)
    },

    /** When the default goes, the oldest of the others takes its place. */
    async removeAddress(userId: string, id: string): Promise<void> {
      await sql.transaction().execute(async (tx) => {
        await lockPerson(tx, userId)
        const removed = await deleteAddress(tx, userId, id)
        if (!removed) throw gone(id)
        const [next] = removed.is_default ? await listAddresses(tx, userId) : []
        if (next) await updateAddress(tx, { userId, id: next.id, is_default: true })
      })
    },
  }
}

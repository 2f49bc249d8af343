import { storedZip } from '../tryon/pure/stored-zip.ts'
import type { AuditActor } from '../audit/index.ts'
import type { Addresses, ConsentList, PersonData, WishList } from './parts.ts'
import type { ProfileNeeds } from './service.ts'

type Needs = ProfileNeeds & PersonData & Addresses & WishList & ConsentList
type Page<T> = { items: T[]; nextCursor: string | null }

const PAGE = 100

async function allOf<T>(list: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | undefined; ;) {
    const { items, nextCursor } = await list(cursor)
    all.push(...items)
    if (nextCursor === null) return all
    cursor = nextCursor
  }
}

const README = `This is all that the shop keeps about you, one file for each kind of thing. The files are JSON (RFC 8259, UTF-8):
a text editor opens them. Photos are those of your reviews. What your bank or card company knows lies with them: card
data never reaches us.
`

const jsonFile = (name: string, value: unknown) => ({
  name: `${name}.json`,
  bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
})

export function createExport(needs: Needs) {
  const { identity, orders, reviews, notify, cart, audit } = needs

  return {
    /** One ZIP of everything that any part of the shop keeps of this person; that it was made is on the audit log. */
    async exportUser(userId: string, actor: AuditActor): Promise<Uint8Array> {
      const me = await needs.getMe(userId)
      const orderIds = (await allOf((cursor) => orders.listOrdersOf(userId, { limit: PAGE, cursor }))).map(
        ({ id }) => id,
      )
      const theirOrders = []
      for (const id of orderIds) theirOrders.push(await orders.getOrder(id))
      const said = await reviews.exportUser(userId)
      const wishes = await allOf((cursor) => needs.listWishes(userId, { limit: PAGE, cursor }))
      const deeds = await allOf((cursor) => audit.listEntries({ actor: `user:${userId}`, limit: PAGE, cursor }))
      const files = [
        { name: 'README.txt', bytes: new TextEncoder().encode(README) },
        jsonFile('account', me),
        jsonFile('sessions', await identity.listSessions(userId, '')),
        jsonFile('passkeys', await identity.listPasskeys(userId)),
        jsonFile('addresses', await needs.listAddresses(userId)),
        jsonFile('preferences', await needs.getPreferences(userId)),
        jsonFile('consents', await needs.consentHistory(userId)),
        jsonFile(
          'wishlist',
          wishes.map(({ product, addedAt }) => ({ productId: product.id, name: product.name, addedAt })),
        ),
        jsonFile('cart', (await cart.findCartOf(userId)) ?? null),
        jsonFile('orders', theirOrders),
        jsonFile('reviews', said.reviews),
        jsonFile('helpful-votes', said.helpful),
        jsonFile('mail', await notify.exportMails([userId, ...orderIds])),
        jsonFile(
          'log',
          deeds.map(({ at, action, subject }) => ({ at, action, subject })),
        ),
        ...said.files.map(({ name, bytes }) => ({ name: `photos/${name}`, bytes })),
      ]
      await needs.sql
        .transaction()
        .execute((tx) => audit.record({ actor, action: 'profile.export', subject: `user:${userId}` }, tx))
      return storedZip(files)
    },
  }
}

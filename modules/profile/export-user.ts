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

const README_FILE = { name: 'README.txt', bytes: new TextEncoder().encode(README) }

const jsonFile = (name: string, value: unknown) => ({
  name: `${name}.json`,
  bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
})

export function createExport(needs: Needs) {
  const { identity, orders, reviews, notify, cart, audit } = needs

  async function wholeOrders(ids: string[]) {
    const whole = []
    for (const id of ids) whole.push(await orders.getOrder(id))
    return whole
  }

  const noteDown = (actor: AuditActor, subject: string) =>
    needs.sql.transaction().execute((tx) => audit.record({ actor, action: 'profile.export', subject }, tx))

  return {
    /** The same of somebody who never had an account; undefined when nothing was ordered for this address. */
    async exportGuest(email: string, actor: AuditActor): Promise<Uint8Array | undefined> {
      const ids = await orders.listGuestOrdersOf(email)
      const [first] = ids
      if (first === undefined) return undefined
      await noteDown(actor, `order:${first}`)
      const mail = await notify.exportMails(ids)
      return storedZip([README_FILE, jsonFile('orders', await wholeOrders(ids)), jsonFile('mail', mail)])
    },

    /** One ZIP of everything that any part of the shop keeps of this person; that it was made is on the audit log. */
    async exportUser(userId: string, actor: AuditActor): Promise<Uint8Array> {
      const me = await needs.getMe(userId)
      const own = await allOf((cursor) => orders.listOrdersOf(userId, { limit: PAGE, cursor }))
      const asGuest = me.emailVerified ? await orders.listGuestOrdersOf(me.email) : []
      const orderIds = [...own.map(({ id }) => id), ...asGuest]
      const said = await reviews.exportUser(userId)
      const wishes = await allOf((cursor) => needs.listWishes(userId, { limit: PAGE, cursor }))
      const deeds = await allOf((cursor) => audit.listEntries({ actor: `user:${userId}`, limit: PAGE, cursor }))
      const files = [
        README_FILE,
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
        jsonFile('orders', await wholeOrders(orderIds)),
        jsonFile('reviews', said.reviews),
        jsonFile('helpful-votes', said.helpful),
        jsonFile('events', await needs.analytics.exportUser(userId)),
        jsonFile('mail', await notify.exportMails([userId, ...orderIds])),
        jsonFile(
          'log',
          deeds.map(({ at, action, subject }) => ({ at, action, subject })),
        ),
        ...said.files.map(({ name, bytes }) => ({ name: `photos/${name}`, bytes })),
      ]
      await noteDown(actor, `user:${userId}`)
      return storedZip(files)
    },
  }
}

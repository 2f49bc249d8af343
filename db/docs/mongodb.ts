import { MongoClient } from 'mongodb'
import type { OpenDocs } from './index.ts'

type Stored = { _id: string; body: object }

/** Documents in MongoDB (or FerretDB), in the database the URL names, else `eshotry`; connects on first use. */
export function mongoDocs(url: string): { docs: OpenDocs; ping(): Promise<void>; close(): Promise<void> } {
  const client = new MongoClient(url, { ignoreUndefined: true, serverSelectionTimeoutMS: 5000 })
  const database = client.db(new URL(url).pathname.length > 1 ? undefined : 'eshotry')
  const docs: OpenDocs = <T extends object>(collection: string) => {
    const stored = database.collection<Stored>(collection)
    return {
      async get(id) {
        return (await stored.findOne({ _id: id }))?.body as T | undefined
      },
      async getMany(ids) {
        const found = await stored.find({ _id: { $in: [...ids] } }).toArray()
        return new Map(found.map(({ _id, body }) => [_id, body as T]))
      },
      async put(id, body) {
        await stored.replaceOne({ _id: id }, { body }, { upsert: true })
      },
      async delete(id) {
        await stored.deleteOne({ _id: id })
      },
      async list({ where, cursor, limit }) {
        const equal = Object.fromEntries(
          Object.entries(where ?? {}).map(([key, value]) => [`body.${key}`, { $eq: value }]),
        )
        const after = cursor === undefined ? {} : { _id: { $gt: cursor } }
        const found = await stored
          .find({ ...equal, ...after })
          .sort({ _id: 1 })
          .limit(limit + 1)
          .toArray()
        const items = found.slice(0, limit).map(({ _id, body }) => ({ id: _id, body: body as T }))
        return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
      },
    }
  }
  return { docs, ping: async () => void (await database.command({ ping: 1 })), close: () => client.close() }
}

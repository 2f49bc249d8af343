import type { Docs } from '../../db/index.ts'
import type { Metadata } from './schema.ts'

/** Enough for the products that are looked at often; at about a kilobyte each. */
const MOST = 5000

export type MetadataStore = ReturnType<typeof createMetadataStore>

/**
 * The metadata documents, with those read lately kept at hand. A document never changes under a product's digest, which
 * is a hash of all that was saved with it, so one that is kept cannot be stale, in this process or any other.
 */
export function createMetadataStore(docs: Docs<Metadata>) {
  const kept = new Map<string, Metadata>()

  function keep(digest: string, document: Metadata): Metadata {
    kept.delete(digest)
    kept.set(digest, document)
    const [oldest] = kept.keys()
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
    return document
  }

  return {
    put: (productId: string, document: Metadata): Promise<void> => docs.put(productId, document),

    async get(productId: string, digest: string): Promise<Metadata> {
      const document = kept.get(digest) ?? (await docs.get(productId))
      return document ? keep(digest, document) : {}
    },

    /** As they are stored now, past those kept at hand. */
    getMany: (productIds: readonly string[]): Promise<Map<string, Metadata>> => docs.getMany(productIds),
  }
}

/** What may be lost at any moment without losing a fact: counters, marks, one-time things. */
export type Cache = {
  get(key: string): Promise<string | undefined>
  /** Replaces; gone after `ttlSeconds`. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  /** No error when it is not there. */
  delete(key: string): Promise<void>
  /** Adds one and returns the count; it begins anew `ttlSeconds` after the first of them. */
  increment(key: string, ttlSeconds: number): Promise<number>
}

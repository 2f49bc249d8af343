/**
 * Documents of one collection, each a JSON object under an id: for what has no fixed columns and is not the truth of money
 * or stock. Losing all of them loses no fact that a job cannot bring back.
 */
export type Docs<T extends object> = {
  get(id: string): Promise<T | undefined>
  /** Those that exist, by id: one statement for a whole page. */
  getMany(ids: readonly string[]): Promise<Map<string, T>>
  /** Inserts or replaces as a whole. */
  put(id: string, body: T): Promise<void>
  /** No error when it is not there. */
  delete(id: string): Promise<void>
  /** In order of id, those whose top-level fields equal all of `where`; `cursor` is the last id of the page before. */
  list(query: ListQuery<T>): Promise<{ items: { id: string; body: T }[]; nextCursor: string | null }>
}

export type ListQuery<T> = {
  where?: { [K in keyof T]?: string | number | boolean }
  cursor?: string | undefined
  limit: number
}

/** A collection by its name, `<module>.<noun>`. */
export type OpenDocs = <T extends object>(collection: string) => Docs<T>

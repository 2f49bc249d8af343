import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { ReservedSql, Sql } from 'postgres'

/**
 * Kysely over the `postgres` package, with a connection reserved only for a transaction. A lone statement goes to
 * whichever connection is free, and several share one round trip: reading costs a third of what it does when every
 * statement reserves a connection, which is why this stands here. `.connection()` therefore pins nothing; use a transaction.
 */
export const pipelinedDialect = (client: Sql): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PipelinedDriver(client),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

class Connection implements DatabaseConnection {
  readonly #client: Sql
  #reserved: ReservedSql | undefined

  constructor(client: Sql) {
    this.#client = client
  }

  async reserve(): Promise<void> {
    this.#reserved = await this.#client.reserve()
  }

  release(): void {
    this.#reserved?.release()
    this.#reserved = undefined
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await (this.#reserved ?? this.#client).unsafe(sql, parameters as never[], { prepare: true })
    const { command, count } = result
    // The rows of the driver's result are its own elements; nothing else of it is used, so it is not copied.
    const rows = result as unknown as R[]
    if (command === 'SELECT') return { rows }
    if (command === 'ROLLBACK') return { rows: [{ command }] as R[] }
    return { rows, numAffectedRows: BigInt(count ?? 0) }
  }

  async *streamQuery<R>({ sql, parameters }: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const rows = (this.#reserved ?? this.#client).unsafe(sql, parameters as never[]).cursor(chunkSize)
    for await (const chunk of rows) yield { rows: chunk as unknown as R[] }
  }
}

class PipelinedDriver implements Driver {
  readonly #client: Sql

  constructor(client: Sql) {
    this.#client = client
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Connection(this.#client)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await (connection as Connection).reserve()
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : ''
    const mode = settings.accessMode ? ` ${settings.accessMode}` : ''
    await connection.executeQuery(CompiledQuery.raw(`start transaction${level}${mode}`))
  }

  /** PostgreSQL answers COMMIT with ROLLBACK when a statement failed before it and nobody noticed. */
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const { rows } = await connection.executeQuery<{ command?: string }>(CompiledQuery.raw('commit'))
    if (rows[0]?.command === 'ROLLBACK')
      throw new Error('The transaction was rolled back: a statement in it had failed')
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ;(connection as Connection).release()
  }

  async destroy(): Promise<void> {
    // A connection reserved at that moment is never given back to a pool that is ending: do not wait for it for ever.
    await this.#client.end({ timeout: 5 })
  }
}

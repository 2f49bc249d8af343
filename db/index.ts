import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Kysely, sql as raw } from 'kysely'
import type { Config } from '../modules/kernel/config.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { uuidV7 } from '../modules/kernel/pure/id.ts'
import { fileBlobs, verifySignedKey } from './blobs/files.ts'
import type { Blobs } from './blobs/index.ts'
import { s3Blobs } from './blobs/s3.ts'
import type { Cache } from './cache/index.ts'
import { memoryCache } from './cache/memory.ts'
import type { OpenDocs } from './docs/index.ts'
import { jsonbDocs } from './docs/jsonb.ts'
import { createIdempotency, type Idempotency } from './idempotency.ts'
import type { JobQueue } from './jobs/index.ts'
import { createPgBossJobs } from './jobs/pg-boss.ts'
import { type MasterKeys, openMasterKeys } from './master-keys.ts'
import { createModels, type Models } from './models.ts'
import { type OAuthProvider, readOAuthProviders } from './oauth-providers.ts'
import { type PaymentKeys, readPaymentKeys } from './payment-keys.ts'
import { type Claim, claimVarDir } from './postgres/embedded.ts'
import { type OpenedSql, openSql } from './postgres/index.ts'
import { embeddedSearch } from './search/embedded/index.ts'
import type { SearchIndex } from './search/index.ts'
import { createSigner } from './signer.ts'
import type { Tables } from './tables.ts'

export type { Blobs } from './blobs/index.ts'
export type { Cache } from './cache/index.ts'
export type { Docs, OpenDocs } from './docs/index.ts'
export type { JobQueue, Jobs, Work } from './jobs/index.ts'
export type { PaymentKeys, PaypalKeys, StripeKeys } from './payment-keys.ts'
export type { MasterKeys } from './master-keys.ts'
export type { ModelKind, Models } from './models.ts'
export type { OAuthProvider } from './oauth-providers.ts'

/** A connection or a transaction: store functions take either. */
export type Sql = Kysely<Tables>

/** All that modules are built on: handed to `createModules`, and to nobody else. */
export type Infra = {
  sql: Sql
  docs: OpenDocs
  blobs: Blobs
  /** What was learnt. */
  models: Models
  /** Answers kept for who asks twice. */
  idempotency: Idempotency
  /** Work for later; nothing of it is opened before its first use. */
  jobs: JobQueue
  paymentKeys: PaymentKeys
  cache: Cache
  /** Its thread starts with the first use. */
  search: SearchIndex
  masterKeys: MasterKeys
  /** Where shoppers see the shop, without a slash at the end; undefined when only a request can say. */
  publicUrl: string | undefined
  oauthProviders: readonly OAuthProvider[]
  /** How mail leaves; without a server it stays here as `.eml`. Its links lead to `shopUrl`. */
  mail: { from: string; shopUrl: string; smtpUrl: string | undefined; sendgridKey: string | undefined }
  /** Whether webhooks may go to private addresses, as only a test or a developer's machine wants. */
  webhooksAllowPrivate: boolean
  /** Folder of the networks that `models pull` prepares. */
  modelsDir: string
  /** What the parts of a recommendation count for; undefined: as the shop has learned. */
  recommendWeights: { collaborative: number; content: number; knowledge: number } | undefined
  /** True when a signed URL of ours for `key` still holds; always false where blobs are served by somebody else. */
  verifyBlobUrl(claim: { key: string; expires: number; signature: string }): boolean
  /** HMAC-SHA256 links and ids: what was signed for one `purpose` says nothing in another. Signatures are base64url. */
  signer: {
    sign(purpose: string, text: string): string
    verify(purpose: string, text: string, signature: string): boolean
  }
  now(): Date
  /** UUIDv7: later ids sort after earlier ones. */
  newId(): string
  /** Rejects, naming the store, when one that we depend on does not answer. */
  ready(): Promise<void>
}

export type OpenedInfra = Infra & { close(): Promise<void> }

/** The only place that picks drivers, one line to `log` per choice. The schema is not touched: `migrate` does that. */
export async function openInfra(config: Config, log: (line: string) => void = () => {}): Promise<OpenedInfra> {
  const varDir = resolve(config.VAR_DIR)
  mkdirSync(varDir, { recursive: true })
  const postgres = await openSql({ url: config.DATABASE_URL, varDir, pool: config.DATABASE_POOL })
  log(postgres.embedded ? `sql: embedded PostgreSQL in ${join(varDir, 'postgres')}` : 'sql: PostgreSQL at DATABASE_URL')
  return openStores(config, postgres, log)
}

/**
 * For a shop that is about to serve: with the embedded PostgreSQL at most one may do so on the same VAR_DIR. Throws
 * `conflict`, saying who does, before anything is touched; the claim ends with the process.
 */
export function claimServing(config: Config): Claim {
  if (config.DATABASE_URL) return { announce() {}, release() {} }
  const claim = claimVarDir(resolve(config.VAR_DIR))
  if ('release' in claim) return claim
  throw new AppError('conflict', `EshoTry is already running on ${claim.servedBy}; this start touched nothing`)
}

/** The rest of `openInfra`, on a database that is open already. */
export async function openStores(
  config: Config,
  postgres: Pick<OpenedSql, 'sql' | 'close'>,
  log: (line: string) => void,
): Promise<OpenedInfra> {
  const { sql, close } = postgres
  const varDir = resolve(config.VAR_DIR)
  mkdirSync(varDir, { recursive: true })
  // Loaded only where it is used: the driver costs every start of the others a fifth of a second.
  const mongo = config.MONGODB_URL ? (await import('./docs/mongodb.ts')).mongoDocs(config.MONGODB_URL) : undefined
  log(mongo ? 'docs: MongoDB at MONGODB_URL' : 'docs: JSONB in the same PostgreSQL')
  const secret = config.SIGNING_SECRET ?? keptSecret(join(varDir, 'signing-secret'))
  const blobDir = join(varDir, 'blobs')
  const jobs = createPgBossJobs(sql)
  const signer = createSigner(secret)
  const blobs = config.S3_URL ? s3Blobs(config.S3_URL) : fileBlobs({ dir: blobDir, secret, now: Date.now })
  log(config.S3_URL ? 'blobs: S3 at S3_URL' : `blobs: files in ${blobDir}`)
  const counters = await pickCache(config, log)
  const searchDir = join(varDir, 'search')
  const search = embeddedSearch({ dir: searchDir, readers: config.SEARCH_READERS, log })
  log(`search: our own index in ${searchDir}`)
  return {
    sql,
    cache: counters.cache,
    search,
    masterKeys: openMasterKeys(config.MASTER_KEYS, join(varDir, 'master-keys')),
    publicUrl: config.PUBLIC_URL?.replace(/\/+$/, ''),
    oauthProviders: readOAuthProviders(config.OAUTH_PROVIDERS),
    mail: pickMail(config, log),
    webhooksAllowPrivate: config.WEBHOOKS_ALLOW_PRIVATE === 'on',
    docs: mongo ? mongo.docs : jsonbDocs(sql),
    blobs,
    models: createModels({ sql, blobs, now: Date.now }),
    jobs,
    paymentKeys: readPaymentKeys(config),
    modelsDir: join(varDir, 'models'),
    recommendWeights: config.RECOMMEND_WEIGHTS,
    verifyBlobUrl: (claim) => !config.S3_URL && verifySignedKey(secret, claim, Date.now()),
    signer,
    idempotency: createIdempotency({ sql, signer, now: Date.now }),
    now: () => new Date(),
    newId: () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10))),
    async ready() {
      await named('sql', raw`select 1`.execute(sql))
      if (mongo) await named('docs', mongo.ping())
      await named('cache', counters.ping())
      await named('blobs', blobs.get('ready/probe'))
    },
    async close() {
      await jobs.close()
      await search.close()
      await mongo?.close()
      await counters.close()
      await close()
    },
  }
}

async function pickCache(config: Config, log: (line: string) => void) {
  log(config.REDIS_URL ? 'cache: Redis at REDIS_URL' : 'cache: in this process')
  // Loaded only where it is used, like the driver of MongoDB.
  if (config.REDIS_URL) return (await import('./cache/redis.ts')).redisCache(config.REDIS_URL)
  return { cache: memoryCache({ now: Date.now }), ping: async () => {}, close: async () => {} }
}

function pickMail(config: Config, log: (line: string) => void): Infra['mail'] {
  const { SMTP_URL: smtpUrl, SENDGRID_API_KEY: sendgridKey, MAIL_FROM: from } = config
  const other = sendgridKey === undefined ? 'mail: kept as .eml blobs, to be read at /admin/mail' : 'mail: SendGrid'
  log(smtpUrl === undefined ? other : 'mail: the server at SMTP_URL')
  const shopUrl = (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/+$/, '')
  return { from, shopUrl, smtpUrl, sendgridKey }
}

async function named(store: string, check: Promise<unknown>): Promise<void> {
  await check.catch((cause: unknown) => {
    throw new Error(store, { cause })
  })
}

function keptSecret(path: string): string {
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return readFileSync(path, 'utf8')
}

class Abort<T> extends Error {
  readonly value: T
  constructor(value: T) {
    super('aborted')
    this.value = value
  }
}

/** Runs `work` in a transaction; `abort(value)` rolls back and still returns `value`. */
export async function transact<T>(sql: Sql, work: (tx: Sql, abort: (value: T) => never) => Promise<T>): Promise<T> {
  try {
    return await sql.transaction().execute((tx) =>
      work(tx, (value) => {
        throw new Abort(value)
      }),
    )
  } catch (error) {
    if (error instanceof Abort) return error.value as T
    throw error
  }
}

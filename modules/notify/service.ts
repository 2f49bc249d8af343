import type { Blobs, Infra, Jobs, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Orders } from '../orders/index.ts'
import type { Vault } from '../vault/index.ts'
import { createDelivery } from './deliver-webhook.ts'
import { createLog } from './delivery-log.ts'
import { createEndpoints } from './endpoints.ts'
import { createLetters } from './letters.ts'
import { createMailbox } from './mailbox.ts'
import { createMails } from './mails.ts'
import { createOutside, type Resolve } from './post-outside.ts'

export type Notify = ReturnType<typeof createNotify>

type Needs = {
  sql: Sql
  blobs: Blobs
  jobs: Jobs
  vault: Vault
  audit: Audit
  identity: Pick<Identity, 'findMailRequest' | 'verificationLinkToken' | 'resetLinkToken'>
  orders: Pick<Orders, 'getOrder' | 'orderLinkToken'>
  mail: Infra['mail']
  webhooksAllowPrivate: boolean
  /** How names become addresses; the system's own resolver when absent. */
  resolve?: Resolve
  now: () => Date
  newId: () => string
}

/** Tells people by mail and other programs by webhook what has happened. */
export function createNotify(needs: Needs) {
  const mails = createMails(needs)
  const { pruneMails, ...reading } = createMailbox(needs)
  const outside = createOutside({
    allowPrivate: needs.webhooksAllowPrivate,
    ...(needs.resolve && { resolve: needs.resolve }),
  })
  const delivery = createDelivery({ ...needs, outside })
  const { announce, deliver, pruneDeliveries } = delivery

  return {
    ...reading,
    ...createLetters({ ...needs, mails }),
    ...createEndpoints({ ...needs, outside }),
    ...createLog({ ...needs, delivery }),
    announce,
    deliver,

    /** Forgets mail and deliveries that are done with and old. */
    async prune(): Promise<void> {
      await pruneMails()
      await pruneDeliveries()
    },
  }
}

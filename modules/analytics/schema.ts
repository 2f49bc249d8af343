import { z } from '@hono/zod-openapi'
import { EVENT_KINDS } from './pure/weights.ts'

/** What an event of the kind must say to mean anything. */
const NEEDS: Record<(typeof EVENT_KINDS)[number], readonly ('productId' | 'query' | 'searchId' | 'shown')[]> = {
  view: ['productId'],
  search: ['query', 'searchId', 'shown'],
  click: ['productId'],
  add: ['productId'],
  buy: ['productId'],
  try_on: ['productId'],
  wishlist: ['productId'],
}

export const EventSchema = z
  .object({
    id: z.uuid().toLowerCase().openapi({ description: 'Made by the client: what is sent again is not counted again' }),
    kind: z
      .enum(EVENT_KINDS)
      .openapi({ description: 'What was bought is known to the shop itself: `buy` is passed over' }),
    at: z.iso
      .datetime({ offset: true })
      .openapi({ description: 'When it happened. Later than now becomes now; longer ago than a week, a week ago' }),
    productId: z.uuid().toLowerCase().optional(),
    query: z.string().max(200).optional().openapi({ description: 'Of a search, as typed' }),
    searchId: z.uuid().toLowerCase().optional().openapi({ description: 'Of the answer that showed the product' }),
    position: z.int().min(0).max(10_000).optional().openapi({
      description: 'Place in the whole list of answers, 0 for the first; of a search that of the first that was shown',
    }),
    shown: z
      .array(z.uuid().toLowerCase())
      .max(100)
      .optional()
      .openapi({ description: 'Of a search: the products that were shown, in their order' }),
    context: z.string().max(60).optional().openapi({ description: 'Where it happened, such as `home:liked`' }),
  })
  .superRefine((event, issues) => {
    for (const path of NEEDS[event.kind])
      if (event[path] === undefined)
        issues.addIssue({ code: 'custom', path: [path], message: `A ${event.kind} says ${path}` })
  })
  .openapi('Event')

const VisitorSchema = z.uuid().toLowerCase().optional()
const ConsentsSchema = z.array(z.string().max(40)).max(20).optional()

export const EventBatchSchema = z
  .object({
    visitor: VisitorSchema.openapi({
      description: 'Who did it, where it is no signed-in user; else the header X-Visitor-Id or the cookie `visitor`',
    }),
    consents: ConsentsSchema.openapi({
      description:
        'What a guest allows; else the cookie `consent`. Without `analytics` nothing is kept, without ' +
        '`personalisation` nothing is suggested from it. Of a signed-in user the account says it',
    }),
    events: z.array(EventSchema).min(1).max(100),
  })
  .openapi('EventBatch')

export const IntakeSchema = z
  .object({
    accepted: z.int(),
    duplicates: z.int().openapi({ description: 'Had been sent before' }),
    ignored: z.int().openapi({ description: 'Of unknown products, or not for a client to say' }),
    reason: z.enum(['no_consent', 'no_visitor']).optional().openapi({ description: 'Why nothing was taken' }),
  })
  .openapi('EventIntake')

export const VisitorClaimSchema = z
  .object({
    visitor: VisitorSchema.openapi({ description: 'Else the header X-Visitor-Id or the cookie `visitor`' }),
    consents: ConsentsSchema.openapi({ description: 'What they allowed as a guest; else the cookie `consent`' }),
  })
  .openapi('VisitorClaim')

export const ClaimedSchema = z.object({ claimed: z.int() }).openapi('ClaimedEvents')

export type Event = z.infer<typeof EventSchema>
export type EventBatch = z.infer<typeof EventBatchSchema>
export type Intake = z.infer<typeof IntakeSchema>

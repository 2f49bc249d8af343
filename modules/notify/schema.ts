import { z } from '@hono/zod-openapi'
import { PageQuerySchema, pageOf } from '../kernel/http.ts'
import { WEBHOOK_EVENTS } from './pure/webhook.ts'

const EMAIL_STATUSES = ['waiting', 'sent', 'dead'] as const
const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed'] as const

const CursorSchema = z.object({ cursor: z.uuid().optional() })

export const EmailSchema = z
  .object({
    id: z.uuid(),
    template: z.string(),
    to: z.string().nullable().openapi({ description: 'Null once that person is erased' }),
    subject: z.string().nullable(),
    status: z.enum(EMAIL_STATUSES).openapi({ description: '`dead`: its server said never' }),
    attempts: z.int().nonnegative(),
    error: z.string().nullable().openapi({ description: 'What kept it from leaving last, without the server’s text' }),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
  })
  .openapi('Email')

export const WholeEmailSchema = EmailSchema.extend({
  source: z.string().nullable().openapi({ description: 'The `.eml`, where no server is set and it was kept here' }),
  text: z.string().nullable(),
  html: z.string().nullable(),
}).openapi('WholeEmail')

export const EmailPageSchema = pageOf(EmailSchema).openapi('EmailPage')
export const EmailQuerySchema = PageQuerySchema.extend({
  ...CursorSchema.shape,
  status: z.enum(EMAIL_STATUSES).optional(),
})

const EventsSchema = z
  .array(z.enum(WEBHOOK_EVENTS))
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .transform((events) => [...new Set(events)])
  .openapi({ type: 'array', items: { type: 'string', enum: [...WEBHOOK_EVENTS] } })
const UrlSchema = z.url({ protocol: /^https?$/ }).max(2000)
const DescriptionSchema = z.string().trim().max(200)

export const EndpointSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    disabledReason: z.string().nullable().openapi({ description: 'Why the shop itself stopped calling it' }),
    failingSince: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('WebhookEndpoint')

export const NewEndpointSchema = z
  .object({ url: UrlSchema, events: EventsSchema, description: DescriptionSchema.default('') })
  .openapi('NewWebhookEndpoint')

export const EndpointChangeSchema = z
  .object({ url: UrlSchema, events: EventsSchema, description: DescriptionSchema, enabled: z.boolean() })
  .partial()
  .openapi('WebhookEndpointChange')

export const EndpointWithSecretSchema = EndpointSchema.extend({
  secret: z.string().openapi({ description: 'Shown this once; `whsec_` and base64, as Standard Webhooks has it' }),
}).openapi('WebhookEndpointWithSecret')

export const AttemptSchema = z
  .object({
    at: z.iso.datetime(),
    status: z.int().nullable().openapi({ description: 'What the other side answered, if anything' }),
    error: z.string().nullable(),
    millis: z.int(),
  })
  .openapi('WebhookAttempt')

export const DeliverySchema = z
  .object({
    id: z.uuid(),
    messageId: z.string().openapi({ description: 'The `webhook-id` header; the same however often it is sent' }),
    event: z.string(),
    payload: z.record(z.string(), z.unknown()),
    status: z.enum(DELIVERY_STATUSES),
    attempts: z.int(),
    nextAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('WebhookDelivery')

export const WholeDeliverySchema = DeliverySchema.extend({
  log: z.array(AttemptSchema).openapi({ description: 'Every attempt, the latest first' }),
}).openapi('WholeWebhookDelivery')

export const EndpointPageSchema = pageOf(EndpointSchema).openapi('WebhookEndpointPage')
export const DeliveryPageSchema = pageOf(DeliverySchema).openapi('WebhookDeliveryPage')
export const EndpointQuerySchema = PageQuerySchema.extend(CursorSchema.shape)
export const DeliveryQuerySchema = EndpointQuerySchema.extend({ status: z.enum(DELIVERY_STATUSES).optional() })

export type Email = z.infer<typeof EmailSchema>
export type WholeEmail = z.infer<typeof WholeEmailSchema>
export type EmailQuery = z.infer<typeof EmailQuerySchema>
export type Endpoint = z.infer<typeof EndpointSchema>
export type NewEndpoint = z.infer<typeof NewEndpointSchema>
export type EndpointChange = z.infer<typeof EndpointChangeSchema>
export type EndpointQuery = z.infer<typeof EndpointQuerySchema>
export type Attempt = z.infer<typeof AttemptSchema>
export type Delivery = z.infer<typeof DeliverySchema>
export type WholeDelivery = z.infer<typeof WholeDeliverySchema>
export type DeliveryQuery = z.infer<typeof DeliveryQuerySchema>

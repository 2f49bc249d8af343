import type { InferResponseType } from 'hono/client'
import type { Client } from '../../../openapi/client.ts'

export type Suggestions = InferResponseType<Client['v1']['search']['suggest']['$get'], 200>
export type ProductSuggestion = Suggestions['products'][number]

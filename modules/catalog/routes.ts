import { hash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { TypedResponse } from 'hono'
import type { JSONParsed } from 'hono/utils/types'
import { allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  BrandSchema,
  CategorySchema,
  FacetQuerySchema,
  FacetsSchema,
  ListQuerySchema,
  ProductPageSchema,
  ProductSchema,
} from './schema.ts'
import type { Catalog } from './service.ts'

/** Anyone may keep these a few seconds; a cache may show an old one while it asks again, and for a day when we are down. */
const CACHED = { 'cache-control': 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400' }

const listProducts = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/products',
  tags: ['catalog'],
  summary: 'A page of products',
  request: { query: ListQuerySchema },
  responses: {
    200: json(ProductPageSchema, 'A page of cards'),
    400: problem('A filter, order or cursor does not fit'),
  },
})

const getFacets = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/products/facets',
  tags: ['catalog'],
  summary: 'What a listing can be filtered by',
  request: { query: FacetQuerySchema },
  responses: { 200: json(FacetsSchema, 'Brands, colours and sizes with counts'), 400: problem('No such category') },
})

const getProduct = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/products/{idOrSlug}',
  tags: ['catalog'],
  summary: 'One product with variants, stock, pictures and size chart',
  request: { params: z.object({ idOrSlug: z.string().min(1).max(120) }) },
  responses: { 200: json(ProductSchema, 'The product'), 404: problem('No such product') },
})

const listCategories = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/categories',
  tags: ['catalog'],
  summary: 'The whole category tree',
  responses: { 200: json(z.object({ items: z.array(CategorySchema) }), 'Each category after the one above it') },
})

const listBrands = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/brands',
  tags: ['catalog'],
  summary: 'All brands',
  responses: { 200: json(z.object({ items: z.array(BrandSchema) }), 'By name') },
})

/**
 * JSON with its `ETag`, written and hashed once: left to the edge, the body would be read back out of the answer to hash
 * it, which costs more than all else that an answer of this size takes.
 */
function cached<T>(value: T): TypedResponse<JSONParsed<T>, 200, 'json'> {
  const body = JSON.stringify(value)
  const etag = `"${hash('sha1', body, 'base64url')}"`
  const response = new Response(body, { headers: { ...CACHED, 'content-type': 'application/json', etag } })
  return response as Response & TypedResponse<JSONParsed<T>, 200, 'json'>
}

export function catalogRoutes(catalog: Catalog) {
  return createRouter()
    .openapi(listProducts, async (c) => cached(await catalog.listProducts(c.req.valid('query'))))
    .openapi(getFacets, async (c) => cached(await catalog.getFacets(c.req.valid('query').category)))
    .openapi(getProduct, async (c) => cached(await catalog.getProduct(c.req.valid('param').idOrSlug)))
    .openapi(listCategories, async () => cached({ items: await catalog.listCategories() }))
    .openapi(listBrands, async () => cached({ items: await catalog.listBrands() }))
}

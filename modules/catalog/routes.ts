import { createRoute, z } from '@hono/zod-openapi'
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
  method: 'get',
  path: '/products/facets',
  tags: ['catalog'],
  summary: 'What a listing can be filtered by',
  request: { query: FacetQuerySchema },
  responses: { 200: json(FacetsSchema, 'Brands, colours and sizes with counts'), 400: problem('No such category') },
})

const getProduct = createRoute({
  method: 'get',
  path: '/products/{idOrSlug}',
  tags: ['catalog'],
  summary: 'One product with variants, stock, pictures and size chart',
  request: { params: z.object({ idOrSlug: z.string().min(1).max(120) }) },
  responses: { 200: json(ProductSchema, 'The product'), 404: problem('No such product') },
})

const listCategories = createRoute({
  method: 'get',
  path: '/categories',
  tags: ['catalog'],
  summary: 'The whole category tree',
  responses: { 200: json(z.object({ items: z.array(CategorySchema) }), 'Each category after the one above it') },
})

const listBrands = createRoute({
  method: 'get',
  path: '/brands',
  tags: ['catalog'],
  summary: 'All brands',
  responses: { 200: json(z.object({ items: z.array(BrandSchema) }), 'By name') },
})

export function catalogRoutes(catalog: Catalog) {
  return createRouter()
    .openapi(listProducts, async (c) => c.json(await catalog.listProducts(c.req.valid('query')), 200, CACHED))
    .openapi(getFacets, async (c) => c.json(await catalog.getFacets(c.req.valid('query').category), 200, CACHED))
    .openapi(getProduct, async (c) => c.json(await catalog.getProduct(c.req.valid('param').idOrSlug), 200, CACHED))
    .openapi(listCategories, async (c) => c.json({ items: await catalog.listCategories() }, 200, CACHED))
    .openapi(listBrands, async (c) => c.json({ items: await catalog.listBrands() }, 200, CACHED))
}

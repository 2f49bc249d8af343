export { catalogRoutes } from './routes.ts'
export {
  ColourSchema,
  ImageSchema,
  ListQuerySchema,
  MoneySchema,
  ProductCardSchema,
  SizeChartSchema,
} from './schema.ts'
export type { ChangeReader } from './changes.ts'
export type { SavedProduct } from './save-product.ts'
export type {
  Brand,
  Category,
  Colour,
  DescribedVariant,
  Facets,
  Metadata,
  NewProduct,
  Product,
  ProductCard,
  ProductImage,
  ReviewSummary,
  Variant,
} from './schema.ts'
export type { Searchable } from './searchables.ts'
export { type Catalog, createCatalog } from './service.ts'

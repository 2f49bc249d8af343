import type { InferResponseType } from 'hono/client'
import { compareSizes } from '../../modules/catalog/pure/size-order.ts'
import type { Client } from '../../openapi/client.ts'
import type { Card, Category, Detail, Picture, SizeTable } from './views.ts'

type Products = Client['v1']['products']
type ApiCard = InferResponseType<Products['$get'], 200>['items'][number]
type ApiProduct = InferResponseType<Products[':idOrSlug']['$get'], 200>
type ApiCategory = InferResponseType<Client['v1']['categories']['$get'], 200>['items'][number]
type ApiImage = ApiCard['images'][number]

/** The widths the shop serves, in px. A picture narrower than one comes in its own width and is never blown up. */
const WIDTHS = [160, 320, 480, 640, 960]
const FORMATS = { avif: 'image/avif', webp: 'image/webp' }

export function pictureOf({ url, width, height, alt }: ApiImage): Picture {
  const enough = WIDTHS.findIndex((one) => one >= width)
  const widths = enough < 0 ? WIDTHS : WIDTHS.slice(0, enough + 1)
  return {
    src: `${url}/640.jpg`,
    alt,
    width,
    height,
    sources: Object.entries(FORMATS).map(([extension, type]) => ({
      type,
      srcset: widths.map((one) => `${url}/${one}.${extension} ${Math.min(one, width)}w`).join(', '),
    })),
  }
}

export const cardOf = ({ id, slug, name, brand, category, price, images, colours, reviews }: ApiCard): Card => ({
  id,
  slug,
  name,
  brand: brand.name,
  price,
  picture: images[0] && pictureOf(images[0]),
  colours,
  category: category.slug,
  rating: reviews.rating === null ? undefined : { mean: reviews.rating, count: reviews.count },
})

export function detailOf(product: ApiProduct): Detail {
  const { id, slug, name, brand, description, breadcrumbs, colours, metadata } = product
  return {
    id,
    slug,
    name,
    brand: brand.name,
    description,
    trail: breadcrumbs.map((step) => ({ href: addressOf(step.slug), label: step.name })),
    colours,
    sizes: product.sizes.toSorted(compareSizes),
    pictures: product.images.map((image) => ({ colour: image.colour, picture: pictureOf(image) })),
    variants: product.variants.map((variant) => ({
      id: variant.id,
      size: variant.size,
      colour: variant.colour,
      price: variant.price,
      inStock: variant.stock > 0,
    })),
    sizeTable: product.sizeChart ? tableOf(product.sizeChart.sizes) : undefined,
    fabric: metadata.fabric,
    care: metadata.care ?? [],
    facts: factsOf(product),
    reviews: product.reviews,
  }
}

/** Departments have addresses of their own; everything else lies under /c. */
export const addressOf = (slug: string): string => (slug === 'women' || slug === 'men' ? `/${slug}` : `/c/${slug}`)

const ZONE_NAMES: Record<string, string> = {
  chest: 'Chest',
  waist: 'Waist',
  hip: 'Hip',
  length: 'Length',
  shoulder: 'Shoulders',
  sleeve: 'Sleeve',
  inseam: 'Inside leg',
  outseam: 'Outside leg',
  thigh: 'Thigh',
  hem: 'Hem',
}

function tableOf(measures: NonNullable<ApiProduct['sizeChart']>['sizes']): SizeTable {
  const sizes = Object.keys(measures).toSorted(compareSizes)
  const zones = Object.entries(ZONE_NAMES).map(([zone, name]) => ({
    name,
    cm: sizes.map((size) => (measures[size] as Record<string, number | undefined> | undefined)?.[zone]),
  }))
  return { sizes, zones: zones.filter(({ cm }) => cm.some((value) => value !== undefined)) }
}

function factsOf({ metadata, colours }: ApiProduct): Detail['facts'] {
  const facts = [
    { name: 'Colours', value: colours.map(({ name }) => name).join(', ') },
    { name: 'Pattern', value: metadata.pattern },
    { name: 'Occasion', value: metadata.occasion?.join(', ') },
    { name: 'Season', value: metadata.season?.join(', ') },
  ]
  return facts.flatMap(({ name, value }) => (value ? [{ name, value: value[0]?.toUpperCase() + value.slice(1) }] : []))
}

export const categoryOf = ({ slug, name, parent, path }: ApiCategory): Category => ({
  slug,
  name,
  parent,
  department: path[0] ?? slug,
})

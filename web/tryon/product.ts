import type { Detail, Picture, SizeTable } from '../state/views.ts'

/** What the try-on needs to know of a product, and no more: it travels to the browser. */
export type TryOnProduct = {
  id: string
  slug: string
  name: string
  brand: string
  colours: { slug: string; name: string; picture?: Picture | undefined }[]
  sizes: string[]
  variants: { id: string; colour: string; size: string }[]
  sizeTable?: SizeTable | undefined
}

type Source = Pick<
  Detail,
  'id' | 'slug' | 'name' | 'brand' | 'colours' | 'sizes' | 'pictures' | 'variants' | 'sizeTable'
>

export function tryOnProduct(product: Source): TryOnProduct {
  const { id, slug, name, brand, sizes, sizeTable } = product
  return {
    id,
    slug,
    name,
    brand,
    sizes,
    sizeTable,
    colours: product.colours.map((colour) => ({
      slug: colour.slug,
      name: colour.name,
      picture: product.pictures.find((one) => one.colour === colour.slug)?.picture ?? product.pictures[0]?.picture,
    })),
    variants: product.variants.map((variant) => ({ id: variant.id, colour: variant.colour, size: variant.size })),
  }
}

/** The variant that a colour and a size name, if the shop makes it. */
export const variantOf = (product: TryOnProduct, colour: string, size: string | undefined) =>
  product.variants.find((variant) => variant.colour === colour && variant.size === size)

/** How one size differs from another as one sentence of whole facts, from the size table: "L is 6 cm wider at the chest …". */
export function differenceOf(table: SizeTable, from: string, to: string): string | undefined {
  const [a, b] = [table.sizes.indexOf(from), table.sizes.indexOf(to)]
  if (a < 0 || b < 0 || a === b) return undefined
  const parts = table.zones.flatMap(({ name, cm }) => {
    const [before, after] = [cm[a], cm[b]]
    if (before === undefined || after === undefined || before === after) return []
    const by = Math.round(Math.abs(after - before) * 10) / 10
    return [`${by} cm ${after > before ? 'more' : 'less'} in ${name.toLowerCase()}`]
  })
  return parts.length > 0 ? `Compared with ${from}, ${to} has ${listed(parts)}.` : undefined
}

const listed = (parts: string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

/** The size to start with: the one asked for when it is made in this colour, else the middle one. */
export function startSize(product: TryOnProduct, colour: string, asked: string | undefined): string {
  const made = product.sizes.filter((size) => variantOf(product, colour, size))
  return made.find((size) => size === asked) ?? made[Math.floor((made.length - 1) / 2)] ?? ''
}

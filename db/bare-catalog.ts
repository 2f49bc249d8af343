import postgres from 'postgres'
import type { Address } from './postgres/embedded.ts'

/**
 * What a page of products and one product cost when nothing stands between a route and the driver: one prepared
 * statement each, its JSON put together by PostgreSQL. The roof that `bench api` holds the shop against.
 */
export function openBareCatalog(address: Address | string, pool: number) {
  const options = { max: pool, connection: { application_name: 'eshotry-bench' } }
  const sql = typeof address === 'string' ? postgres(address, options) : postgres({ ...address, ...options })
  return {
    listProducts: (limit: number) => sql`
      select p.id, p.slug, p.name, json_build_object('slug', b.slug, 'name', b.name) as brand,
        json_build_object('slug', c.slug, 'name', c.name) as category,
        json_build_object('amount', p.price_amount, 'currency', p.currency) as price, p.colours, p.sizes, p.images
      from catalog.product p
      join catalog.brand b on b.id = p.brand_id
      join catalog.category c on c.id = p.category_id
      order by p.listed_at desc, p.id desc limit ${limit}`,

    findProduct: async (slug: string) => {
      const [product] = await sql`
        select p.id, p.slug, p.name, p.description, json_build_object('slug', b.slug, 'name', b.name) as brand,
          json_build_object('slug', c.slug, 'name', c.name) as category,
          json_build_object('amount', p.price_amount, 'currency', p.currency) as price, p.colours, p.sizes, p.images,
          p.size_chart as "sizeChart", d.body as metadata, p.listed_at as "listedAt", p.updated_at as "updatedAt",
          (select json_agg(json_build_object('id', v.id, 'sku', v.sku, 'colour', v.colour, 'size', v.size,
            'price', json_build_object('amount', v.price_amount, 'currency', p.currency),
            'stock', coalesce(s.quantity, 0)) order by v.position)
            from catalog.variant v left join inventory.stock s on s.variant_id = v.id where v.product_id = p.id) as variants
        from catalog.product p
        join catalog.brand b on b.id = p.brand_id
        join catalog.category c on c.id = p.category_id
        left join docs.document d on d.collection = 'catalog.metadata' and d.id = p.id::text
        where p.slug = ${slug}`
      return product
    },

    close: () => sql.end(),
  }
}

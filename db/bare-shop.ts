import postgres from 'postgres'
import type { Address } from './postgres/embedded.ts'

/**
 * What an add to a cart and an order cost when nothing stands between a route and the driver: one prepared statement each.
 * The add answers the cart as the shop does, lines with their products, prices and stock; the order is one row. These are
 * the roofs that `bench cart` and `bench checkout` hold the shop against.
 */
export function openBareShop(address: Address | string, pool: number) {
  const options = { max: pool, connection: { application_name: 'eshotry-bench' } }
  const sql = typeof address === 'string' ? postgres(address, options) : postgres({ ...address, ...options })
  return {
    addItem: async (cartId: string, variantId: string, quantity: number) => {
      const [row] = await sql`
        with added as (
          insert into cart.item as i (id, cart_id, variant_id, name, quantity, shown_amount, changed_at)
          select gen_random_uuid(), ${cartId}, v.id, p.name, ${quantity}, v.price_amount, now()
          from catalog.variant v join catalog.product p on p.id = v.product_id where v.id = ${variantId}
          on conflict (cart_id, variant_id) do update set quantity = i.quantity + excluded.quantity
          returning *),
        now_in as (
          select * from added
          union all select * from cart.item where cart_id = ${cartId} and variant_id <> ${variantId})
        select json_build_object('id', ${cartId}::text, 'total', sum(i.quantity * v.price_amount),
          'items', json_agg(json_build_object('id', i.id, 'variantId', v.id, 'quantity', i.quantity, 'name', p.name,
            'slug', p.slug, 'brand', b.name, 'sku', v.sku, 'colour', v.colour, 'size', v.size, 'image', p.images -> 0,
            'price', v.price_amount, 'total', i.quantity * v.price_amount, 'stock', coalesce(s.quantity, 0)))) as cart
        from now_in i
        join catalog.variant v on v.id = i.variant_id
        join catalog.product p on p.id = v.product_id
        join catalog.brand b on b.id = p.brand_id
        left join inventory.stock s on s.variant_id = v.id`
      return row?.['cart'] as unknown
    },

    insertOrder: async (order: Record<string, unknown>) => {
      const [row] = await sql`
        insert into orders."order" select * from jsonb_populate_record(null::orders."order",
          ${sql.json(order as never)}::jsonb || jsonb_build_object('id', gen_random_uuid(),
            'number', 'BARE' || nextval('orders.number'), 'cart_id', gen_random_uuid()))
        returning id, number`
      return row
    },

    close: () => sql.end(),
  }
}

/** Cart to order: stock, carts, promotions, orders. */
export type ShopTables = {
  'inventory.stock': { variant_id: string; quantity: number }
}

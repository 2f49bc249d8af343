import type { JSONColumnType } from 'kysely'

export type TryOnTables = {
  'tryon.garment': {
    product_id: string
    colour: string
    category: string
    cut: string
    open_front: boolean
    landmarks: JSONColumnType<object, string, string>
    confidence: number
    cutout_key: string
    inside_key: string | null
  }
}

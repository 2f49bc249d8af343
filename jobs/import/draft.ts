import type { NewProduct } from '../../modules/catalog/index.ts'
import type { GarmentCategory } from '../../modules/tryon/pure/garment.ts'

/** A product as its file gives it, before a picture of it is opened. `line` is where in the file, counted from 1. */
export type Draft = {
  line: number
  handle: string
  product: Pick<NewProduct, 'name' | 'description' | 'brand' | 'category' | 'price' | 'sizeChart' | 'metadata'>
  /** What kind of garment it is; `none` is not to be tried on, absent is found from the picture. */
  garment?: GarmentCategory | 'none' | undefined
  colours: DraftColour[]
}

export type DraftColour = {
  line: number
  name: string
  /** Absent: taken from the picture. */
  hex?: string | undefined
  /** File names below `--images`; the first shows the garment from the front. */
  images: string[]
  variants: { sku: string; size: string; stock: number }[]
}

/** Why something of the file was not taken, or was taken with a doubt. */
export type Remark = { line: number; column: string; reason: string; handle?: string }

export type ReadCatalogue = { drafts: Draft[]; refused: Remark[] }

export const GARMENTS = ['top', 'bottom', 'dress', 'none'] as const

/** Whole units with at most the currency's decimals, with a point or a comma: `29.90` EUR is 2990; undefined when it is none. */
export function minorUnits(price: string, currency: string): number | undefined {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const [, whole, fraction = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(price.trim()) ?? []
  if (whole === undefined || fraction.length > digits) return undefined
  return Number(whole + fraction.padEnd(digits, '0'))
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))
export const isCurrency = (code: string) => CURRENCIES.has(code)

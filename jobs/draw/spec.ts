import type { FabricName } from './fabric.ts'
import type { Pattern } from './pattern.ts'
import type { Print } from './print.ts'

export type NeckStyle =
  | 'rib'
  | 'faced'
  | 'bound'
  | 'straps'
  | 'shirt'
  | 'camp'
  | 'band'
  | 'polo'
  | 'turtle'
  | 'mock'
  | 'hood'
  | 'lapel'
  | 'collarless'
  | 'bomber'
  | 'stand'
export type FrontStyle = 'plain' | 'buttons' | 'henley' | 'zip' | 'open' | 'double' | 'wrap'
export type PocketStyle = 'chest' | 'chests' | 'flaps' | 'kangaroo' | 'patches' | 'welts' | 'slants'

/** How a top or a dress is cut and made. Lengths in cm; what is left out follows from the size chart's middle size. */
export type TopSpec = {
  type: 'top' | 'dress'
  fabric: FabricName
  second?: FabricName
  inside?: FabricName
  neck: NeckStyle
  neckWidth?: number
  neckDepth?: number
  neckSquare?: number
  backDrop?: number
  slope?: number
  armhole?: number
  waistY?: number
  /** flat waist as a share of the flat chest, when the chart has none */
  waistShare?: number
  hemShape?: 'straight' | 'shirttail' | 'rounded'
  hemDrop?: number
  hem?: 'stitched' | 'rib' | 'plain' | 'elastic'
  sleeve: 'none' | 'short' | 'long'
  cuff?: 'stitched' | 'rib' | 'shirt' | 'turned' | 'plain' | 'elastic'
  cuffWidth?: number
  elbowWidth?: number
  sleeveAngle?: number
  puff?: number
  front?: FrontStyle
  buttons?: number
  pockets?: PocketStyle
  yoke?: boolean
  contrastStitch?: boolean
  waistSeam?: 'seam' | 'belt' | 'elastic' | 'tie'
  tiers?: number
  pleats?: number
  flare?: number
  darts?: boolean
  quilt?: 'lines' | 'diamonds' | 'puffs'
  raglan?: boolean
  /** a block of the second colour: the share of the length where it begins, or the sleeves */
  block?: { from: number; to: number } | 'sleeves' | 'yoke'
  pattern?: Pattern
  print?: Print
  crease?: number
}

export type TrousersSpec = {
  type: 'trousers' | 'shorts'
  fabric: FabricName
  style: 'jeans' | 'chino' | 'tailored' | 'jogger' | 'leggings' | 'pull-on' | 'cargo'
  rise?: number
  knee?: number
  stance?: number
  crease?: number
  pressed?: boolean
  pleats?: number
  contrastStitch?: boolean
  turnUp?: number
  ribCuff?: boolean
  pattern?: Pattern
  /** a stripe of the second colour down the outer seam */
  sideStripe?: boolean
}

export type SkirtSpec = {
  type: 'skirt'
  fabric: FabricName
  style: 'pencil' | 'a-line' | 'flared' | 'pleated' | 'gathered' | 'denim' | 'wrap' | 'slip' | 'tiered'
  buttons?: number
  contrastStitch?: boolean
  hemDrop?: number
  crease?: number
  pattern?: Pattern
}

export type GarmentSpec = TopSpec | TrousersSpec | SkirtSpec

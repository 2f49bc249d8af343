import type { GarmentScale, MeasureName } from './garment-size.ts'
import { interpolate } from './vector.ts'

/** The girth of cloth at levels of the garment (`d`, its px), from its flat width and what the size chart states. */
type ClothGirth = {
  /** By how much the flat width's girth has to be corrected at `d` to give the chart's `zone`; undefined where it states none. */
  correction(zone: MeasureName, d: number): number | undefined
  /** Girth in cm at any level, corrected by `factors` at `ds` (sorted) and in between, so that the chart's zones come out exact. */
  corrected(ds: readonly number[], factors: readonly number[]): (d: number) => number
}

/** `flatWidth` gives the width in garment px at a level. */
export function createClothGirth(size: GarmentScale, flatWidth: (d: number) => number): ClothGirth {
  const flat = (d: number) => 2 * flatWidth(d) * size.cmPerPxAcross
  return {
    correction: (zone, d) => (size.stated.includes(zone) ? size.measures[zone] / Math.max(1, flat(d)) : undefined),
    corrected: (ds, factors) => (d) => flat(d) * interpolate(ds, factors, d),
  }
}

/** A country's tax on what is sold there: `rateBp` hundredths of a percent; `included` when shelf prices contain it. */
export type TaxRule = { rateBp: number; included: boolean }

const included = (percent: number): TaxRule => ({ rateBp: Math.round(percent * 100), included: true })
const added = (percent: number): TaxRule => ({ rateBp: Math.round(percent * 100), included: false })

/**
 * Standard rates on clothing by ISO 3166 country. Shelf prices contain the value added tax of where they are delivered to
 * (Union, Switzerland, Norway, Kingdom, Japan, Australia); Canada adds its federal tax at the till. Sales taxes of the
 * States depend on the address and on where the shop has a presence, so a shop that owes them sets its own rule here.
 */
const TAXES: Readonly<Record<string, TaxRule>> = {
  AT: included(20),
  AU: included(10),
  BE: included(21),
  BG: included(20),
  CA: added(5),
  CH: included(8.1),
  CY: included(19),
  CZ: included(21),
  DE: included(19),
  DK: included(25),
  EE: included(24),
  ES: included(21),
  FI: included(25.5),
  FR: included(20),
  GB: included(20),
  GR: included(24),
  HR: included(25),
  HU: included(27),
  IE: included(23),
  IT: included(22),
  JP: included(10),
  LT: included(21),
  LU: included(17),
  LV: included(21),
  MT: included(18),
  NL: included(21),
  NO: included(25),
  PL: included(23),
  PT: included(23),
  RO: included(21),
  SE: included(25),
  SI: included(22),
  SK: included(23),
  US: added(0),
}

/** Undefined where the shop does not sell to. */
export const taxOf = (country: string): TaxRule | undefined => TAXES[country]

/** Every country that the shop sells to, by code. */
export const TAXED_COUNTRIES: readonly string[] = Object.keys(TAXES)

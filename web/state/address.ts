import { TAXED_COUNTRIES } from '../../modules/cart/pure/tax.ts'
import type { FieldSpec } from './forms.ts'

/** As the API takes it; what is left empty is left out. */
export type Address = {
  name: string
  line1: string
  line2?: string | undefined
  postalCode: string
  city: string
  region?: string | undefined
  country: string
  phone?: string | undefined
}

const names = new Intl.DisplayNames('en', { type: 'region' })
export const countryName = (code: string): string => names.of(code) ?? code

/** Every country that the shop delivers to, by name. */
const COUNTRIES = TAXED_COUNTRIES.map((value) => ({ value, label: countryName(value) })).toSorted((a, b) =>
  a.label.localeCompare(b.label, 'en'),
)

export const ADDRESS_FIELDS: readonly FieldSpec[] = [
  { name: 'name', label: 'Full name', autocomplete: 'name', most: 120, wrong: 'Enter the name for the parcel.' },
  {
    name: 'line1',
    label: 'Street and number',
    autocomplete: 'address-line1',
    most: 120,
    wrong: 'Enter street and number.',
  },
  {
    name: 'line2',
    label: 'Flat, floor, company',
    autocomplete: 'address-line2',
    most: 120,
    optional: true,
    wrong: 'Use at most 120 letters.',
  },
  {
    name: 'postalCode',
    label: 'Postcode',
    autocomplete: 'postal-code',
    most: 20,
    half: true,
    wrong: 'Enter the postcode.',
  },
  { name: 'city', label: 'Town', autocomplete: 'address-level2', most: 80, half: true, wrong: 'Enter the town.' },
  {
    name: 'country',
    label: 'Country',
    autocomplete: 'country',
    options: COUNTRIES,
    half: true,
    wrong: 'Choose a country that we deliver to.',
  },
  {
    name: 'region',
    label: 'State or region',
    autocomplete: 'address-level1',
    most: 80,
    optional: true,
    half: true,
    wrong: 'Use at most 80 letters.',
  },
  {
    name: 'phone',
    label: 'Phone',
    type: 'tel',
    autocomplete: 'tel',
    hint: 'For the carrier only, should they not find you.',
    most: 40,
    optional: true,
    wrong: 'Use at most 40 digits.',
  },
]

const filled = (given: object) => Object.fromEntries(Object.entries(given).filter(([, value]) => value))

/** The address in the values of a form. */
export function addressOf(values: Record<string, string>): Address {
  const { name = '', line1 = '', line2, postalCode = '', city = '', region, country = '', phone } = values
  return { name, line1, postalCode, city, country, ...filled({ line2, region, phone }) }
}

/** The values of a form from an address. */
export const valuesOf = (address: Address): Record<string, string> =>
  Object.fromEntries(ADDRESS_FIELDS.map(({ name }) => [name, address[name as keyof Address] ?? '']))

/** As it is written on a parcel. */
export const addressLines = ({ name, line1, line2, postalCode, city, region, country }: Address): string[] =>
  [name, line1, line2, `${postalCode} ${city}`, region, countryName(country)].filter(
    (line) => line !== undefined && line !== '',
  ) as string[]

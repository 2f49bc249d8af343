import { AppError } from '../kernel/errors.ts'
import { type Sort, SORTS } from './schema.ts'

/** Where a page ended: the last row's place in the order it was asked in, and its id for the rows that share that place. */
export type Position = { value: string | number; id: string }

/** PostgreSQL's `int`, and the end of the year 9999: a cursor beyond them was not written here, and would be an error there. */
const LAST_INT = 2 ** 31 - 1
const LAST_MILLISECOND = 253_402_300_799_999

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const writeCursor = (sort: Sort, { value, id }: Position): string =>
  Buffer.from(JSON.stringify([SORTS.indexOf(sort), value, id])).toString('base64url')

function isPlace(sort: Sort, value: unknown): value is string | number {
  if (sort === 'name') return typeof value === 'string'
  const most = sort === 'newest' ? LAST_MILLISECOND : LAST_INT
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Throws `invalid` for what `writeCursor` did not write, and for a cursor of another order. */
export function readCursor(sort: Sort, cursor: string): Position {
  const parts = parse(cursor)
  const [place, value, id] = Array.isArray(parts) ? (parts as unknown[]) : []
  if (typeof id !== 'string' || !UUID.test(id) || typeof place !== 'number' || !(place in SORTS))
    throw invalidCursor('is not one that this list gave')
  if (SORTS[place] !== sort) throw invalidCursor(`belongs to the order ${SORTS[place]}, not ${sort}`)
  if (!isPlace(sort, value)) throw invalidCursor('is not one that this list gave')
  return { value, id }
}

const invalidCursor = (what: string) =>
  new AppError('invalid', `The cursor ${what}`, { issues: [{ path: 'cursor', message: `The cursor ${what}` }] })

import { createHash } from 'node:crypto'
import { AppError } from '../kernel/errors.ts'

/**
 * Where a page ended. `next` is where the index goes on; with a `list`, the order that the first pages were given, `at`
 * counts how many of it were shown, or it was shown whole and `next` goes on behind it.
 */
export type Cursor = { list?: string; at?: number; next?: string }

/** Short, and different for different texts for all that matters here. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16)

/** `query` names the search that the page is of. */
export const writeCursor = (query: string, { list, at, next }: Cursor): string =>
  Buffer.from(JSON.stringify([query.slice(0, 8), list ?? 0, at ?? 0, next ?? 0])).toString('base64url')

const refused = (what: string) =>
  new AppError('invalid', `The cursor ${what}`, { issues: [{ path: 'cursor', message: `The cursor ${what}` }] })

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === 4) return parts
  } catch {}
  throw refused('is not one that this search gave')
}

/** Throws `invalid` for what `writeCursor` did not write, and for the cursor of another search. */
export function readCursor(query: string, cursor: string): Cursor {
  const [of, list, at, next] = parse(cursor)
  if (of !== query.slice(0, 8)) throw refused('belongs to another search')
  if (!isWhole(at) || !isNoneOr(list, LIST) || !isNoneOr(next, /./) || (list === 0 && next === 0))
    throw refused('is not one that this search gave')
  return { at, ...(list === 0 ? {} : { list }), ...(next === 0 ? {} : { next }) }
}

const LIST = /^[\w-]{16}$/
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isNoneOr = (value: unknown, pattern: RegExp): value is string | 0 =>
  value === 0 || (typeof value === 'string' && pattern.test(value))

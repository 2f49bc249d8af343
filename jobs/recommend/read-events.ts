import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { type InteractionLists, type Interactions, interactionsOf } from '../../modules/recommend/pure/interactions.ts'
import { AppError } from '../../modules/kernel/errors.ts'

export const FORMATS = ['leave-list', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** Users and items of all files that belong together, numbered as they come. */
export type Numbering = { users: Map<string, number>; items: Map<string, number> }

export const createNumbering = (items: readonly string[] = []): Numbering => ({
  users: new Map(),
  items: new Map(items.map((id, number) => [id, number])),
})

export type Events = { user: number[]; item: number[]; weight: number[] | undefined; time: number[] | undefined }

/** Events of a file, gzipped or not, numbered by `numbering`, which grows. Throws `invalid` with the line that is wrong. */
export async function readEvents(path: string, format: Format, numbering: Numbering): Promise<Events> {
  const text = await readText(path)
  const events = format === 'csv' ? readCsv(path, text, numbering) : readLists(path, text, numbering)
  if (events.user.length === 0) throw new AppError('invalid', `${path}: there is no interaction in it`)
  return events
}

/** Events as rows; call it when all files are read, so that all have as many users and items. */
export function toInteractions(events: Events, { users, items }: Numbering): Interactions {
  const lists: InteractionLists = { ...events, users: users.size, items: items.size }
  return interactionsOf(lists)
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new AppError('invalid', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`)
  })
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isGzip && path.endsWith('.gz')) throw new AppError('invalid', `${path}: it is not gzipped`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(isGzip ? gunzipSync(bytes) : bytes)
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not text in UTF-8' : 'the gzipped data are damaged'
    throw new AppError('invalid', `${path}: ${why}`)
  }
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id)
  if (known !== undefined) return known
  numbers.set(id, numbers.size)
  return numbers.size - 1
}

/** Lines of `user item item ...`; a user alone has nothing. */
function readLists(path: string, text: string, numbering: Numbering): Events {
  const events: Events = { user: [], item: [], weight: undefined, time: undefined }
  for (const [at, line] of text.split('\n').entries()) {
    if (/[,;]/.test(line))
      throw new AppError('invalid', `${path}, line ${at + 1}: ids are parted by spaces; is this --format csv?`)
    const [user, ...items] = line.split(/\s+/).filter(Boolean)
    if (user === undefined) continue
    const number = numberOf(numbering.users, user)
    for (const item of items) {
      events.user.push(number)
      events.item.push(numberOf(numbering.items, item))
    }
  }
  return events
}

/** Names of columns as they are usual, compared without case, spaces, dots, dashes and underscores. */
const COLUMNS = {
  user: ['user', 'userid', 'uid', 'customer', 'customerid', 'visitor', 'visitorid', 'member', 'memberid', 'reviewerid'],
  item: [
    'item',
    'itemid',
    'iid',
    'product',
    'productid',
    'article',
    'articleid',
    'sku',
    'asin',
    'movieid',
    'parentasin',
  ],
  weight: ['weight', 'count', 'quantity', 'strength'],
  rating: ['rating', 'stars', 'overall', 'score'],
  time: ['timestamp', 'time', 'date', 'datetime', 'at', 'createdat', 'eventtime', 'reviewdate', 'reviewtime'],
} as const
type Column = keyof typeof COLUMNS

function readCsv(path: string, text: string, numbering: Numbering): Events {
  let columns: Partial<Record<Column, number>> | undefined
  const rows = { ...emptyEvents(), rating: [] as number[] }
  const onRecord = (cells: string[], { lines }: { lines: number }) => {
    const where = `${path}, line ${lines}`
    if (columns === undefined) columns = recognise(path, cells)
    else addRow(rows, { cells, columns, where, numbering })
    return null
  }
  try {
    const delimiter = delimiterOf(text)
    parse(text, { bom: true, delimiter, skip_empty_lines: true, trim: true, on_record: onRecord })
  } catch (error) {
    if (error instanceof CsvError) throw new AppError('invalid', `${path}: ${error.message}`)
    throw error
  }
  const { weight, time, rating, user, item } = rows
  const best = rating.reduce((most, one) => Math.max(most, one), 0)
  const weights = columns?.weight !== undefined ? weight : rating.map((one) => (one > 0 && best > 0 ? one / best : 1))
  const isWeighted = columns?.weight !== undefined || columns?.rating !== undefined
  return { user, item, weight: isWeighted ? weights : undefined, time: columns?.time === undefined ? undefined : time }
}

const emptyEvents = () => ({ user: [] as number[], item: [] as number[], weight: [] as number[], time: [] as number[] })

/** What the header parts its names with most. */
function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const times = (sign: string) => header.split(sign).length
  return [',', ';', '\t'].reduce((best, sign) => (times(sign) > times(best) ? sign : best))
}

function recognise(path: string, header: string[]): Partial<Record<Column, number>> {
  const plain = header.map((name) => name.toLowerCase().replace(/[\s._-]/g, ''))
  const found: Partial<Record<Column, number>> = {}
  for (const [column, names] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const name = names.find((one) => plain.includes(one))
    if (name !== undefined) found[column] = plain.indexOf(name)
  }
  for (const column of ['user', 'item'] as const)
    if (found[column] === undefined)
      throw new AppError(
        'invalid',
        `${path}: no column of the ${column}s among ${header.join(', ')}; name it ${COLUMNS[column].slice(0, 2).join(' or ')}`,
      )
  return found
}

type Row = { cells: string[]; columns: Partial<Record<Column, number>>; where: string; numbering: Numbering }
type Rows = ReturnType<typeof emptyEvents> & { rating: number[] }

function addRow(rows: Rows, { cells, columns, where, numbering }: Row): void {
  const cell = (column: Column) => cells[columns[column] ?? -1] ?? ''
  const [user, item] = [cell('user'), cell('item')]
  if (user === '' || item === '') throw new AppError('invalid', `${where}: no ${user === '' ? 'user' : 'item'}`)
  rows.user.push(numberOf(numbering.users, user))
  rows.item.push(numberOf(numbering.items, item))
  if (columns.weight !== undefined) rows.weight.push(positive(cell('weight'), 'weight', where))
  // Who took something and did not rate it still took it: 0 becomes the weight of the best.
  if (columns.rating !== undefined)
    rows.rating.push(cell('rating') === '' ? 0 : positive(cell('rating'), 'rating', where))
  if (columns.time !== undefined) rows.time.push(timeOf(cell('time'), where))
}

function positive(text: string, name: string, where: string): number {
  const value = text === '' ? Number.NaN : Number(text)
  if (!(value > 0 && value < Infinity))
    throw new AppError('invalid', `${where}: the ${name} ${text || '(empty)'} is not a number above 0`)
  return value
}

/** Unix time in seconds, milliseconds, microseconds or nanoseconds, told apart by its size, or a date as text; in ms. */
function timeOf(text: string, where: string): number {
  const number = text === '' ? Number.NaN : Number(text)
  if (Number.isNaN(number)) {
    const parsed = Date.parse(text)
    if (Number.isNaN(parsed))
      throw new AppError('invalid', `${where}: the time ${text || '(empty)'} is neither a date nor Unix time`)
    return parsed
  }
  const size = Math.abs(number)
  if (size < 1e11) return number * 1000
  if (size < 1e14) return number
  return size < 1e17 ? number / 1e3 : number / 1e6
}

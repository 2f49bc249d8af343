import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { CsvError, type Info, parse } from 'csv-parse'
import { AppError } from '../modules/kernel/errors.ts'

/** One row of a file: its cells by column, and the line it is on, for who has to mend it. */
export type Row = { line: number; cells: Record<string, string> }

/** Columns that are written alike: `Category Hierarchy`, `category_hierarchy`. */
export const columnName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')

const FIRST_BYTES = 64 * 1024

/** Reads a CSV, TSV or JSONL file row by row, however large it is. Throws `invalid` naming file and line. */
export async function* readRows(file: string): AsyncGenerator<Row> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new AppError('invalid', `There is no file ${file}`)
  if (found.size === 0) throw new AppError('invalid', `${file} is empty`)
  const head = await readHead(file)
  yield* isJsonLines(file, head) ? readJsonLines(file) : readTable(file, delimiterOf(head))
}

async function readHead(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '')
  } finally {
    await handle.close()
  }
}

const isJsonLines = (file: string, head: string) =>
  /\.(jsonl|ndjson|json)$/i.test(file) || head.trimStart().startsWith('{')

function delimiterOf(head: string): string {
  const [header = ''] = head.split(/\r?\n/, 1)
  const counts = ['\t', ';', ','].map((one) => ({ one, columns: header.split(one).length }))
  return counts.toSorted((a, b) => b.columns - a.columns)[0]?.one ?? ','
}

async function* readTable(file: string, delimiter: string): AsyncGenerator<Row> {
  // In files split by tabs a quote is often just a quote.
  const quotes = delimiter === '\t' ? { quote: isQuoting(await readHead(file), delimiter) ? '"' : null } : {}
  const options = { bom: true, delimiter, info: true, relax_quotes: true, skip_empty_lines: true, ...quotes }
  const stream = createReadStream(file)
  const parser = stream.pipe(parse({ ...options, relax_column_count: true }))
  stream.on('error', (error) => parser.destroy(error))
  let columns: string[] | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (columns === undefined) {
        columns = record.map(columnName)
        continue
      }
      if (record.length > columns.length)
        throw new AppError(
          'invalid',
          `${file}, line ${info.lines}: ${record.length} cells in ${columns.length} columns`,
        )
      const cells: Record<string, string> = {}
      for (const [place, name] of columns.entries()) cells[name] = record[place]?.trim() ?? ''
      yield { line: info.lines, cells }
    }
  } catch (error) {
    if (error instanceof CsvError) throw new AppError('invalid', `${file}: ${error.message}`)
    throw error
  }
}

/** Whether cells are wrapped in quotes, rather than having some in them. */
const isQuoting = (head: string, delimiter: string) =>
  head.split(/\r?\n/).some((line) => line.split(delimiter).some((cell) => /^".*"$/.test(cell.trim())))

async function* readJsonLines(file: string): AsyncGenerator<Row> {
  let line = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1
    const json = line === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim()
    if (json === '') continue
    yield { line, cells: cellsOf(json, `${file}, line ${line}`) }
  }
}

function cellsOf(json: string, where: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new AppError('invalid', `${where}: not one JSON object`)
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new AppError('invalid', `${where}: not one JSON object`)
  return Object.fromEntries(Object.entries(value).map(([name, cell]) => [columnName(name), textOf(cell)]))
}

/** Lists as a cell has them, split at `|`. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(' | ')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${textOf(inner)}`)
      .join(' | ')
  return String(value as string | number | boolean)
}

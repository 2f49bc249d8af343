import { Database } from 'bun:sqlite'
import type { SearchDocument, SearchQuery } from './index.ts'

/**
 * The same products in SQLite's FTS5, in memory: what `bench search` puts our own index beside. A query answers the ids of
 * the best 24 by bm25, the total, and the counts by brand and by category; words must all be there, the last may be a
 * beginning. No filters, no correction.
 */
export function openBareFts5() {
  const db = new Database(':memory:')
  db.run(
    'create virtual table text using fts5(name, brand, tags, attributes, description, tokenize = "porter unicode61")',
  )
  db.run('create table product(id integer primary key, brand text, category text)')
  const insertText = db.prepare(
    'insert into text(rowid, name, brand, tags, attributes, description) values (?, ?, ?, ?, ?, ?)',
  )
  const insertProduct = db.prepare('insert into product values (?, ?, ?)')
  let rows = 0
  const best = db.prepare('select rowid from text where text match ? order by bm25(text, 8, 4, 4, 2, 0.5) limit 24')
  const counted = ['brand', 'category'].map((column) =>
    db.prepare(
      `select product.${column}, count(*) as count from text join product on id = text.rowid where text match ? group by 1`,
    ),
  )

  const add = db.transaction((documents: readonly SearchDocument[]) => {
    for (const { texts, brand, categories } of documents) {
      rows++
      insertText.run(rows, texts.name, texts.brand, texts.tags, texts.attributes, texts.description)
      insertProduct.run(rows, brand.value, categories.at(-1)?.value ?? '')
    }
  })

  return {
    add,
    /** How many products it found. */
    query({ text }: SearchQuery): number {
      const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
      if (words.length === 0) return rows
      const match = `${words.map((word) => `"${word}"`).join(' ')}*`
      best.all(match)
      const [brands = []] = counted.map((statement) => statement.all(match) as { count: number }[])
      return brands.reduce((sum, { count }) => sum + count, 0)
    },
    close: () => db.close(),
  }
}

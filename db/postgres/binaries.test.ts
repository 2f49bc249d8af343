import { expect, test } from 'bun:test'
import { findBinaries } from './binaries.ts'

test('a platform without a server of its own is told to set DATABASE_URL', () => {
  expect(() => findBinaries('sunos', 'sparc')).toThrow(
    'No embedded PostgreSQL for sunos sparc. Set DATABASE_URL to a PostgreSQL server to use instead.',
  )
})

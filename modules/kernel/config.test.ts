import { expect, test } from 'bun:test'
import { readConfig } from './config.ts'

test('nothing set gives a shop on port 3000 that keeps everything under var', () => {
  expect(readConfig({})).toMatchObject({ PORT: 3000, VAR_DIR: 'var' })
})

test('an empty variable counts as absent', () => {
  expect(readConfig({ DATABASE_URL: '', PORT: '' })).toEqual(readConfig({}))
})

test('a wrong variable is named', () => {
  expect(() => readConfig({ PORT: 'many', DATABASE_URL: 'nowhere' })).toThrow(/PORT: .*\nDATABASE_URL: /)
})

import { expect, test } from 'bun:test'
import { listSettings, readConfig } from './config.ts'

test('nothing set gives a shop on port 3000 that keeps everything under var', () => {
  expect(readConfig({})).toMatchObject({ PORT: 3000, VAR_DIR: 'var' })
})

test('an empty variable counts as absent', () => {
  expect(readConfig({ DATABASE_URL: '', PORT: '' })).toEqual(readConfig({}))
})

test('a wrong variable is named', () => {
  expect(() => readConfig({ PORT: 'many', DATABASE_URL: 'nowhere' })).toThrow(/PORT: .*\nDATABASE_URL: /)
})

test('every variable says what it is, and no two lines of help speak of one', () => {
  const settings = listSettings()
  expect(settings.filter(({ about }) => about.length < 10)).toEqual([])
  expect(settings).toContainEqual(expect.objectContaining({ name: 'PORT', byDefault: '3000' }))
  expect(settings.find(({ name }) => name === 'DATABASE_URL')?.byDefault).toBeUndefined()
  expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length)
})

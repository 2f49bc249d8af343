import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMasterKeys } from './master-keys.ts'

const dir = mkdtempSync(join(tmpdir(), 'master-keys-'))
afterAll(() => rmSync(dir, { recursive: true }))
const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')

describe('master keys of the environment', () => {
  test('are the newest first, each found by its id, and no file is made', () => {
    const keys = openMasterKeys(`b:${key(2)},a:${key(1)}`, join(dir, 'unused'))
    expect([keys.current().id, keys.find('a')?.key[0], keys.find('c')]).toEqual(['b', 1, undefined])
    expect(keys.add()).toBeUndefined()
    expect(readdirSync(dir)).not.toContain('unused')
  })

  test.each([
    ['too short', `a:${Buffer.alloc(16, 7).toString('base64')}`],
    ['without an id', key(7)],
    ['of one id twice', `a:${key(7)},a:${key(8)}`],
  ])('that are %s are refused, without a word of the key', (_what, text) => {
    expect(() => openMasterKeys(text, join(dir, 'unused'))).toThrow(/MASTER_KEYS/)
    expect(() => openMasterKeys(text, join(dir, 'unused'))).not.toThrow(/Bwc/)
  })
})

describe('a master key of our own', () => {
  test('is made once, for this user alone, and nothing is left beside it', () => {
    const path = join(dir, 'own')
    const ids = Array.from({ length: 5 }, () => openMasterKeys(undefined, path).current().id)
    expect(new Set(ids).size).toBe(1)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir).filter((name) => name.startsWith('own'))).toEqual(['own'])
  })

  test('that is added comes first, and a process that runs finds it when it meets its id', () => {
    const path = join(dir, 'rotated')
    const [running, operator] = [openMasterKeys(undefined, path), openMasterKeys(undefined, path)]
    const old = running.current().id
    const added = operator.add()
    expect([operator.current().id, running.current().id]).toEqual([added!.id, old])
    expect([running.find(added!.id)?.key, running.current().id]).toEqual([added!.key, added!.id])
    expect(operator.find(old)).toBeDefined()
    expect(readFileSync(path, 'utf8').split(',')).toHaveLength(2)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})

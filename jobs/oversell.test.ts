import { describe, expect, test } from 'bun:test'
import { runOversell } from './oversell.ts'

const quiet = { result() {}, note() {}, progress: () => ({ step() {}, end() {} }) }
/** `bench oversell` does this with 200 buyers for 50 pieces, a hundred times. */
const few = { runs: 2, buyers: 60, pieces: 15, seed: 1 }
const exact = { won: few.pieces, refused: few.buyers - few.pieces, other: 0, stockAfter: 0, ordersHeld: few.pieces }

describe('buyers who want the last pieces at once, over two server processes', () => {
  test('get exactly as many orders as there are pieces', async () => {
    const counts = await runOversell({ ...few, kill: false }, quiet)
    expect(counts).toMatchObject([exact, exact])
  })

  test('get exactly as many when one of the processes is killed, whoever asks again included', async () => {
    const counts = await runOversell({ ...few, runs: 1, kill: true }, quiet)
    expect(counts).toMatchObject([exact])
  })
})

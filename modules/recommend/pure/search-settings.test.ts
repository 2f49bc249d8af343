import { describe, expect, test } from 'bun:test'
import { DEFAULT_SETTINGS, fitCollaborative } from './collaborative.ts'
import { evaluateModel } from './evaluate.ts'
import { type Interactions, interactionsOf } from './interactions.ts'
import { openPlainKernel } from './matrix-kernel.ts'
import { searchSettings, SETTINGS_TRIED, type Tried } from './search-settings.ts'
import { leaveLast, leaveSome } from './split.ts'
import { createRandom } from './testing.ts'

const DAY = 86_400_000
const [GROUPS, USERS, ITEMS] = [5, 150, 40]

/**
 * People of five tastes, each with items of its own, who now and then take anything at all. With `fashion`, what they take of
 * their taste is what is in fashion that month.
 */
function tastes(fashion: boolean): Interactions {
  const random = createRandom(11)
  const lists = { user: [] as number[], item: [] as number[], time: [] as number[] }
  for (let user = 0; user < USERS; user++)
    for (let i = 0; i < 8; i++) {
      const time = random() * 400
      const month = Math.floor(time / 50)
      const within = fashion ? (month + Math.floor(random() * 2)) % 8 : Math.floor(random() * 8)
      lists.user.push(user)
      lists.item.push(random() < 0.15 ? Math.floor(random() * ITEMS) : within * GROUPS + (user % GROUPS))
      lists.time.push(Math.round(time * DAY))
    }
  return interactionsOf({ users: USERS, items: ITEMS, ...lists })
}

const START = { ...DEFAULT_SETTINGS, ease: { items: ITEMS, ridge: 5, share: 0.1 } }

describe('the search of settings', () => {
  test('keeps what is best on the part held back, or what chance alone parts from it', () => {
    const split = leaveSome(tastes(false), 5)
    const tried: Tried[] = []
    const found = searchSettings(split, {
      k: 5,
      openKernel: openPlainKernel,
      start: START,
      onTry: (one) => tried.push(one),
    })
    expect(tried.length).toBeLessThanOrEqual(SETTINGS_TRIED)
    const model = fitCollaborative(split.known, found.collaborative, { openKernel: openPlainKernel })
    const { recall, ndcg, error } = evaluateModel(model, split, { k: 5, recency: found.recency })
    const best = Math.max(...tried.map((one) => one.recall + one.ndcg))
    expect(recall + ndcg).toBeGreaterThanOrEqual(best - error)
    // Eight items of a taste, some of them known: five guesses blindly among forty would find one in eight.
    expect(recall).toBeGreaterThan(0.5)
  })

  test('gives the same answer for the same data', () => {
    const [a, b] = [1, 2].map(() =>
      searchSettings(leaveSome(tastes(false), 5), { k: 5, openKernel: openPlainKernel, start: START }),
    )
    expect(a).toEqual(b)
  })

  test('finds that fashion matters, where times are known', () => {
    const withTimes = leaveLast(tastes(true))
    const start = { ...START, ease: undefined }
    const found = searchSettings(withTimes, { k: 3, openKernel: openPlainKernel, start })
    expect(found.collaborative.ease).toBeUndefined()
    expect(found.recency?.exponent).toBeGreaterThan(0)
    const without = { known: { ...withTimes.known, times: undefined }, wanted: withTimes.wanted }
    expect(searchSettings(without, { k: 3, openKernel: openPlainKernel, start }).recency).toBeUndefined()
  })

  test('starts and ends with what it is given when nothing is held back', () => {
    const nothing = leaveSome(interactionsOf({ users: 2, items: 2, user: [0, 1], item: [0, 1] }), 5)
    const { collaborative } = searchSettings(nothing, { k: 5, openKernel: openPlainKernel, start: START })
    expect(collaborative.most).toBe(START.most)
  })
})

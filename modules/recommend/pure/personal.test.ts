import { describe, expect, test } from 'bun:test'
import { centreAt, completeLook, rankSimilar } from './beside.ts'
import { largestOf } from './blend.ts'
import { valueAt } from './fold-in.ts'
import { rankFor } from './personal.ts'
import { lengthOf } from './profile-vector.ts'
import { pointsOf, rulesFor } from './rules.ts'
import { asked, DAY_MS, NOW, randomShelf, taste } from './testing-shelf.ts'

describe('the score of a recommendation', () => {
  test('is the sum of what made it, and its reason is the largest part', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(150, seed)
      const history = [3, 40, 77].map((place, k) => ({ place, strength: 1 + k, kind: 'view' as const }))
      const answers = { pattern: ['floral'], occasion: ['party'] }
      const ranked = rankFor(shelf, asked({ history, taste: taste({ answers }) }))
      expect(ranked.length).toBe(12)
      for (const { score, contributions } of ranked) {
        const sum = contributions.reduce((total, { amount }) => total + amount, 0)
        expect(sum).toBeCloseTo(score, 9)
        expect(largestOf(contributions)?.amount).toBe(Math.max(...contributions.map(({ amount }) => amount)))
      }
    }
  })

  test('is what the formula says, worked out anew', () => {
    const shelf = randomShelf(120, 7)
    const history = [
      { place: 5, strength: 1, kind: 'view' as const },
      { place: 9, strength: 3, kind: 'buy' as const },
    ]
    const ask = asked({ history, limit: 10 })
    const ranked = rankFor(shelf, ask)
    const model = shelf.model()!
    const offered = shelf.items.map((_, place) => place).filter((place) => shelf.isOffered(place))
    const profile = new Float64Array(64)
    for (const { place, strength } of history)
      for (let d = 0; d < 64; d++)
        profile[d]! += strength * shelf.vectors.data()[64 * place + d]! * shelf.vectors.inverse()[place]!
    const partsOf = (place: number) => {
      const liked = history.map((deed) => deed.strength * valueAt(model.rows, deed.place, place))
      let cosine = 0
      for (let d = 0; d < 64; d++) cosine += profile[d]! * shelf.vectors.data()[64 * place + d]!
      return {
        collaborative: liked[0]! + liked[1]!,
        content: (cosine * shelf.vectors.inverse()[place]!) / lengthOf(profile),
        knowledge: pointsOf(shelf.items[place]!, rulesFor(ask.taste)).reduce((sum, { points }) => sum + points, 0),
        wanted: shelf.vectors.wanted()[place]!,
      }
    }
    // So few products are all candidates.
    const parts = new Map(offered.map((place) => [place, partsOf(place)]))
    const most = (name: 'collaborative' | 'content' | 'knowledge' | 'wanted', least: number) =>
      Math.max(least, ...[...parts.values()].map((part) => part[name]))
    const prior = Math.max(1, [...parts.values()].reduce((sum, { wanted }) => sum + wanted, 0) / parts.size)
    for (const { place, score } of ranked) {
      const part = parts.get(place)!
      const base =
        (0.4 * part.collaborative) / most('collaborative', 0) +
        (0.4 * part.content) / most('content', 0.3) +
        (0.2 * part.knowledge) / most('knowledge', 4)
      expect(score).toBeCloseTo(base * Math.sqrt((part.wanted + prior) / (most('wanted', 0) + prior)), 6)
    }
  })
})

describe('what is recommended', () => {
  test('is never sold out, hidden, or left out by whoever asks', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(100, seed)
      shelf.setHidden({ ids: [shelf.items[2]!.id], brands: ['ostra'], categories: ['women-tops'] })
      const skip = new Set([1, 4, 6])
      const lists = [
        rankFor(shelf, asked({ skip, limit: 60, history: [{ place: 8, strength: 2, kind: 'click' }] })),
        ...[10, 20, 30]
          .map((place) => centreAt(shelf, place))
          .flatMap((centre) => [rankSimilar(shelf, centre, 20), completeLook(shelf, centre, 20)]),
      ]
      for (const [k, list] of lists.entries())
        for (const { place } of list) {
          const { sizes, brand, path, id } = shelf.items[place]!
          expect(sizes.length).toBeGreaterThan(0)
          expect(brand).not.toBe('ostra')
          expect(path).not.toContain('women-tops')
          expect(id).not.toBe(shelf.items[2]!.id)
          if (k === 0) expect(skip.has(place)).toBe(false)
        }
    }
  })

  test('to who shops menswear is menswear', () => {
    const shelf = randomShelf(100, 3)
    const ranked = rankFor(shelf, asked({ taste: taste({ answers: { department: ['men'] } }), limit: 30 }))
    expect(new Set(ranked.map(({ place }) => shelf.items[place]!.department))).toEqual(new Set(['men']))
  })

  test('completes an outfit with one product for each other part, of the same department', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(150, seed)
      for (let place = 0; place < 20; place++) {
        const own = shelf.items[place]!
        const slots = completeLook(shelf, centreAt(shelf, place), 8).map((one) => shelf.items[one.place]!)
        expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length)
        for (const { slot, department } of slots) {
          expect(slot).not.toBe(own.slot)
          expect(department).toBe(own.department)
        }
      }
    }
  })

  test('draws on new products, the same for one person all day and others tomorrow', () => {
    const shelf = randomShelf(150, 9)
    const later = NOW + 20 * DAY_MS
    for (let place = 100; place < 150; place++) shelf.vectors.listedAt()[place] = later - DAY_MS
    const drawn = (subject: string, now: number) =>
      rankFor(shelf, asked({ subject, now, limit: 16 }))
        .filter(({ contributions }) => contributions[0]?.reason.kind === 'new')
        .map(({ place }) => place)
    expect(drawn('ada', later)).toHaveLength(2)
    expect(drawn('ada', later)).toEqual(drawn('ada', later))
    const others = ['bob', 'eve', 'joe', 'kim'].map((name) => drawn(name, later).join())
    expect(new Set([drawn('ada', later).join(), drawn('ada', later + DAY_MS).join(), ...others]).size).toBeGreaterThan(
      2,
    )
  })
})

import { expect, test } from 'bun:test'
import { seenLists } from './seen-lists.ts'

const page = (
  shown: string[],
  more: { first?: number; subject?: string; minute?: number; clicks?: string[] } = {},
) => ({
  searchId: 's',
  subject: more.subject ?? 'me',
  query: 'tee',
  at: new Date(60_000 * (more.minute ?? 0)),
  first: more.first ?? 0,
  shown,
  clicks: (more.clicks ?? []).map((productId) => ({ productId, gain: 1 })),
})
const placesOf = (list: ReturnType<typeof seenLists>[number] | undefined) =>
  list?.shown.map(({ id, position }) => `${id}${position}`).join(' ')

test('pages of one answer are one list, and of another person another', () => {
  const lists = seenLists([
    page(['a', 'b'], { minute: 1, clicks: ['a'] }),
    page(['x'], { subject: 'you' }),
    page(['c'], { minute: 2, first: 2, clicks: ['c'] }),
  ])
  expect(lists.map(placesOf)).toEqual(['x0', 'a0 b1 c2'])
  expect([...(lists[1]?.gains.keys() ?? [])]).toEqual(['a', 'c'])
})

test('a page that is seen again adds nothing but its clicks', () => {
  const [list] = seenLists([page(['a', 'b']), page(['a', 'b'], { minute: 5, clicks: ['b'] })])
  expect([placesOf(list), list?.gains.get('b'), list?.at]).toEqual(['a0 b1', 1, 0])
})

test('a further page that does not know its place comes after what was seen', () => {
  const [list] = seenLists([page(['a', 'b']), page(['c', 'd'], { minute: 1 })])
  expect(placesOf(list)).toBe('a0 b1 c2 d3')
})

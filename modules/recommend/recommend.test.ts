import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import type { NewProduct } from '../catalog/index.ts'
import { signInAs } from '../identity/testing.ts'
import type { Quiz, Recommendations } from './index.ts'
import { inverseLengths, lengthOf, likenessTo, profileOf } from './pure/profile-vector.ts'
import { readAnswers } from './pure/taste.ts'
import { decodeVectors } from './pure/vectors.ts'

setDefaultTimeout(120_000)
const infra = await openTestInfra()
let shop = openTestShop(infra)
beforeEach(async () => {
  await emptyTestInfra()
  // As another process: what the last one held in memory was about other products.
  shop = openTestShop(infra)
})

type Piece = [handle: string, path: string[], hex: string, metadata: NewProduct['metadata']]

const ALL_YEAR = ['spring', 'summer', 'autumn', 'winter']
const PIECES: Piece[] = [
  ['rose-dress', ['Women', 'Dresses'], '#c0506a', { pattern: 'floral', occasion: ['wedding', 'party'], tags: ['tea'] }],
  ['lily-dress', ['Women', 'Dresses'], '#b84a66', { pattern: 'floral', occasion: ['wedding'], tags: ['tea'] }],
  ['night-dress', ['Women', 'Dresses'], '#1b1b20', { pattern: 'plain', occasion: ['evening', 'party'] }],
  ['plain-tee', ['Women', 'Tops'], '#f4f2ee', { pattern: 'plain', occasion: ['casual'] }],
  ['stripe-tee', ['Women', 'Tops'], '#20304a', { pattern: 'stripes', occasion: ['casual'] }],
  ['jeans', ['Women', 'Trousers'], '#3a5577', { pattern: 'plain', occasion: ['casual'] }],
  ['suit-trousers', ['Women', 'Trousers'], '#2a2a2e', { pattern: 'plain', occasion: ['work', 'wedding'] }],
  ['cardigan', ['Women', 'Knitwear', 'Cardigans'], '#e8e0d0', { pattern: 'plain', occasion: ['casual', 'wedding'] }],
  ['rain-coat', ['Women', 'Outerwear'], '#55606a', { pattern: 'plain', occasion: ['casual', 'work'] }],
  ['oxford', ['Men', 'Shirts'], '#9fb4cf', { pattern: 'plain', occasion: ['work', 'casual'] }],
  ['chinos', ['Men', 'Trousers'], '#b9a27c', { pattern: 'plain', occasion: ['work', 'casual'] }],
  ['parka', ['Men', 'Outerwear'], '#4a5240', { pattern: 'plain', occasion: ['casual'] }],
]

const LISTED = new Date(Date.now() - 200 * 86_400_000).toISOString()

const piece = ([handle, category, hex, metadata]: Piece, change: Partial<NewProduct> = {}): NewProduct =>
  product(handle, {
    category,
    description: `${handle.replace('-', ' ')} of the season`,
    colours: [{ name: 'Main', hex }],
    variants: ['S', 'M'].map((size) => ({ sku: `${handle}-${size}`, colour: 'Main', size, stock: 5 })),
    images: [{ key: 'aa.webp', width: 960, height: 1280, alt: 'Front', colour: 'Main' }],
    metadata: { season: ALL_YEAR, ...metadata },
    listedAt: LISTED,
    ...change,
  })

/** Sells all of them and gives their ids by handle. */
async function stock(pieces = PIECES): Promise<Record<string, string>> {
  for (const one of pieces) await shop.sell(piece(one))
  await shop.drain()
  const listed = await shop.modules.catalog.listProducts({ sort: 'newest', limit: 100 })
  return Object.fromEntries(listed.items.map(({ slug, id }) => [slug, id]))
}

const ALLOWED = ['analytics', 'personalisation']

function guest(consents = ALLOWED) {
  const visitor = crypto.randomUUID()
  const headers = { 'x-visitor-id': visitor, cookie: `consent=${consents.join(',')}` }
  return {
    get: (path: string) => shop.call<Recommendations>('GET', path, undefined, headers).then(({ body }) => body),
    async does(kind: string, productId: string | undefined, at = shop.now()) {
      const event = { id: crypto.randomUUID(), kind, at: at.toISOString(), productId }
      const body = { visitor, consents, events: [event] }
      expect((await shop.call('POST', '/v1/events', body)).status).toBe(202)
    },
  }
}

const slugs = ({ items }: Recommendations) => items.map((item) => item.product.slug)

describe('recommendations', () => {
  test('follow the last click at once, and say so', async () => {
    const ids = await stock()
    const { get, does } = guest()
    const before = await get('/v1/recommendations?limit=6')
    await does('click', ids['rose-dress'])
    const after = await get('/v1/recommendations?limit=6')
    expect(slugs(after)).not.toEqual(slugs(before))
    expect(slugs(after)[0]).toBe('lily-dress')
    expect(after.items[0]?.reason).toEqual({
      kind: 'liked',
      text: 'Because you looked at The rose-dress',
      productId: ids['rose-dress'],
    })
  })

  test('know nothing of who does not allow it', async () => {
    const ids = await stock()
    const { get, does } = guest(['analytics'])
    const before = await get('/v1/recommendations?limit=6')
    await does('click', ids['rose-dress'])
    expect(slugs(await get('/v1/recommendations?limit=6'))).toEqual(slugs(before))
    expect((await get('/v1/recently-viewed')).items).toEqual([])
  })

  test('leave out what was bought, what is in the cart, what was just seen and what is sold out', async () => {
    const ids = await stock()
    const { get, does } = guest()
    const before = await get('/v1/recommendations?limit=5')
    const [seen, added] = before.items
    await does('view', seen?.product.id)
    await does('add', added?.product.id)
    const after = slugs(await get('/v1/recommendations?limit=5'))
    expect(after).not.toContain(seen?.product.slug)
    expect(after).not.toContain(added?.product.slug)

    const [tee = ''] = (await shop.modules.catalog.getProduct('plain-tee')).variants.map(({ id }) => id)
    const cartId = await shop.cartWith({ [tee]: 1 })
    const beside = await get(`/v1/recommendations?limit=12&context=cart&cart=${encodeURIComponent(cartId)}`)
    expect(slugs(beside)).not.toContain('plain-tee')
    expect(beside.items[0]?.reason).toMatchObject({ kind: 'completes', productId: ids['plain-tee'] })

    await shop.sell(piece(PIECES[5]!, { variants: [{ sku: 'jeans-S', colour: 'Main', size: 'S', stock: 0 }] }))
    await shop.drain()
    shop.passes(2_000)
    for (const path of ['recommendations', 'trending', 'featured', `products/${ids['suit-trousers']}/similar`])
      expect(slugs(await get(`/v1/${path}?limit=20`))).not.toContain('jeans')
  })

  test('show nothing that the retailer hides', async () => {
    const ids = await stock()
    const { get } = guest()
    expect(slugs(await get('/v1/featured?limit=20'))).toContain('parka')
    const actor = { userId: crypto.randomUUID(), role: 'admin', sessionId: crypto.randomUUID() } as const
    const rule = { kind: 'hide', on: {}, products: [{ productId: ids['parka'] ?? '' }], active: true } as const
    await shop.modules.search.rules.createRule(rule as never, actor)
    shop.passes(2_000)
    for (const path of ['recommendations', 'trending', 'featured'])
      expect(slugs(await get(`/v1/${path}?limit=20`))).not.toContain('parka')
  })

  test('take two statements for a guest with a history, one for products beside another', async () => {
    const ids = await stock()
    const { does } = guest()
    await does('click', ids['rose-dress'])
    const asking = { visitor: crypto.randomUUID(), consents: ['personalisation' as const], southern: false }
    const { recommend } = shop.modules
    await recommend.forYou(asking, { limit: 12 })
    expect(await shop.count(() => recommend.forYou(asking, { limit: 12 }))).toBe(2)
    expect(await shop.count(() => recommend.similarTo(ids['jeans'] ?? '', 12))).toBe(1)
    expect(await shop.count(() => recommend.complete(ids['jeans'] ?? '', 12))).toBe(1)
  })

  test('of an occasion are about it', async () => {
    await stock()
    const wedding = await guest().get('/v1/recommendations?limit=4&context=wedding')
    for (const { reason } of wedding.items) expect(reason).toMatchObject({ kind: 'occasion', text: 'For weddings' })
  })
})

describe('beside a product', () => {
  test('there is as much as beside another, where that is not held in memory', async () => {
    const { 'rose-dress': rose = '', jeans = '' } = await stock()
    expect(slugs(await guest().get(`/v1/products/${rose}/similar`))).toHaveLength(2)
    // What is held is looked over once in a second, which has not passed.
    await shop.sell(
      piece(['fern-dress', ['Women', 'Dresses'], '#4f7a52', { pattern: 'floral', occasion: ['wedding'] }]),
    )
    const { id } = await shop.modules.catalog.getProduct('fern-dress')
    const similar = await guest().get(`/v1/products/${id}/similar`)
    expect(slugs(similar).toSorted()).toEqual(['lily-dress', 'night-dress', 'rose-dress'])
    expect(slugs(similar).at(-1)).toBe('night-dress')
    expect(similar.items[0]?.reason).toMatchObject({ kind: 'similar', text: 'Similar to The fern-dress' })
    const completing = slugs(await guest().get(`/v1/products/${id}/complementary`))
    expect(completing.toSorted()).toEqual(['cardigan', 'rain-coat'])
    expect(slugs(await guest().get(`/v1/products/${jeans}/complementary`))).not.toContain('fern-dress')
  })

  test('similar ones are of its kind, and an unknown product has none', async () => {
    const ids = await stock()
    const similar = await guest().get(`/v1/products/${ids['rose-dress']}/similar`)
    expect(slugs(similar)).toEqual(['lily-dress', 'night-dress'])
    expect(similar.items[0]?.reason).toMatchObject({ kind: 'similar', productId: ids['rose-dress'] })
    expect((await shop.call('GET', `/v1/products/${crypto.randomUUID()}/similar`)).status).toBe(404)
  })

  test('complementary ones are of other parts of an outfit, one each, for the same person', async () => {
    const ids = await stock()
    const look = slugs(await guest().get(`/v1/products/${ids['rose-dress']}/complementary`))
    expect(look.toSorted()).toEqual(['cardigan', 'rain-coat'])
    const men = slugs(await guest().get(`/v1/products/${ids['chinos']}/complementary`))
    expect(men.toSorted()).toEqual(['oxford', 'parka'])
  })
})

describe('lists', () => {
  test('trending is what many want now, and says that the rest is only new', async () => {
    const ids = await stock()
    const first = await guest().get('/v1/trending?limit=4')
    for (const { reason } of first.items) expect(reason.kind).toBe('new')
    for (let k = 0; k < 3; k++) await guest().does('view', ids['parka'])
    await guest().does('view', ids['oxford'])
    await shop.modules.recommend.catchUp()
    const then = await guest().get('/v1/trending?limit=4')
    expect(slugs(then).slice(0, 2)).toEqual(['parka', 'oxford'])
    expect(then.items.map(({ reason }) => reason.kind)).toEqual(['popular', 'popular', 'new', 'new'])
  })

  test('are as the shop is now, though what changed while nobody asked is forgotten', async () => {
    await stock()
    const { get } = guest()
    expect(slugs(await get('/v1/featured?limit=20'))).toContain('jeans')
    await shop.sell(piece(PIECES[5]!, { variants: [{ sku: 'jeans-S', colour: 'Main', size: 'S', stock: 0 }] }))
    await shop.drain()
    shop.passes(3 * 86_400_000)
    await shop.modules.catalog.jobs['catalog.prune_changes']()
    expect(slugs(await get('/v1/featured?limit=20'))).not.toContain('jeans')
  })

  test('featured begins with what the retailer tagged', async () => {
    await stock()
    await shop.sell(piece(['pick', ['Men', 'Tops'], '#336699', { tags: ['Featured'] }]))
    await shop.drain()
    const { items } = await guest().get('/v1/featured?limit=5')
    expect(items[0]).toMatchObject({ product: { slug: 'pick' }, reason: { kind: 'featured' } })
  })

  test('recently viewed is the last one first', async () => {
    const ids = await stock()
    const { get, does } = guest()
    await does('view', ids['jeans'], new Date(shop.now().getTime() - 5_000))
    await does('view', ids['oxford'])
    expect(slugs(await get('/v1/recently-viewed'))).toEqual(['oxford', 'jeans'])
  })

  test('new products are lent a place, the same all day', async () => {
    await stock()
    for (let k = 0; k < 3; k++)
      await shop.sell(piece([`fresh-${k}`, ['Men', 'Tops'], '#112233', {}], { listedAt: new Date().toISOString() }))
    await shop.drain()
    const { get } = guest()
    const shown = await get('/v1/recommendations?limit=8')
    expect(shown.items[6]).toMatchObject({
      reason: { kind: 'new' },
      product: { slug: expect.stringMatching(/^fresh/) },
    })
    expect(slugs(await get('/v1/recommendations?limit=8'))).toEqual(slugs(shown))
  })
})

const ask = (query: string) => shop.call<Quiz>('GET', `/v1/quiz${query}`).then(({ body }) => body)
const tell = (body: object, headers = {}) => shop.call<Quiz>('POST', '/v1/quiz/answers', body, headers)

describe('the style quiz', () => {
  test('asks for the department first, with a picture of each, and no dresses of who shops menswear', async () => {
    await stock()
    const first = await ask('')
    expect(first.question?.id).toBe('department')
    expect(first.question?.options.map(({ id }) => id).toSorted()).toEqual(['men', 'women'])
    for (const { image } of first.question?.options ?? []) expect(image?.url).toBe('/media/aa.webp')
    const { body } = await tell({ questionId: 'department', optionIds: ['men'] })
    expect(readAnswers(body.answers)).toEqual({ department: ['men'] })
    const kinds = await ask(`?question=kind&answers=${encodeURIComponent(body.answers)}`)
    expect(kinds.question?.options.map(({ label }) => label).toSorted()).toEqual(['Outerwear', 'Shirts', 'Trousers'])
  })

  test('counts at once, says so, and ends', async () => {
    await stock()
    let answers = (await tell({ questionId: 'pattern', optionIds: ['floral'] })).body.answers
    const path = `/v1/recommendations?limit=2&answers=${encodeURIComponent(answers)}`
    const { items } = await guest().get(path)
    expect(items.map((item) => item.product.slug).toSorted()).toEqual(['lily-dress', 'rose-dress'])
    for (const { reason } of items) expect(reason).toEqual({ kind: 'quiz', text: 'From your quiz: Floral' })
    let questions = 1
    for (let next = await ask(`?answers=${answers}`); next.question; next = await ask(`?answers=${answers}`)) {
      const [option] = next.question.options
      answers = (await tell({ questionId: next.question.id, optionIds: option ? [option.id] : [], answers })).body
        .answers
      questions += 1
    }
    expect(questions).toBeLessThanOrEqual(7)
    expect(questions).toBeGreaterThanOrEqual(3)
  })

  test('refuses what it did not ask', async () => {
    await stock()
    expect((await tell({ questionId: 'shoe', optionIds: [] })).status).toBe(400)
    expect((await tell({ questionId: 'pattern', optionIds: ['tartan'] })).status).toBe(400)
    expect((await tell({ questionId: 'department', optionIds: ['men', 'women'] })).status).toBe(400)
  })

  test('is kept with the preferences of who is signed in, sealed, and forgotten when they say so', async () => {
    await stock()
    const { modules } = shop
    const app = createApp(modules)
    const { headers, user } = await signInAs(modules.identity, 'customer')
    const call = async <T>(method: string, path: string, body?: object) => {
      const init = { method, headers: { ...headers, 'content-type': 'application/json' } }
      const res = await app.request(path, { ...init, ...(body && { body: JSON.stringify(body) }) })
      return (res.status === 204 ? undefined : await res.json()) as T
    }
    await call('POST', '/v1/quiz/answers', { questionId: 'department', optionIds: ['men'] })
    expect(await call<object>('GET', '/v1/me/preferences')).toMatchObject({ quiz: { department: ['men'] } })
    // A form that knows nothing of the quiz leaves it as it is.
    await call('PUT', '/v1/me/preferences', { brands: ['Norr'] })
    expect(await modules.profile.getPreferences(user.id)).toMatchObject({
      brands: ['Norr'],
      quiz: { department: ['men'] },
    })
    const { items } = await call<Recommendations>('GET', '/v1/recommendations?limit=20')
    expect(items.map(({ product: { slug } }) => slug).toSorted()).toEqual(['chinos', 'oxford', 'parka'])
    const rows = await infra.sql.selectFrom('profile.person').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('department')
    await call('DELETE', '/v1/quiz/answers')
    expect((await call<Quiz>('GET', '/v1/quiz')).answers).toBe('')
  })
})

test('vectors are a small file that never changes, and rank on a device as they do in the shop', async () => {
  const ids = await stock()
  const current = await shop.call<{ url: string; version: string; items: number; bytes: number }>(
    'GET',
    '/v1/recommendations/vectors/current',
  )
  expect(current.body.items).toBe(PIECES.length)
  const res = await shop.app.request(current.body.url)
  expect(res.headers.get('cache-control')).toContain('immutable')
  const bytes = new Uint8Array(await res.arrayBuffer())
  expect(bytes.length).toBe(current.body.bytes)
  const read = decodeVectors(bytes)
  if (!read.ok) throw new Error('not vectors')

  const { vectors } = read
  const inverse = inverseLengths(vectors)
  const profile = profileOf(vectors, inverse, [{ item: vectors.ids.indexOf(ids['rose-dress'] ?? ''), weight: 1 }])
  const direction = { profile, length: lengthOf(profile) }
  const like = (slug: string) => likenessTo(vectors, inverse, direction, vectors.ids.indexOf(ids[slug] ?? ''))
  const dresses = ['night-dress', 'lily-dress'].toSorted((a, b) => like(b) - like(a))
  expect(dresses).toEqual(slugs(await guest().get(`/v1/products/${ids['rose-dress']}/similar`)))

  await shop.modules.recommend.publishVectors()
  expect((await shop.call<{ version: string }>('GET', '/v1/recommendations/vectors/current')).body.version).toBe(
    current.body.version,
  )
})

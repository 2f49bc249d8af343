import { beforeEach, describe, expect, test } from 'bun:test'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createAudit } from '../audit/index.ts'
import type { NewProduct, Product } from '../catalog/index.ts'
import { createModules, type Modules } from '../index.ts'
import type { Actor, Role } from '../kernel/access.ts'
import { createRouter } from '../kernel/http.ts'
import { createPictures } from '../media/index.ts'
import { createVault } from '../vault/index.ts'
import { createReviews, type OwnReview, type QueuedReview, type Review, reviewRoutes } from './index.ts'

const infra = await openTestInfra()
const modules = createModules(infra)
const vault = createVault(infra)
const buyers = new Set<string>()
const reviews = createReviews({
  ...infra,
  vault,
  audit: createAudit(infra),
  catalog: modules.catalog,
  media: modules.media,
  orders: { hasBought: async (userId) => buyers.has(userId) },
})

/** Who asks is what the header says, in place of a token. */
const routes = createRouter()
routes.use(async (c, next) => {
  const [userId, role] = (c.req.header('x-actor') ?? '').split(' ')
  if (userId) c.set('actor', { userId, role: role as Role, sessionId: userId } satisfies Actor)
  await next()
})
routes.route('/v1', reviewRoutes(reviews)).route('/', modules.routes)
const app = createApp({ infra, routes: routes as Modules['routes'] })

const handlers = {
  'reviews.summary_changed': {
    catalog: async ({ productId }: { productId: string }) =>
      modules.catalog.keepReviews(productId, await reviews.countsOf(productId)),
  },
}
const settle = () => drainJobs({ infra, handlers, jobs: {}, schedules: {} })

const person = (role: Role = 'customer') => `${infra.newId()} ${role}`
const idOf = (who: string) => who.split(' ')[0] ?? ''
const staff = person('retailer')

async function call(method: string, path: string, who = '', body?: FormData | object) {
  const isForm = body instanceof FormData
  const res = await app.request(path, {
    method,
    headers: { ...(who && { 'x-actor': who }), ...(body && !isForm && { 'content-type': 'application/json' }) },
    ...(body && { body: isForm ? body : JSON.stringify(body) }),
  })
  const text = await res.text()
  return { status: res.status, body: (text ? JSON.parse(text) : null) as unknown }
}

function form(fields: Record<string, string | number | (string | File)[]>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) data.append(name, one instanceof File ? one : String(one))
  return data
}

async function photo(grey: number): Promise<File> {
  const pixels = new Uint8ClampedArray(64 * 64 * 4).fill(255).map((value, i) => (i % 4 === 3 ? value : grey))
  const bytes = await createPictures().encode({ width: 64, height: 64, data: pixels }, 'png')
  return new File([new Uint8Array(bytes)], 'me.png', { type: 'image/png' })
}

const product = (handle: string): NewProduct => ({
  handle,
  name: handle,
  description: '',
  brand: 'Norr',
  category: ['Women'],
  price: { amount: 4900, currency: 'EUR' },
  colours: [{ name: 'Navy', hex: '#1b2a41' }],
  variants: [{ sku: handle, colour: 'Navy', size: 'M', stock: 3 }],
  images: [],
  sizeChart: null,
  metadata: {},
})

async function save(handle = 'shirt'): Promise<string> {
  const saved = await modules.catalog.saveProduct(product(handle))
  if (!saved.ok) throw new Error(saved.reason)
  return saved.productId
}

const write = (productId: string, who: string, fields: Parameters<typeof form>[0] = {}) =>
  call('POST', `/v1/products/${productId}/reviews`, who, form({ rating: 4, ...fields }))
const approve = (id: string) => call('POST', `/v1/admin/reviews/${id}/approve`, staff)
const list = async (productId: string, query = '') =>
  (await call('GET', `/v1/products/${productId}/reviews${query}`)).body as {
    items: Review[]
    nextCursor: string | null
  }
const shown = async (productId: string) => ((await call('GET', `/v1/products/${productId}`)).body as Product).reviews

async function approved(productId: string, who: string, fields: Parameters<typeof form>[0] = {}): Promise<Review> {
  const { body } = await write(productId, who, fields)
  await approve((body as OwnReview).id)
  return body as Review
}

beforeEach(async () => {
  await emptyTestInfra()
  buyers.clear()
})

describe('writing a review', () => {
  test('needs a signed-in person, a product and a rating from 1 to 5', async () => {
    const id = await save()
    const me = person()
    expect((await write(id, '')).status).toBe(401)
    expect((await write(infra.newId(), me)).status).toBe(404)
    for (const rating of ['', '0', '6', '4.5', 'good']) expect((await write(id, me, { rating })).status).toBe(400)
    expect((await write(id, me, { fit: 'tight' })).status).toBe(400)
    expect((await write(id, me, { text: 'x'.repeat(4001) })).status).toBe(400)
  })

  test('is seen by its author at once, and by others when a moderator has approved it', async () => {
    const id = await save()
    const me = person()
    buyers.add(idOf(me))
    const { status, body } = await write(id, me, {
      rating: 5,
      fit: 'small',
      text: ' Ärmel zu kurz <b> ',
      author: 'Zoë',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ rating: 5, fit: 'small', text: 'Ärmel zu kurz <b>', author: 'Zoë', status: 'pending' })
    expect((await list(id)).items).toEqual([])
    expect((await call('GET', `/v1/products/${id}/reviews/mine`, me)).body).toEqual(body)
    await approve((body as OwnReview).id)
    expect((await list(id)).items).toEqual([
      expect.objectContaining({ verified: true, text: 'Ärmel zu kurz <b>', author: 'Zoë', fit: 'small' }),
    ])
    expect((await list(id)).items[0]).not.toHaveProperty('status')
  })

  test('marks only those as verified who have bought it', async () => {
    const id = await save()
    const review = await approved(id, person())
    expect(review.verified).toBe(false)
  })

  test('twice changes the one there is, which waits for a moderator again', async () => {
    const id = await save()
    const me = person()
    const first = await approved(id, me, { text: 'Good' })
    const again = await write(id, me, { rating: 1, text: 'It tore' })
    expect([again.status, again.body]).toMatchObject([200, { id: first.id, status: 'pending', rating: 1 }])
    expect((await list(id)).items).toEqual([])
    await approve(first.id)
    expect((await list(id)).items).toMatchObject([{ id: first.id, text: 'It tore', createdAt: first.createdAt }])
  })

  test('at the same time from two windows leaves one review', async () => {
    const id = await save()
    const me = person()
    const answers = await Promise.all(Array.from({ length: 6 }, () => write(id, me)))
    expect(answers.every(({ status }) => [200, 201, 409].includes(status))).toBe(true)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await infra.sql.selectFrom('reviews.review').select('id').execute()).toHaveLength(1)
  })

  test('keeps what was written and the name unreadable at rest', async () => {
    const id = await save()
    await write(id, person(), { text: 'Ein Gedicht von Hemd', author: 'Zoë' })
    const dump = JSON.stringify(await infra.sql.selectFrom('reviews.review').selectAll().execute())
    expect(dump).not.toContain('Gedicht')
    expect(dump).not.toContain('Zoë')
  })

  test('can be taken back', async () => {
    const id = await save()
    const me = person()
    await approved(id, me)
    expect((await call('DELETE', `/v1/products/${id}/reviews/mine`, me)).status).toBe(204)
    expect((await call('DELETE', `/v1/products/${id}/reviews/mine`, me)).status).toBe(404)
    await settle()
    expect((await shown(id)).count).toBe(0)
  })
})

const blob = async (key: string) => (await app.request(`/media/${key}`)).status

describe('photos', () => {
  test('are shown with the review, and gone for good once their author drops them', async () => {
    const id = await save()
    const me = person()
    const { body } = await write(id, me, { photos: [await photo(10), await photo(90)] })
    const [kept, dropped] = (body as OwnReview).photos
    expect((await app.request(`${dropped!.url}/160.webp`)).status).toBe(200)
    const again = await write(id, me, { keep: [kept!.key], photos: [await photo(200)] })
    expect((again.body as OwnReview).photos.map(({ key }) => key)).toEqual([kept!.key, expect.any(String)])
    expect([await blob(kept!.key), await blob(dropped!.key)]).toEqual([200, 404])
    expect((await app.request(`${dropped!.url}/160.webp`)).status).toBe(404)
  })

  test('are at most four, and only pictures', async () => {
    const id = await save()
    const me = person()
    const five = await Promise.all([1, 2, 3, 4, 5].map((grey) => photo(grey * 40)))
    expect((await write(id, me, { photos: five })).status).toBe(400)
    const text = new File(['no picture'], 'me.png', { type: 'image/png' })
    const { status, body } = await write(id, me, { photos: [text] })
    expect([status, body]).toMatchObject([422, { details: { reason: 'image_unreadable' } }])
    const { body: first } = await write(id, me, { photos: five.slice(0, 3) })
    const keep = (first as OwnReview).photos.map(({ key }) => key)
    const more = await write(id, me, { keep, photos: five.slice(3) })
    expect([more.status, more.body]).toMatchObject([422, { details: { reason: 'too_many_photos' } }])
  })

  test('of two people that are the same picture are two: one goes, the other stays', async () => {
    const id = await save()
    const [a, b] = [person(), person()]
    const mine = (await write(id, a, { photos: [await photo(50)] })).body as OwnReview
    const other = (await write(id, b, { photos: [await photo(50)] })).body as OwnReview
    await call('DELETE', `/v1/products/${id}/reviews/mine`, a)
    expect([await blob(mine.photos[0]!.key), await blob(other.photos[0]!.key)]).toEqual([404, 200])
  })

  test('that a refused form left behind are swept after a day, and no others', async () => {
    const id = await save()
    const me = person()
    await write(id, me, { photos: [await photo(50), new File(['no'], 'x.png', { type: 'image/png' })] })
    const { body } = await write(id, person(), { photos: [await photo(70)] })
    expect(await reviews.sweepPhotos()).toBe(0)
    await infra.sql
      .updateTable('reviews.photo')
      .set({ created_at: new Date(0) })
      .execute()
    const [stray] = await infra.sql.selectFrom('reviews.photo').select('key').where('user_id', '=', idOf(me)).execute()
    expect(await blob(stray!.key)).toBe(200)
    expect(await reviews.sweepPhotos()).toBe(1)
    expect([await blob(stray!.key), await blob((body as OwnReview).photos[0]!.key)]).toEqual([404, 200])
  })
})

describe('moderation', () => {
  test('is for staff, shows the longest waiting first with their products, and gives the author a reason', async () => {
    const [a, b] = [await save('first'), await save('second')]
    const [me, other] = [person(), person()]
    const { body: mine } = await write(a, me)
    await write(b, other)
    expect((await call('GET', '/v1/admin/reviews', me)).status).toBe(403)
    expect((await call('GET', '/v1/admin/reviews')).status).toBe(401)
    const page = (await call('GET', '/v1/admin/reviews?limit=1', staff)).body as {
      items: QueuedReview[]
      nextCursor: string
    }
    expect(page.items.map(({ product: at }) => at?.slug)).toEqual(['first'])
    const next = (await call('GET', `/v1/admin/reviews?limit=1&cursor=${page.nextCursor}`, staff)).body
    expect(next).toMatchObject({ items: [{ product: { slug: 'second' } }], nextCursor: null })
    const { id } = mine as OwnReview
    expect((await call('POST', `/v1/admin/reviews/${id}/reject`, staff, { reason: '' })).status).toBe(400)
    expect((await call('POST', `/v1/admin/reviews/${id}/reject`, staff, { reason: 'Names a person' })).status).toBe(204)
    expect((await call('GET', `/v1/products/${a}/reviews/mine`, me)).body).toMatchObject({
      status: 'rejected',
      reason: 'Names a person',
    })
    expect((await call('GET', '/v1/admin/reviews?status=rejected', staff)).body).toMatchObject({ items: [{ id }] })
    expect((await call('POST', `/v1/admin/reviews/${infra.newId()}/approve`, staff)).status).toBe(404)
  })

  test('is on the audit log', async () => {
    const review = await approved(await save(), person())
    const entries = await infra.sql.selectFrom('audit.entry').select(['action', 'subject', 'actor']).execute()
    expect(entries).toEqual([
      { action: 'reviews.approve', subject: `review:${review.id}`, actor: `user:${idOf(staff)}` },
    ])
  })
})

describe('helpful votes', () => {
  test('count one a person however often they are given, and not from the author', async () => {
    const id = await save()
    const me = person()
    const review = await approved(id, me)
    const path = `/v1/reviews/${review.id}/helpful`
    const reader = person()
    await Promise.all(Array.from({ length: 5 }, () => call('POST', path, reader)))
    expect((await call('POST', path, reader)).body).toEqual({ helpful: 1, mine: true })
    expect((await call('POST', path, person())).body).toEqual({ helpful: 2, mine: true })
    expect((await call('POST', path, me)).status).toBe(422)
    expect((await call('POST', path)).status).toBe(401)
    expect((await call('DELETE', path, reader)).body).toEqual({ helpful: 1, mine: false })
    expect((await call('DELETE', path, reader)).body).toEqual({ helpful: 1, mine: false })
    expect((await list(id)).items[0]!.helpful).toBe(1)
  })

  test('are for reviews that are shown', async () => {
    const { body } = await write(await save(), person())
    expect((await call('POST', `/v1/reviews/${(body as OwnReview).id}/helpful`, person())).status).toBe(404)
  })
})

describe('the list', () => {
  test('pages through by age and by help, each once', async () => {
    const id = await save()
    const written: Review[] = []
    for (let i = 0; i < 5; i++) written.push(await approved(id, person(), { rating: (i % 2) + 1 }))
    await call('POST', `/v1/reviews/${written[1]!.id}/helpful`, person())
    const order = async (query: string) => {
      const ids: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await list(id, `?limit=2&${query}${cursor && `&cursor=${cursor}`}`)
        ids.push(...page.items.map((review) => review.id))
        cursor = page.nextCursor
      }
      return ids.map((one) => written.findIndex((review) => review.id === one))
    }
    expect(await order('sort=newest')).toEqual([4, 3, 2, 1, 0])
    expect(await order('sort=helpful')).toEqual([1, 4, 3, 2, 0])
    expect(await order('rating=2')).toEqual([3, 1])
  })

  test('of a product that is not there, or by a cursor of nobody, is refused', async () => {
    expect((await call('GET', `/v1/products/${infra.newId()}/reviews`)).status).toBe(404)
    expect((await call('GET', `/v1/products/${await save()}/reviews?cursor=nope`)).status).toBe(400)
  })
})

describe('the summary on the product', () => {
  test('is on its card and page, with no further statement', async () => {
    const id = await save()
    await approved(id, person(), { rating: 5, fit: 'true' })
    await approved(id, person(), { rating: 4, fit: 'small' })
    await approved(id, person(), { rating: 4 })
    await write(id, person(), { rating: 1 })
    await settle()
    const summary = { count: 3, rating: 4.33, stars: [0, 0, 0, 2, 1], fit: { small: 1, true: 1, large: 0 } }
    expect(await shown(id)).toEqual(summary)
    const { items } = (await call('GET', '/v1/products')).body as { items: Product[] }
    expect(items[0]!.reviews).toEqual(summary)
  })

  test('equals a full recount after any sequence of reviews, verdicts and withdrawals at once', async () => {
    const products = [await save('a'), await save('b')]
    const people = Array.from({ length: 6 }, () => person())
    let seed = 7
    const pick = <T>(values: T[]): T => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return values[seed % values.length]!
    }
    const step = async () => {
      const [productId, who] = [pick(products), pick(people)]
      const { body, status } = await call('GET', `/v1/products/${productId}/reviews/mine`, who)
      const { id } = body as OwnReview
      const act = status === 404 ? 'write' : pick(['write', 'approve', 'approve', 'reject', 'remove'])
      if (act === 'write')
        await write(productId, who, { rating: pick([1, 2, 3, 4, 5]), fit: pick(['', 'small', 'true', 'large']) })
      if (act === 'approve') await approve(id)
      if (act === 'reject') await call('POST', `/v1/admin/reviews/${id}/reject`, staff, { reason: 'no' })
      if (act === 'remove') await call('DELETE', `/v1/products/${productId}/reviews/mine`, who)
    }
    for (let round = 0; round < 15; round++) await Promise.all(Array.from({ length: 6 }, step))
    await settle()
    for (const productId of products) {
      const { items } = await list(productId, '?limit=100')
      const stars = [1, 2, 3, 4, 5].map((rating) => items.filter((one) => one.rating === rating).length)
      expect(await shown(productId)).toMatchObject({ count: items.length, stars })
    }
  })

  test('heard late or twice never goes back, and saving the product again keeps it', async () => {
    const id = await save()
    await approved(id, person(), { rating: 5 })
    const early = await reviews.countsOf(id)
    await approved(id, person(), { rating: 1 })
    await settle()
    await modules.catalog.keepReviews(id, early)
    expect((await shown(id)).count).toBe(2)
    await modules.catalog.saveProduct({ ...product('shirt'), name: 'New name' })
    expect((await shown(id)).count).toBe(2)
  })
})

describe('a person who leaves', () => {
  test('takes text, name, photos and votes along; the ratings still count', async () => {
    const id = await save()
    const other = await save('other')
    const me = person()
    const seen = await approved(id, me, { text: 'Mine', author: 'Zoë', photos: [await photo(33)], fit: 'true' })
    const waiting = (await write(other, me, { text: 'Waits', photos: [await photo(44)] })).body as OwnReview
    const others = await approved(other, person())
    await call('POST', `/v1/reviews/${others.id}/helpful`, me)
    const exported = await reviews.exportUser(idOf(me))
    expect(exported.reviews.map(({ text }) => text)).toEqual(['Mine', 'Waits'])
    expect([exported.files.length, exported.helpful]).toEqual([2, [others.id]])
    for (let again = 0; again < 2; again++) await reviews.eraseUser(idOf(me))
    expect((await list(id)).items).toMatchObject([
      { id: seen.id, author: null, text: '', photos: [], rating: 4, fit: 'true' },
    ])
    for (const { key } of [...seen.photos, ...waiting.photos])
      expect((await app.request(`/media/${key}`)).status).toBe(404)
    const left = await infra.sql.selectFrom('reviews.review').selectAll().execute()
    expect(JSON.stringify(left)).not.toContain(idOf(me))
    expect(await infra.sql.selectFrom('reviews.vote').selectAll().execute()).toEqual([])
    await settle()
    expect((await shown(id)).count).toBe(1)
  })
})

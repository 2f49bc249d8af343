import { expect, test } from 'bun:test'
import { differenceOf, startSize, type TryOnProduct } from './product.ts'
import { blobOf, type Progress, readTryOn } from './stream.ts'

/** A response whose body arrives cut at the given places. */
const pieces = (parts: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
        controller.close()
      },
    }),
  )

const PIXEL = 'data:image/png;base64,aGVsbG8='

test('stages are heard in order and the picture comes last, however the network cuts the lines', async () => {
  const text = `{"stage":"pose","progress":0.2}\n{"stage":"warp","progress":0.6}\n{"status":"ok","image":"${PIXEL}","report":{"heightCm":170}}\n`
  for (let cut = 1; cut < text.length; cut += 7) {
    const heard: Progress[] = []
    const answer = await readTryOn(pieces([text.slice(0, cut), text.slice(cut)]), (step) => heard.push(step))
    expect(heard.map(({ stage }) => stage)).toEqual(['pose', 'warp'])
    expect(answer).toEqual({ status: 'ok', image: PIXEL, report: { heightCm: 170 } })
  }
})

test('a refusal is an answer, whether it comes as the last line or as a problem', async () => {
  const line = await readTryOn(pieces(['{"status":"refused","reason":"no_person"}']), () => {})
  expect(line).toEqual({ status: 'refused', reason: 'no_person', message: undefined })
  const problem = Response.json({ detail: 'Nobody', details: { reason: 'no_person' } }, { status: 422 })
  expect(await readTryOn(problem, () => {})).toEqual({ status: 'refused', reason: 'no_person', message: 'Nobody' })
})

test('a failure is told apart from a refusal', async () => {
  const problem = Response.json({ detail: 'Too many try-ons wait' }, { status: 503 })
  expect(await readTryOn(problem, () => {})).toEqual({ status: 'failed', message: 'Too many try-ons wait' })
  const tooLarge = new Response('', { status: 413 })
  expect(await readTryOn(tooLarge, () => {})).toEqual({ status: 'refused', reason: 'image_too_large' })
})

test('a connection that ends early is never taken for a result', async () => {
  const cut = readTryOn(pieces(['{"stage":"pose","progress":0.2}\n']), () => {})
  await expect(cut).rejects.toThrow('ended before')
})

test('a data URI becomes the bytes it stands for', async () => {
  const blob = blobOf(PIXEL)
  expect([blob.type, await blob.text()]).toEqual(['image/png', 'hello'])
})

test('sizes are compared in the centimetres of the table, and only where they differ', () => {
  const table = {
    sizes: ['S', 'M'],
    zones: [
      { name: 'Chest', cm: [96, 104] },
      { name: 'Length', cm: [66, 66] },
      { name: 'Sleeve', cm: [20, 21.5] },
    ],
  }
  expect(differenceOf(table, 'S', 'M')).toBe('Compared with S, M has 8 cm more in chest and 1.5 cm more in sleeve.')
  expect(differenceOf(table, 'M', 'S')).toBe('Compared with M, S has 8 cm less in chest and 1.5 cm less in sleeve.')
  expect(differenceOf(table, 'M', 'M')).toBeUndefined()
  expect(differenceOf(table, 'M', 'XL')).toBeUndefined()
})

test('the first size is the one asked for where it is made, else the middle one', () => {
  const product: TryOnProduct = {
    id: 'p',
    slug: 'tee',
    name: 'Tee',
    brand: 'B',
    sizes: ['S', 'M', 'L', 'XL'],
    colours: [],
    variants: ['S', 'M', 'L'].map((size) => ({ id: size, colour: 'navy', size })),
  }
  expect(['L', 'XL', undefined].map((size) => startSize(product, 'navy', size))).toEqual(['L', 'M', 'M'])
  expect(startSize(product, 'red', 'M')).toBe('')
})

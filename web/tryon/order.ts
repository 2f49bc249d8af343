import type { Client } from '../../openapi/client.ts'
import { type TryOnProduct, variantOf } from './product.ts'
import { readTryOn, type TryOnAnswer } from './stream.ts'

type TryOnRoute = { 'try-on': { $post(order: { form: Record<string, unknown> }): Promise<Response> } }

type Order = { product: TryOnProduct; colour: string; size: string; form: FormData }

/** Sends a plain form's photo to the API, for browsers without script, and waits for the last word. */
export async function orderTryOn(api: Client, { product, colour, size, form }: Order): Promise<TryOnAnswer> {
  const person = form.get('person')
  if (!(person instanceof File) || person.size === 0) return { status: 'refused', reason: 'no_photo' }
  const heightCm = Number(form.get('height'))
  const response = await (api.v1 as unknown as TryOnRoute)['try-on'].$post({
    form: {
      person,
      productId: product.id,
      variantId: variantOf(product, colour, size)?.id,
      colour,
      size,
      format: 'stream',
      imageType: 'jpeg',
      ...(heightCm >= 120 && heightCm <= 230 && { heightCm }),
    },
  })
  return readTryOn(response, () => {})
}

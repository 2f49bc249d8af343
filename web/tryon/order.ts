import type { Client } from '../../openapi/client.ts'
import type { TryOnProduct } from './product.ts'
import { readTryOn, type TryOnAnswer } from './stream.ts'

type Order = { product: TryOnProduct; colour: string; size: string; form: FormData }

/** Sends a plain form's photo to the API, for browsers without script, and waits for the last word. */
export async function orderTryOn(api: Client, { product, colour, size, form }: Order): Promise<TryOnAnswer> {
  const person = form.get('person')
  if (!(person instanceof File) || person.size === 0) return { status: 'refused', reason: 'no_photo' }
  const heightCm = Number(form.get('height'))
  const response = await api.v1['try-on'].$post({
    form: {
      person,
      productId: product.id,
      colour,
      size,
      format: 'stream',
      imageType: 'jpeg',
      ...(heightCm >= 120 && heightCm <= 230 && { heightCm }),
    },
  })
  return readTryOn(response, () => {})
}

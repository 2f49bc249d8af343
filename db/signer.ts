import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signs with a key of its own for each purpose, so that a signature made for one cannot be used for another. */
export function createSigner(secret: string) {
  const keyOf = (purpose: string) => createHmac('sha256', secret).update(`eshotry/${purpose}`).digest()
  const sign = (purpose: string, text: string) => createHmac('sha256', keyOf(purpose)).update(text).digest('base64url')
  return {
    sign,
    verify(purpose: string, text: string, signature: string): boolean {
      const [right, given] = [Buffer.from(sign(purpose, text)), Buffer.from(signature)]
      return right.length === given.length && timingSafeEqual(right, given)
    },
  }
}

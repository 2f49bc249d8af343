import type { PaymentKeys } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { PaymentDriver } from './driver.ts'
import type { Provider } from './schema.ts'
import type { PaymentNeeds } from './needs.ts'
import { createTestProvider } from './test-provider.ts'

export type Drivers = ReturnType<typeof createDrivers>

type Id = Provider['id']

/** A key of a provider's own testing ground moves no money either. */
const OFFERS: Record<Id, (keys: PaymentKeys) => Provider | false> = {
  stripe: ({ stripe }) =>
    stripe !== undefined && { id: 'stripe', name: 'Card', test: /^(sk|rk)_test_/.test(stripe.secretKey) },
  paypal: ({ paypal }) => paypal !== undefined && { id: 'paypal', name: 'PayPal', test: paypal.apiUrl !== undefined },
  test: ({ test }) => test && { id: 'test', name: 'Test payment', test: true },
}

/** Those whose keys are set. A vendor's client is loaded when it is first needed: they are large. */
export function createDrivers(needs: PaymentNeeds) {
  const opened = new Map<string, Promise<PaymentDriver>>()
  const list = () => Object.values(OFFERS).flatMap((offer) => offer(needs.paymentKeys) || [])
  const test = createTestProvider(needs)

  const returnUrl = (paymentId: string) => {
    const signature = needs.signer.sign('payments.return', paymentId)
    return `${needs.paymentKeys.baseUrl}/v1/payments/${paymentId}/return?signature=${signature}`
  }

  async function open(id: string): Promise<PaymentDriver> {
    const { stripe, paypal } = needs.paymentKeys
    if (id === 'test') return test
    if (id === 'stripe' && stripe) return (await import('./stripe.ts')).createStripe(stripe)
    if (id === 'paypal' && paypal) return (await import('./paypal.ts')).createPaypal({ ...paypal, returnUrl })
    throw new AppError('unavailable', `The keys of ${id} are not set`)
  }

  return {
    list,
    has: (id: string) => list().some((provider) => provider.id === id),
    test,
    /** Throws `unavailable` for one whose keys are gone. */
    get(id: string): Promise<PaymentDriver> {
      const known = opened.get(id)
      if (known) return known
      const driver = open(id)
      opened.set(id, driver)
      driver.catch(() => opened.delete(id))
      return driver
    },
  }
}

/** Stripe's own script, from Stripe as it must be; a part of what it offers. */
type Elements = { create(kind: 'payment'): { mount(at: Element): void; on(event: 'ready', then: () => void): void } }
type Stripe = {
  elements(options: { clientSecret: string; appearance?: object }): Elements
  confirmPayment(options: {
    elements: Elements
    confirmParams: { return_url: string }
  }): Promise<{ error?: { message?: string } }>
}

const STRIPE_SCRIPT = 'https://js.stripe.com/v3/'

const loadStripe = (): Promise<(key: string) => Stripe> =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = STRIPE_SCRIPT
    script.addEventListener('load', () => resolve((window as unknown as { Stripe: (key: string) => Stripe }).Stripe))
    script.addEventListener('error', () => reject(new Error(`${STRIPE_SCRIPT} could not be loaded`)))
    document.head.append(script)
  })

const APPEARANCE = {
  variables: {
    colorPrimary: '#20493f',
    colorText: '#1d1b19',
    colorBackground: '#ffffff',
    colorDanger: '#8c2f27',
    borderRadius: '0px',
    fontSizeBase: '16px',
  },
}

async function openElement(form: HTMLFormElement): Promise<void> {
  const { key = '', secret = '', return: back = '/' } = form.dataset
  const place = form.querySelector('[data-stripe-element]')
  const said = form.querySelector('[data-stripe-said]')
  const button = form.querySelector('button')
  if (!place || !said || !button) return
  const say = (text: string) => {
    said.textContent = text
  }
  try {
    const stripe = (await loadStripe())(key)
    const elements = stripe.elements({ clientSecret: secret, appearance: APPEARANCE })
    const element = elements.create('payment')
    element.on('ready', () => {
      button.disabled = false
    })
    element.mount(place)
    const pay = async () => {
      button.disabled = true
      say('')
      const confirmParams = { return_url: new URL(back, location.href).href }
      // Comes back only when it failed: else the browser is on its way to the order.
      const { error } = await stripe.confirmPayment({ elements, confirmParams })
      button.disabled = false
      say(error?.message ?? 'The payment did not go through. Nothing was taken.')
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void pay()
    })
  } catch {
    say('The payment provider could not be reached. Your order is kept: please open this page again in a moment.')
  }
}

const payForm = document.querySelector<HTMLFormElement>('form[data-stripe]')
if (payForm) void openElement(payForm)

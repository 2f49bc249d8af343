import { browserSupportsWebAuthn, startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'

const said = document.querySelector<HTMLElement>('[data-passkey-said]')
const say = (text: string) => {
  if (said) said.textContent = text
}

async function post(path: string, body: object = {}): Promise<unknown> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return answer.json()
}

type SignInOptions = { options: Parameters<typeof startAuthentication>[0]['optionsJSON'] }
type CreationOptions = { options: Parameters<typeof startRegistration>[0]['optionsJSON'] }

async function signIn(next: string): Promise<void> {
  const { options } = (await post('/v1/auth/passkeys/options')) as SignInOptions
  await post('/v1/auth/passkeys/sign-in', { response: await startAuthentication({ optionsJSON: options }) })
  location.assign(`/signed-in?next=${encodeURIComponent(next)}`)
}

async function add(name: string): Promise<void> {
  const { options } = (await post('/v1/me/passkeys/options')) as CreationOptions
  const response = await startRegistration({ optionsJSON: options })
  await post('/v1/me/passkeys', { response, ...(name && { name }) })
  location.assign('/account/security?said=passkey')
}

/** Runs what a press began; a person who changes their mind is not told that something failed. */
async function attempt(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  say('')
  button.disabled = true
  try {
    await work()
  } catch (error) {
    const left = error instanceof WebAuthnError ? error.cause : error
    const calledOff = left instanceof Error && (left.name === 'NotAllowedError' || left.name === 'AbortError')
    say(calledOff ? 'No passkey was used.' : 'That did not work. Try again, or sign in another way.')
  } finally {
    button.disabled = false
  }
}

if (browserSupportsWebAuthn()) {
  const login = document.querySelector<HTMLButtonElement>('[data-passkey-login]')
  if (login) {
    login.hidden = false
    login.addEventListener('click', () => void attempt(login, () => signIn(login.dataset['next'] ?? '/account')))
  }
  const form = document.querySelector<HTMLFormElement>('[data-passkey-add]')
  const button = form?.querySelector('button')
  if (form && button) {
    form.hidden = false
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const name = new FormData(form).get('name')
      void attempt(button, () => add(typeof name === 'string' ? name.trim() : ''))
    })
  }
}

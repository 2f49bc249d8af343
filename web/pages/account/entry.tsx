import type { ComponentChildren } from 'preact'
import { Fields, Trouble } from '../../parts/form.tsx'
import { type Frame, Layout } from '../../parts/layout.tsx'
import type { FieldSpec, FormState } from '../../state/forms.ts'

export const EMAIL: FieldSpec = {
  name: 'email',
  label: 'Email',
  type: 'email',
  autocomplete: 'email',
  most: 254,
  wrong: 'Enter an email address, like name@example.com.',
}
const PASSWORD: FieldSpec = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'current-password',
  most: 256,
  wrong: 'Enter your password.',
}
export const NEW_PASSWORD: FieldSpec = {
  ...PASSWORD,
  autocomplete: 'new-password',
  hint: 'At least 10 characters. A few words in a row are easy to remember and hard to guess.',
  least: 10,
  wrong: 'Choose a password of at least 10 characters.',
}

export const REGISTER_FIELDS = [EMAIL, NEW_PASSWORD]
export const LOGIN_FIELDS = [{ ...EMAIL, autocomplete: 'username webauthn' }, PASSWORD]
export const FORGOT_FIELDS = [EMAIL]
export const RESET_FIELDS = [{ ...NEW_PASSWORD, label: 'New password' }]

/** A page with one narrow column and one thing to do. */
type EntryPageProps = {
  frame: Frame
  title: string
  lead?: ComponentChildren
  islands?: string[]
  children?: ComponentChildren
}

export function EntryPage({ frame, title, lead, islands, children }: EntryPageProps) {
  return (
    <Layout frame={frame} title={`${title} · EshoTry`} islands={islands ?? []} unlisted>
      <div class="wrap max-w-lg! py-10 sm:py-20">
        <h1 class="heading text-4xl sm:text-5xl">{title}</h1>
        {lead && <p class="mt-4 text-soft">{lead}</p>}
        <div class="mt-8">{children}</div>
      </div>
    </Layout>
  )
}

type EntryFormProps = {
  action: string
  specs: readonly FieldSpec[]
  state: FormState
  button: string
  /** Sent along unseen. */
  hidden?: Record<string, string>
}

export function EntryForm({ action, specs, state, button, hidden = {} }: EntryFormProps) {
  return (
    <>
      <Trouble state={state} specs={specs} />
      <form method="post" action={action} novalidate>
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Fields specs={specs} state={state} />
        <button type="submit" class="solid w-full mt-8">
          {button}
        </button>
      </form>
    </>
  )
}

type LoginProps = { frame: Frame; state: FormState; next: string; providers: { id: string; name: string }[] }

export function LoginPage({ frame, state, next, providers }: LoginProps) {
  const onward = next === '/account' ? '' : `?next=${encodeURIComponent(next)}`
  return (
    <EntryPage frame={frame} title="Sign in" islands={['passkey']}>
      <EntryForm action="/login" specs={LOGIN_FIELDS} state={state} button="Sign in" hidden={{ next }} />
      <p class="mt-2">
        <a href="/forgot-password" class="quiet text-sm">
          Forgotten your password?
        </a>
      </p>
      <div class="mt-6 pt-6 border-t border-line grid gap-3">
        <button type="button" class="outline w-full js-only" hidden data-passkey-login data-next={next}>
          Sign in with a passkey
        </button>
        <p data-passkey-said role="status" class="text-sm text-alert empty:hidden" />
        {providers.map(({ id, name }) => (
          <a
            key={id}
            href={`/v1/auth/oauth/${id}/start?returnTo=${encodeURIComponent(`/signed-in${onward}`)}`}
            class="outline w-full"
          >
            Continue with {name}
          </a>
        ))}
      </div>
      <p class="mt-6">
        New here?{' '}
        <a href={`/register${onward}`} class="quiet">
          Create an account
        </a>
      </p>
    </EntryPage>
  )
}

export function RegisterPage({ frame, state, next }: Omit<LoginProps, 'providers'>) {
  return (
    <EntryPage
      frame={frame}
      title="Create an account"
      lead="Your orders, addresses and wishlist in one place. You can also buy without one."
    >
      <EntryForm
        action="/register"
        specs={REGISTER_FIELDS}
        state={state}
        button="Create the account"
        hidden={{ next }}
      />
      <p class="mt-6">
        Have one already?{' '}
        <a href={`/login?next=${encodeURIComponent(next)}`} class="quiet">
          Sign in
        </a>
      </p>
    </EntryPage>
  )
}

/** The same words whether or not the address has an account: a stranger learns nothing here. */
export function LookInYourMail({
  frame,
  title,
  email,
  text,
  again,
}: {
  frame: Frame
  title: string
  email: string
  text: string
  /** The form that sends another. */
  again: string
}) {
  return (
    <EntryPage frame={frame} title={title}>
      <p>
        We have sent a message to <strong class="font-medium">{email}</strong>. {text}
      </p>
      <p class="mt-4 text-soft">
        Nothing there after a few minutes? Look among the unwanted mail, or{' '}
        <a href={again} class="underline underline-offset-4">
          try again here
        </a>
        .
      </p>
      <a href="/login" class="outline mt-8">
        To sign in
      </a>
    </EntryPage>
  )
}

/** Followed from a mail. A button does it rather than the opening of the page, as programs open links before people do. */
export function VerifyPage({ frame, token, state }: { frame: Frame; token: string; state: FormState }) {
  return (
    <EntryPage frame={frame} title="Confirm your email" lead="One press, and this address is confirmed as yours.">
      <EntryForm action="/verify-email" specs={[]} state={state} button="Confirm" hidden={{ token }} />
    </EntryPage>
  )
}

export function ForgotPage({ frame, state }: { frame: Frame; state: FormState }) {
  return (
    <EntryPage
      frame={frame}
      title="Forgotten password"
      lead="Tell us your address and we will mail you a link that lets you choose a new one."
    >
      <EntryForm action="/forgot-password" specs={FORGOT_FIELDS} state={state} button="Send me the link" />
    </EntryPage>
  )
}

export function ResetPage({ frame, token, state }: { frame: Frame; token: string; state: FormState }) {
  return (
    <EntryPage frame={frame} title="Choose a new password" lead="You will be signed out everywhere else.">
      <EntryForm
        action="/reset-password"
        specs={RESET_FIELDS}
        state={state}
        button="Set the new password"
        hidden={{ token }}
      />
    </EntryPage>
  )
}

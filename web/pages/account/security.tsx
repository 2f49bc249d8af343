import { Fields, Trouble } from '../../parts/form.tsx'
import type { Frame } from '../../parts/layout.tsx'
import type { Passkey, Session } from '../../state/account.ts'
import type { FieldSpec, FormState } from '../../state/forms.ts'
import { momentText } from '../../state/times.ts'
import { EMAIL, NEW_PASSWORD } from './entry.tsx'
import { AccountPage, Part } from './frame.tsx'

export const PASSWORD_FIELDS: readonly FieldSpec[] = [
  {
    ...NEW_PASSWORD,
    name: 'current',
    label: 'Current password',
    autocomplete: 'current-password',
    hint: '',
    least: 1,
    wrong: 'Enter your current password.',
  },
  { ...NEW_PASSWORD, name: 'next', label: 'New password' },
]
export const MAIL_FIELDS: readonly FieldSpec[] = [
  { ...EMAIL, label: 'New email' },
  {
    ...NEW_PASSWORD,
    name: 'password',
    label: 'Your password',
    autocomplete: 'current-password',
    hint: '',
    least: 1,
    wrong: 'Enter your password.',
  },
]

type SecurityProps = {
  frame: Frame
  email: string
  sessions: Session[]
  passkeys: Passkey[]
  /** What was refused, by the form that it stands in. */
  refused?: { form: 'password' | 'mail'; state: FormState } | undefined
  said?: string | undefined
}

export function SecurityPage({ frame, email, sessions, passkeys, refused, said }: SecurityProps) {
  const stateOf = (form: 'password' | 'mail') => (refused?.form === form ? refused.state : undefined)
  return (
    <AccountPage frame={frame} title="Signing in" said={said} islands={['passkey']}>
      {refused && <Trouble state={refused.state} specs={refused.form === 'mail' ? MAIL_FIELDS : PASSWORD_FIELDS} />}
      <Part id="sessions" title="Where you are signed in">
        <Sessions sessions={sessions} />
      </Part>
      <Part
        id="passkeys"
        title="Passkeys"
        lead="Sign in with your fingerprint, face or device instead of a password. Nothing can be guessed or stolen from us."
      >
        <Passkeys passkeys={passkeys} />
      </Part>
      <Part id="password-part" title="Password" lead="Changing it signs you out everywhere else.">
        <form method="post" action="/account/security/password" novalidate>
          <Fields specs={PASSWORD_FIELDS} state={stateOf('password')} />
          <button class="outline mt-6">Change the password</button>
        </form>
      </Part>
      <Part id="mail" title="Email" lead={`Now: ${email}`}>
        <form method="post" action="/account/security/mail" novalidate>
          <Fields specs={MAIL_FIELDS} state={stateOf('mail')} />
          <button class="outline mt-6">Change the email</button>
        </form>
      </Part>
    </AccountPage>
  )
}

/** A browser and a system, as far as what it called itself tells. */
function deviceName(client: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(client)?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(client)?.[1]
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'Mac' }
  const parts = [browser, system].flatMap((name) => (name ? [names[name] ?? name] : []))
  return parts.join(' on ') || 'Another program'
}

function Sessions({ sessions }: { sessions: Session[] }) {
  return (
    <>
      <ul class="border-t border-line">
        {sessions.map(({ id, client, current, createdAt, usedAt }) => (
          <li key={id} class="flex flex-wrap items-center justify-between gap-x-6 py-3 border-b border-line">
            <div>
              <p>
                {deviceName(client)} {current && <span class="text-accent">(here)</span>}
              </p>
              <p class="text-sm text-soft">
                since {momentText(createdAt)}, last used {momentText(usedAt)}
              </p>
            </div>
            {!current && (
              <form method="post" action={`/account/security/sessions/${id}/end`}>
                <button
                  class="quiet text-sm"
                  aria-label={`Sign out ${deviceName(client)}, since ${momentText(createdAt)}`}
                >
                  Sign out
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action="/account/security/sessions/end-others" class="mt-5">
          <button class="outline">Sign out everywhere else</button>
        </form>
      )}
    </>
  )
}

function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  return (
    <>
      {passkeys.length > 0 && (
        <ul class="border-t border-line mb-5">
          {passkeys.map(({ id, name, createdAt }) => (
            <li key={id} class="flex items-center justify-between gap-6 py-3 border-b border-line">
              <div>
                <p>{name}</p>
                <p class="text-sm text-soft">since {momentText(createdAt)}</p>
              </div>
              <form method="post" action="/account/security/passkeys/remove">
                <button name="id" value={id} class="quiet text-sm" aria-label={`Remove the passkey ${name}`}>
                  Remove
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      <form data-passkey-add hidden class="js-only flex flex-wrap items-end gap-3">
        <div class="grow">
          <label for="passkey-name" class="block text-[0.95rem] font-medium">
            Name of the new passkey
          </label>
          <input id="passkey-name" name="name" maxLength={60} placeholder="This device" class="field mt-2" />
        </div>
        <button class="outline min-h-11!">Add a passkey</button>
      </form>
      <p data-passkey-said role="status" class="mt-3 text-sm text-alert empty:hidden" />
      <p class="no-js text-soft">Adding a passkey needs JavaScript.</p>
    </>
  )
}

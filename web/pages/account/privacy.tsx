import { ConsentList } from '../../parts/consent-list.tsx'
import { Field, Trouble } from '../../parts/form.tsx'
import type { Frame } from '../../parts/layout.tsx'
import type { Consent } from '../../state/account.ts'
import type { FieldSpec, FormState } from '../../state/forms.ts'
import { AccountPage, Part } from './frame.tsx'

const PURPOSES: Record<Consent['purpose'], { title: string; text: string }> = {
  marketing_mail: {
    title: 'News by mail',
    text: 'Letters about new pieces and offers, beside those about your orders.',
  },
  personalisation: { title: 'Picks for you', text: 'What you look at and buy decides what is shown to you first.' },
  analytics: { title: 'Improving the shop', text: 'How you use the shop is counted, without your name.' },
}

export const ERASE_FIELD: FieldSpec = {
  name: 'password',
  label: 'Your password',
  type: 'password',
  autocomplete: 'current-password',
  hint: 'Not needed if you have signed in within the last ten minutes.',
  most: 200,
  optional: true,
  wrong: 'This is not your password.',
}

type PrivacyProps = { frame: Frame; consents: Consent[]; state: FormState; said?: string | undefined }

export function AccountPrivacyPage({ frame, consents, state, said }: PrivacyProps) {
  return (
    <AccountPage frame={frame} title="Privacy" said={said}>
      <Trouble state={state} specs={[ERASE_FIELD]} />
      <Part
        id="consents"
        title="What you allow"
        lead="Nothing of this happens unless you say so, and you can take it back."
      >
        <form method="post" action="/account/privacy/consents">
          <ConsentList
            purposes={consents.map(({ purpose }) => purpose)}
            words={PURPOSES}
            granted={consents.flatMap(({ purpose, granted }) => (granted ? [purpose] : []))}
          />
          <button class="outline mt-5">Save</button>
        </form>
      </Part>
      <Part
        id="export"
        title="Everything we know of you"
        lead="One archive with all of it, in a form that programs can read."
      >
        <a href="/v1/me/export" class="outline" download>
          Download my data
        </a>
      </Part>
      <Part
        id="erase"
        title="Erase my account"
        lead="Your account, addresses, wishlist, bag and reviews go, in every copy. Orders stay without your name, as the books must keep them. Nobody can undo this, nor can we."
      >
        <details open={Object.keys(state.errors).length > 0}>
          <summary class="quiet">I want my account erased</summary>
          <form method="post" action="/account/privacy/erase" class="mt-4 max-w-md" novalidate>
            <Field spec={ERASE_FIELD} state={state} />
            <label class="flex items-center gap-3 min-h-11 mt-3">
              <input type="checkbox" name="sure" value="yes" class="w-5 h-5" />
              Yes, erase everything
            </label>
            <button class="button mt-4 bg-alert text-paper hover:bg-ink">Erase my account</button>
          </form>
        </details>
      </Part>
    </AccountPage>
  )
}

import { Fields, Trouble } from '../../parts/form.tsx'
import type { Frame } from '../../parts/layout.tsx'
import type { SavedAddress } from '../../state/account.ts'
import { ADDRESS_FIELDS, valuesOf } from '../../state/address.ts'
import type { FormState } from '../../state/forms.ts'
import { AddressText } from '../shopping/checkout.tsx'
import { AccountPage, Part } from './frame.tsx'

type AddressesProps = {
  frame: Frame
  addresses: SavedAddress[]
  /** The one being changed; else the form is for a new one. */
  edited?: SavedAddress | undefined
  state: FormState
  said?: string | undefined
}

export function AddressesPage({ frame, addresses, edited, state, said }: AddressesProps) {
  return (
    <AccountPage frame={frame} title="Addresses" said={said}>
      <Trouble state={state} specs={ADDRESS_FIELDS} />
      {addresses.length > 0 && (
        <ul class="grid sm:grid-cols-2 xl:grid-cols-3 gap-4 mb-12">
          {addresses.map((address) => (
            <li key={address.id} class="border border-line bg-card p-5 flex flex-col">
              {address.isDefault && <p class="label text-soft mb-2">Used first</p>}
              <AddressText address={address} />
              <AddressActs address={address} />
            </li>
          ))}
        </ul>
      )}
      <Part id="form" title={edited ? 'Change the address' : 'A new address'}>
        <form method="post" action={edited ? `/account/addresses/${edited.id}` : '/account/addresses'} novalidate>
          <Fields specs={ADDRESS_FIELDS} state={{ ...state, values: { ...startOf(edited), ...state.values } }} />
          <label class="flex items-center gap-3 min-h-11 mt-4">
            <input type="checkbox" name="isDefault" value="yes" checked={edited?.isDefault ?? false} class="w-5 h-5" />
            Use this one first
          </label>
          <div class="mt-4 flex flex-wrap gap-3">
            <button class="solid">Save the address</button>
            {edited && (
              <a href="/account/addresses" class="outline">
                Leave it as it was
              </a>
            )}
          </div>
        </form>
      </Part>
    </AccountPage>
  )
}

const startOf = (edited: SavedAddress | undefined): Record<string, string> =>
  edited ? valuesOf(edited) : { country: 'DE' }

function AddressActs({ address: { id, name, line1 } }: { address: SavedAddress }) {
  const which = `${name}, ${line1}`
  return (
    <div class="mt-auto pt-3 flex flex-wrap gap-x-6">
      <a href={`/account/addresses?edit=${id}#form`} class="quiet text-sm" aria-label={`Change ${which}`}>
        Change
      </a>
      <form method="post" action={`/account/addresses/${id}/remove`}>
        <button class="quiet text-sm" aria-label={`Remove ${which}`}>
          Remove
        </button>
      </form>
    </div>
  )
}

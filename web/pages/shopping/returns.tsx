import { FieldNote } from '../../parts/form.tsx'
import type { FieldSpec, FormState } from '../../state/forms.ts'
import { showMoney } from '../../state/money.ts'
import type { Order, OrderReturn } from '../../state/orders.ts'

/** What a shopper may give as the reason, in their words. */
export const REASONS: Record<OrderReturn['reason'], string> = {
  too_small: 'Too small',
  too_large: 'Too large',
  not_as_described: 'Not as described',
  faulty: 'Something is wrong with it',
  changed_mind: 'Changed my mind',
  other: 'Something else',
}

const STANDS: Record<OrderReturn['status'], string> = {
  requested: 'announced, we wait for the parcel',
  received: 'received',
  refused: 'not accepted',
}

const REFUNDS = { pending: 'on its way', done: 'given back', failed: 'failed; we look after it' }

/** What was sent back, and the money for it. */
export function Returns({ order: { returns, refunds, lines } }: { order: Order }) {
  if (returns.length + refunds.length === 0) return null
  const nameOf = (lineId: number) => lines.find(({ id }) => id === lineId)?.name ?? ''
  return (
    <section aria-labelledby="returns" class="mt-10">
      <h2 id="returns" class="heading text-2xl mb-3">
        Returns and refunds
      </h2>
      <ul class="grid gap-2">
        {returns.map(({ id, status, lines: sent, reason }) => (
          <li key={id}>
            Return of {sent.map(({ lineId, quantity }) => `${quantity} × ${nameOf(lineId)}`).join(', ')} (
            {REASONS[reason].toLowerCase()}): {STANDS[status]}
          </li>
        ))}
        {refunds.map(({ id, amount, status }) => (
          <li key={id}>
            Refund of <span class="tabular-nums">{showMoney(amount)}</span>: {REFUNDS[status]}
          </li>
        ))}
      </ul>
    </section>
  )
}

export const RETURN_FIELDS: readonly FieldSpec[] = [
  { name: 'lines', label: 'Pieces', wrong: 'Choose at least one piece.' },
  { name: 'reason', label: 'Reason', wrong: 'Choose a reason.' },
]

type ReturnFormProps = { order: Order; action: string; state: FormState }

export function ReturnForm({ order, action, state }: ReturnFormProps) {
  const open = Object.keys(state.errors).length > 0
  return (
    <section aria-labelledby="send-back" class="mt-10">
      <h2 id="send-back" class="heading text-2xl">
        Something does not fit?
      </h2>
      <details class="mt-2" open={open}>
        <summary class="quiet">Send pieces back</summary>
        <form method="post" action={action} class="mt-4 grid gap-6 max-w-xl" novalidate>
          <fieldset id="lines" aria-describedby={state.errors['lines'] ? 'lines-error' : undefined}>
            <legend class="font-medium text-[0.95rem]">Which pieces?</legend>
            <FieldNote name="lines" error={state.errors['lines']} />
            {order.lines.map(({ id, name, colour, size, quantity, returned }) => {
              const left = quantity - returned
              if (left === 0) return null
              return (
                <div key={id} class="flex items-center justify-between gap-4 py-2 border-b border-line">
                  <label for={`line-${id}`} class="grow">
                    {name} <span class="text-sm text-soft">{`${colour.name}, ${size}`}</span>
                  </label>
                  <select id={`line-${id}`} name={`line-${id}`} class="min-h-11 px-3 border border-edge bg-card">
                    {Array.from({ length: left + 1 }, (_, count) => (
                      <option key={count} value={count} selected={state.values[`line-${id}`] === String(count)}>
                        {count === 0 ? 'keep' : `${count} back`}
                      </option>
                    ))}
                  </select>
                </div>
              )
            })}
          </fieldset>
          <div>
            <label for="reason" class="block font-medium text-[0.95rem]">
              Why?
            </label>
            <FieldNote name="reason" error={state.errors['reason']} />
            <select
              id="reason"
              name="reason"
              class="field mt-2"
              aria-invalid={state.errors['reason'] ? 'true' : undefined}
              aria-describedby={state.errors['reason'] ? 'reason-error' : undefined}
            >
              <option value="">Choose</option>
              {Object.entries(REASONS).map(([value, label]) => (
                <option key={value} value={value} selected={state.values['reason'] === value}>
                  {label}
                </option>
              ))}
            </select>
          </div>
          <div>
            <label for="comment" class="block font-medium text-[0.95rem]">
              Anything we should know? <span class="font-normal text-soft">(optional)</span>
            </label>
            <textarea
              id="comment"
              name="comment"
              rows={3}
              maxLength={1000}
              class="field mt-2"
              value={state.values['comment']}
            />
          </div>
          <button class="solid justify-self-start">Announce the return</button>
        </form>
      </details>
    </section>
  )
}

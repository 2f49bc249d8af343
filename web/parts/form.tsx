import type { ComponentChildren } from 'preact'
import { EMPTY_FORM, type FieldSpec, type FormState } from '../state/forms.ts'

type FieldProps = { spec: FieldSpec; state?: FormState | undefined }

/** A labelled field with its hint and, when it was refused, the reason beside it. Keeps what was typed, but no password. */
export function Field({ spec, state = EMPTY_FORM }: FieldProps) {
  const { name, label, hint } = spec
  const error = state.errors[name]
  return (
    <div class={spec.half ? 'col-span-2 sm:col-span-1' : 'col-span-2'}>
      <label for={name} class="block text-[0.95rem] font-medium">
        {label}
        {spec.optional && <span class="font-normal text-soft"> (optional)</span>}
      </label>
      {hint && (
        <p id={`${name}-hint`} class="text-sm text-soft mt-1">
          {hint}
        </p>
      )}
      <FieldNote name={name} error={error} />
      <Control spec={spec} error={error} value={spec.type === 'password' ? undefined : state.values[name]} />
    </div>
  )
}

/** What is wrong with a field, to be named by its `aria-describedby` as `<name>-error`. */
export function FieldNote({ name, error }: { name: string; error: string | undefined }) {
  if (!error) return null
  return (
    <p id={`${name}-error`} class="text-sm text-alert mt-1">
      {error}
    </p>
  )
}

type ControlProps = { spec: FieldSpec; error: string | undefined; value: string | undefined }

function Control({ spec, error, value }: ControlProps) {
  const { name, hint, type = 'text', keys, rows, options } = spec
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  const shared = {
    id: name,
    name,
    required: !spec.optional,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': described || undefined,
    autocomplete: spec.autocomplete,
    class: `field mt-2 ${error ? 'border-alert! border-2!' : ''}`,
  }
  if (options)
    return (
      <select {...shared}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  const limits = { maxLength: spec.most ?? 200, minLength: spec.least, value }
  if (rows) return <textarea {...(shared as object)} {...limits} rows={rows} />
  return <input {...(shared as object)} {...limits} type={type as 'text'} inputMode={keys} />
}

export function Fields({ specs, state }: { specs: readonly FieldSpec[]; state?: FormState | undefined }) {
  return (
    <div class="grid grid-cols-2 gap-x-4 gap-y-5">
      {specs.map((spec) => (
        <Field key={spec.name} spec={spec} state={state} />
      ))}
    </div>
  )
}

type SummaryProps = { state: FormState; specs?: readonly FieldSpec[] }

/** What went wrong, said once above the form; takes the focus as the page opens, without script too. */
export function Trouble({ state, specs = [] }: SummaryProps) {
  const wrong = specs.filter(({ name }) => state.errors[name])
  if (wrong.length === 0 && !state.trouble) return null
  return (
    <div
      id="trouble"
      role="alert"
      tabindex={-1}
      autofocus
      class="mb-8 border-l-4 border-alert bg-alertpale px-5 py-4 outline-none"
    >
      <p class="font-medium">{state.trouble ?? 'Please look at this again:'}</p>
      {wrong.length > 0 && (
        <ul class="mt-1 text-[0.95rem]">
          {wrong.map(({ name, label }) => (
            <li key={name}>
              <a href={`#${name}`} class="inline-block py-1 underline underline-offset-4">
                {label}: {state.errors[name]}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Good news, or news, after something was done. */
export function News({ children }: { children: ComponentChildren }) {
  return (
    <div role="status" class="mb-8 border-l-4 border-accent bg-accentpale px-5 py-4">
      {children}
    </div>
  )
}

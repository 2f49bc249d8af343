import type { ComponentChildren } from 'preact'
import { EMPTY_FORM, type FieldSpec, type FormState } from '../state/forms.ts'
import { AdminPage, type View } from './admin-layout.tsx'
import { FieldNote, Fields, Trouble } from './form.tsx'

type Hidden = Record<string, string>

const HiddenFields = ({ hidden }: { hidden: Hidden }) => (
  <>
    {Object.entries(hidden).map(([name, value]) => (
      <input key={name} type="hidden" name={name} value={value} />
    ))}
  </>
)

type AdminFormProps = {
  action: string
  specs: readonly FieldSpec[]
  state?: FormState
  button: string
  hidden?: Hidden
  /** Fields of other kinds, after the others. */
  children?: ComponentChildren
}

/** Stands at the address that it is sent to, so that a refused one can be opened again. */
export function AdminForm({ action, specs, state = EMPTY_FORM, button, hidden = {}, children }: AdminFormProps) {
  return (
    <div class="max-w-xl">
      <Trouble state={state} specs={specs} />
      <form method="post" action={action} novalidate>
        <HiddenFields hidden={hidden} />
        <Fields specs={specs} state={state} />
        {children}
        <button class="solid mt-8">{button}</button>
      </form>
    </div>
  )
}

type ActProps = { action: string; button: string; hidden?: Hidden; look?: 'solid' | 'outline' | 'quiet'; of?: string }

/** One button that does one thing. `of` says to a listener what it is done to, where several stand on a page. */
export function Act({ action, button, hidden = {}, look = 'outline', of }: ActProps) {
  return (
    <form method="post" action={action}>
      <HiddenFields hidden={hidden} />
      <button class={look} aria-label={of && `${button}: ${of}`}>
        {button}
      </button>
    </form>
  )
}

type ConfirmProps = {
  view: View
  title: string
  back: { href: string; label: string }
  /** What will happen. */
  text: ComponentChildren
  action: string
  button: string
  hidden?: Hidden
  state?: FormState
}

/** Asks before something that cannot be taken back, or that costs money; the way back comes without a change. */
export function ConfirmPage({
  view,
  title,
  back,
  text,
  action,
  button,
  hidden = {},
  state = EMPTY_FORM,
}: ConfirmProps) {
  return (
    <AdminPage view={view} title={title} back={back}>
      <div class="max-w-xl">
        <Trouble state={state} />
        <div class="grid gap-3">{text}</div>
        <form method="post" action={action} class="mt-8 flex flex-wrap items-center gap-x-6 gap-y-3">
          <HiddenFields hidden={{ ...hidden, confirmed: 'yes' }} />
          <button class="button bg-alert text-paper hover:bg-ink">{button}</button>
          <a href={back.href} class="quiet">
            No, leave it as it is
          </a>
        </form>
      </div>
    </AdminPage>
  )
}

type TickProps = { name: string; value?: string; label: ComponentChildren; checked: boolean; hint?: string }

export function Tick({ name, value = 'yes', label, checked, hint }: TickProps) {
  return (
    <label class="flex items-center gap-3 min-h-11 cursor-pointer">
      <input type="checkbox" name={name} value={value} checked={checked} class="w-5 h-5 shrink-0" />
      <span>
        {label}
        {hint && <span class="block text-sm text-soft">{hint}</span>}
      </span>
    </label>
  )
}

type TicksProps = { name: string; legend: string; error: string | undefined; children: ComponentChildren }

/** Ticks that are one question. */
export function Ticks({ name, legend, error, children }: TicksProps) {
  return (
    <fieldset id={name} class="mt-6" aria-describedby={error ? `${name}-error` : undefined}>
      <legend class="text-[0.95rem] font-medium mb-1">{legend}</legend>
      <FieldNote name={name} error={error} />
      {children}
    </fieldset>
  )
}

/** One field of a form: how it is drawn, and what is said of it when what was typed cannot be taken. */
export type FieldSpec = {
  name: string
  label: string
  /** What to do, as a sentence: shown beside the field when it is empty or refused. */
  wrong: string
  type?: 'text' | 'email' | 'password' | 'tel' | 'url' | 'datetime-local'
  /** Which keys a phone shows. */
  keys?: 'numeric' | 'decimal'
  /** More than a line: this many are shown. */
  rows?: number
  autocomplete?: string
  hint?: string
  optional?: boolean
  most?: number
  least?: number
  /** Fixed answers; the field is a list to choose from. */
  options?: { value: string; label: string }[]
  half?: boolean
}

/** What a form shows: what was typed before, and what was wrong with it by field. `trouble` is about the whole. */
export type FormState = { values: Record<string, string>; errors: Record<string, string>; trouble?: string | undefined }

export const EMPTY_FORM: FormState = { values: {}, errors: {} }

/** An RFC 9457 problem as the API answers it. */
export type Problem = { status: number; code: string; detail: string; details: Record<string, unknown> }

type Answer = { status: number; json(): Promise<unknown> }

/** Reads the problem that an answer carries; one that carries none is still told by its status. */
export async function problemOf(response: Answer): Promise<Problem> {
  const body = await response.json().catch(() => ({}))
  const { code = '', detail = '', details = {} } = (body ?? {}) as Partial<Problem>
  return { status: response.status, code, detail, details }
}

/** What was typed into the fields, trimmed but for passwords, with a sentence for each that cannot be right. */
export function readForm(form: FormData, specs: readonly FieldSpec[]): FormState {
  const values: FormState['values'] = {}
  const errors: FormState['errors'] = {}
  for (const spec of specs) {
    const given = form.get(spec.name)
    const text = typeof given === 'string' ? given : ''
    const value = spec.type === 'password' ? text : text.trim()
    values[spec.name] = value
    if (!fits(spec, value)) errors[spec.name] = spec.wrong
  }
  return { values, errors }
}

function fits(spec: FieldSpec, value: string): boolean {
  if (value === '') return spec.optional === true
  if (value.length > (spec.most ?? 200) || value.length < (spec.least ?? 1)) return false
  if (spec.options && !spec.options.some((option) => option.value === value)) return false
  return spec.type !== 'email' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
}

export const isFilled = ({ errors }: FormState): boolean => Object.keys(errors).length === 0

/**
 * The same form with what the API refused: each issue beside the field that its path ends in, anything else above them all.
 * Passwords are not sent back.
 */
export function refused(state: FormState, specs: readonly FieldSpec[], problem: Problem): FormState {
  const issues = Array.isArray(problem.details['issues']) ? (problem.details['issues'] as { path?: string }[]) : []
  const errors: FormState['errors'] = { ...state.errors }
  for (const { path = '' } of issues) {
    const spec = specs.find(({ name }) => name === path.split('.').at(-1))
    if (spec) errors[spec.name] = spec.wrong
  }
  const named = Object.keys(errors).length > 0
  return { ...state, errors, trouble: named ? undefined : sayProblem(problem) }
}

/** A problem in a sentence for people. */
export function sayProblem({ status, detail }: Problem): string {
  if (status === 429) return 'That was tried too often. Please wait a minute and try again.'
  if (status >= 500) return 'Something broke on our side. Nothing was changed; please try again in a moment.'
  return detail ? `${detail.replace(/\.?$/, '.')}` : 'We could not take that. Please try again.'
}

/** A page of this shop to go on to, never another site's. */
export function safeNext(next: string | null | undefined, otherwise: string): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : otherwise
}

import { type Context, Hono } from 'hono'
import {
  changeEmail,
  changePassword,
  endOtherSessions,
  endSession,
  getMe,
  listPasskeys,
  listSessions,
  removePasskey,
} from '../state/account.ts'
import { type FieldSpec, type FormState, isFilled, type Problem, readForm, refused } from '../state/forms.ts'
import type { Visit } from '../state/visit.ts'
import { MAIL_FIELDS, PASSWORD_FIELDS, SecurityPage } from './account/security.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

const PATH = '/account/security'

/** How a person signs in, and where they are. */
export function securityPages(site: Site) {
  const pages = new Hono()
  const show = async (c: Context, visit: Visit, refusal?: { form: 'password' | 'mail'; state: FormState }) => {
    const [frame, { email }, sessions, passkeys] = await Promise.all([
      site.frame(c),
      getMe(visit),
      listSessions(visit),
      listPasskeys(visit),
    ])
    const page = <SecurityPage {...{ frame, email, sessions, passkeys, refused: refusal, said: c.req.query('said') }} />
    return sendPrivate(c, page, refusal ? 422 : 200)
  }

  pages.get(PATH, (c) => show(c, site.member(c)))
  pages.post(`${PATH}/password`, async (c) => {
    const visit = site.member(c)
    const state = readForm(await c.req.formData(), PASSWORD_FIELDS)
    if (!isFilled(state)) return show(c, visit, { form: 'password', state })
    const { current = '', next = '' } = state.values
    const outcome = await changePassword(visit, { current, next })
    if (outcome.ok) return goTo(c, `${PATH}?said=password`)
    return show(c, visit, { form: 'password', state: wrongPassword(state, PASSWORD_FIELDS, outcome.problem) })
  })
  pages.post(`${PATH}/mail`, async (c) => {
    const visit = site.member(c)
    const state = readForm(await c.req.formData(), MAIL_FIELDS)
    if (!isFilled(state)) return show(c, visit, { form: 'mail', state })
    const { email = '', password = '' } = state.values
    const outcome = await changeEmail(visit, { email, password })
    if (outcome.ok) return goTo(c, `${PATH}?said=mail`)
    return show(c, visit, { form: 'mail', state: wrongPassword(state, MAIL_FIELDS, outcome.problem) })
  })
  pages.post(`${PATH}/sessions/end-others`, async (c) => {
    const visit = site.member(c)
    await endOtherSessions(visit)
    return goTo(c, `${PATH}?said=session`)
  })
  pages.post(`${PATH}/sessions/:id/end`, async (c) => {
    const visit = site.member(c)
    await endSession(visit, c.req.param('id'))
    return goTo(c, `${PATH}?said=session`)
  })
  pages.post(`${PATH}/passkeys/remove`, async (c) => {
    const visit = site.member(c)
    await removePasskey(visit, String((await c.req.formData()).get('id') ?? ''))
    return goTo(c, `${PATH}?said=removed`)
  })
  return pages
}

/** A wrong password is told beside the field that asks for the present one. */
function wrongPassword(state: FormState, specs: readonly FieldSpec[], problem: Problem): FormState {
  if (problem.details['reason'] !== 'wrong_password') return refused(state, specs, problem)
  const asked = specs.find(({ autocomplete }) => autocomplete === 'current-password')?.name ?? ''
  return { ...state, errors: { [asked]: 'This is not your password.' } }
}

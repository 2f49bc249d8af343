import { type Context, Hono } from 'hono'
import { News } from '../parts/form.tsx'
import { forgetCart, mergeCart } from '../state/cart.ts'
import { bringHistory, forgetConsent } from '../state/consenting.ts'
import { EMPTY_FORM, type FormState, isFilled, problemOf, readForm, refused, safeNext } from '../state/forms.ts'
import {
  EntryPage,
  FORGOT_FIELDS,
  ForgotPage,
  LOGIN_FIELDS,
  LoginPage,
  LookInYourMail,
  REGISTER_FIELDS,
  RegisterPage,
  RESET_FIELDS,
  ResetPage,
  VerifyPage,
} from './account/entry.tsx'
import { keepQuizAnswers } from '../state/picks.ts'
import { bringQuiz } from '../state/quiz.ts'
import type { Visit } from '../state/visit.ts'
import { goTo, sendPrivate, type Site } from './site.tsx'

const MAIL = 'Look in your mail'
const AFTER_REGISTER = 'Follow its link to confirm the address; then you can sign in.'
const AFTER_FORGOT = 'If there is an account for it, the message has a link that is good for one hour.'
const STALE_LINK = 'This link is not good any more. Links work once and for a limited time; you can ask for another.'

const WRONG = 'The email or the password is not right, or the address has not been confirmed yet.'
/** What a provider's way back may say. */
const FAILED: Record<string, string> = {
  expired: 'That took too long. Please begin again.',
  provider: 'The sign-in there did not work. Try again, or sign in with your password.',
  mail_unverified: 'That account has no confirmed email address. Confirm it there first, or sign in with a password.',
}

async function listProviders(site: Site) {
  const answer = await site.api.v1.auth.oauth.$get()
  return answer.ok ? (await answer.json()).items : []
}

/** What a guest put into the bag, looked at and answered comes along. */
async function settleIn(visit: Visit): Promise<void> {
  await mergeCart(visit)
  await bringHistory(visit)
  await bringQuiz(visit)
}

const next = (c: Context) => safeNext(c.req.query('next'), '/account')

/** Sent to somebody who signed up, signs in, or has lost the way in. */
export function enteringPages(site: Site) {
  const pages = new Hono()

  pages.get('/register', async (c) =>
    sendPrivate(c, <RegisterPage frame={await site.frame(c)} state={EMPTY_FORM} next={next(c)} />),
  )
  pages.post('/register', async (c) => {
    const form = await c.req.formData()
    const frame = await site.frame(c)
    const again = safeNext(String(form.get('next')), '/account')
    let state = readForm(form, REGISTER_FIELDS)
    if (isFilled(state)) {
      const { email = '', password = '' } = state.values
      const answer = await site.visit(c).api.v1.auth.register.$post({ json: { email, password } })
      if (answer.ok)
        return sendPrivate(
          c,
          <LookInYourMail {...{ frame, title: MAIL, email, text: AFTER_REGISTER, again: '/register' }} />,
        )
      state = refused(state, REGISTER_FIELDS, await problemOf(answer))
    }
    return sendPrivate(c, <RegisterPage frame={frame} state={state} next={again} />, 422)
  })

  const login = async (c: Context, state: FormState, to: string) => (
    <LoginPage frame={await site.frame(c)} state={state} next={to} providers={await listProviders(site)} />
  )
  pages.get('/login', async (c) => {
    const trouble = FAILED[c.req.query('failed') ?? '']
    return sendPrivate(c, await login(c, { ...EMPTY_FORM, trouble }, next(c)))
  })
  pages.post('/login', async (c) => {
    const form = await c.req.formData()
    const to = safeNext(String(form.get('next')), '/account')
    let state = readForm(form, LOGIN_FIELDS)
    if (isFilled(state)) {
      const visit = site.visit(c)
      const { email = '', password = '' } = state.values
      const answer = await visit.api.v1.auth.login.$post({ json: { email, password } })
      if (answer.ok) {
        await settleIn(visit)
        return goTo(c, to)
      }
      const problem = await problemOf(answer)
      state = problem.status === 401 ? { ...state, trouble: WRONG } : refused(state, LOGIN_FIELDS, problem)
    }
    return sendPrivate(c, await login(c, state, to), 422)
  })
  // Where other ways of signing in end.
  pages.get('/signed-in', async (c) => {
    const visit = site.visit(c)
    if (visit.hasSession) await settleIn(visit)
    return goTo(c, next(c))
  })
  pages.post('/logout', async (c) => {
    const visit = site.visit(c)
    await visit.api.v1.auth.logout.$post()
    forgetCart(visit)
    forgetConsent(visit)
    keepQuizAnswers(visit, '')
    return goTo(c, '/')
  })
  recoveryPages(pages, site)
  return pages
}

function recoveryPages(pages: Hono, site: Site): void {
  pages.get('/verify-email', async (c) =>
    sendPrivate(c, <VerifyPage frame={await site.frame(c)} token={c.req.query('token') ?? ''} state={EMPTY_FORM} />),
  )
  pages.post('/verify-email', async (c) => {
    const token = String((await c.req.formData()).get('token') ?? '')
    const frame = await site.frame(c)
    const answer = await site.visit(c).api.v1.auth['verify-email'].$post({ json: { token } })
    if (!answer.ok) {
      const state = { ...EMPTY_FORM, trouble: STALE_LINK }
      return sendPrivate(c, <VerifyPage frame={frame} token={token} state={state} />, 422)
    }
    return sendPrivate(
      c,
      <EntryPage frame={frame} title="Thank you">
        <News>Your email address is confirmed.</News>
        <a href="/login" class="solid w-full">
          Sign in
        </a>
      </EntryPage>,
    )
  })

  pages.get('/forgot-password', async (c) =>
    sendPrivate(c, <ForgotPage frame={await site.frame(c)} state={EMPTY_FORM} />),
  )
  pages.post('/forgot-password', async (c) => {
    const frame = await site.frame(c)
    let state = readForm(await c.req.formData(), FORGOT_FIELDS)
    if (isFilled(state)) {
      const { email = '' } = state.values
      const answer = await site.visit(c).api.v1.auth['forgot-password'].$post({ json: { email } })
      if (answer.ok)
        return sendPrivate(
          c,
          <LookInYourMail {...{ frame, title: MAIL, email, text: AFTER_FORGOT, again: '/forgot-password' }} />,
        )
      state = refused(state, FORGOT_FIELDS, await problemOf(answer))
    }
    return sendPrivate(c, <ForgotPage frame={frame} state={state} />, 422)
  })

  pages.get('/reset-password', async (c) =>
    sendPrivate(c, <ResetPage frame={await site.frame(c)} token={c.req.query('token') ?? ''} state={EMPTY_FORM} />),
  )
  pages.post('/reset-password', async (c) => {
    const form = await c.req.formData()
    const frame = await site.frame(c)
    const token = String(form.get('token') ?? '')
    let state = readForm(form, RESET_FIELDS)
    if (isFilled(state)) {
      const { password = '' } = state.values
      const answer = await site.visit(c).api.v1.auth['reset-password'].$post({ json: { token, password } })
      if (answer.ok)
        return sendPrivate(
          c,
          <EntryPage frame={frame} title="Done">
            <News>Your new password is set.</News>
            <a href="/login" class="solid w-full">
              Sign in
            </a>
          </EntryPage>,
        )
      const problem = await problemOf(answer)
      state = problem.status === 422 ? { ...state, trouble: STALE_LINK } : refused(state, RESET_FIELDS, problem)
    }
    return sendPrivate(c, <ResetPage frame={frame} token={token} state={state} />, 422)
  })
}

import { type Context, Hono } from 'hono'
import { type Consent, changeConsent, eraseMe, listConsents } from '../state/account.ts'
import { forgetCart } from '../state/cart.ts'
import { agreeOnConsent } from '../state/consenting.ts'
import { EMPTY_FORM, type FormState, sayProblem } from '../state/forms.ts'
import type { Visit } from '../state/visit.ts'
import { EntryPage } from './account/entry.tsx'
import { AccountPrivacyPage, ERASE_FIELD } from './account/privacy.tsx'
import { goTo, sendPrivate, type Site } from './site.tsx'

const PATH = '/account/privacy'

/** What a person allows, and what becomes of all that is known of them. */
export function privacyPages(site: Site) {
  const pages = new Hono()
  const show = async (c: Context, visit: Visit, refusal?: FormState) => {
    const [frame, consents] = await Promise.all([site.frame(c), listConsents(visit)])
    const known = { frame, consents, said: c.req.query('said') }
    const page = <AccountPrivacyPage {...known} state={refusal ?? EMPTY_FORM} />
    return sendPrivate(c, page, refusal ? 422 : 200)
  }

  pages.get(PATH, (c) => show(c, site.member(c)))
  pages.post(`${PATH}/consents`, async (c) => {
    const visit = site.member(c)
    const granted = new Set((await c.req.formData()).getAll('granted').map(String))
    const before = await listConsents(visit)
    const changed = before.filter((one: Consent) => one.granted !== granted.has(one.purpose))
    for (const { purpose, granted: was } of changed) await changeConsent(visit, purpose, !was)
    await agreeOnConsent(visit)
    return goTo(c, `${PATH}?said=saved`)
  })
  pages.post(`${PATH}/erase`, async (c) => {
    const visit = site.member(c)
    const form = await c.req.formData()
    if (form.get('sure') !== 'yes') return show(c, visit, { ...EMPTY_FORM, trouble: UNSURE })
    const password = String(form.get('password') ?? '')
    const outcome = await eraseMe(visit, password)
    if (outcome.ok) {
      forgetCart(visit)
      return sendPrivate(c, <EntryPage frame={await site.frame(c)} title="You are forgotten" lead={FORGOTTEN} />)
    }
    const { details } = outcome.problem
    if (details['reason'] === 'wrong_password' || details['reason'] === 'not_recent')
      return show(c, visit, {
        values: {},
        errors: { [ERASE_FIELD.name]: password ? ERASE_FIELD.wrong : GIVE_PASSWORD },
      })
    return show(c, visit, { ...EMPTY_FORM, trouble: sayProblem(outcome.problem) })
  })
  return pages
}

const UNSURE = 'Nothing was erased: tick the box to say that you are sure.'
const GIVE_PASSWORD = 'Give your password: you signed in more than ten minutes ago.'
const FORGOTTEN = 'Your account is erased. What is left of it in other places goes within the hour.'

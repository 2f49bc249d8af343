import { Hono } from 'hono'
import { ConsentList } from '../parts/consent-list.tsx'
import { News } from '../parts/form.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { PURPOSES, type Purpose } from '../state/consent.ts'
import { consentOf, saveConsent } from '../state/consenting.ts'
import { safeNext } from '../state/forms.ts'
import { goTo, sendPrivate, type Site } from './site.tsx'

/** What the shop may learn of a visitor, and what the device keeps by itself. */
export function yourDataPages(site: Site) {
  const pages = new Hono()
  pages.get('/your-data', async (c) => {
    const visit = site.visit(c)
    const { privately, hasSession } = visit
    const known = {
      frame: { ...(await site.frame(c)), asks: false },
      granted: consentOf(visit) ?? [],
      privately,
      hasSession,
    }
    return sendPrivate(c, <YourDataPage {...known} said={c.req.query('said')} />)
  })
  pages.post('/consent', async (c) => {
    const form = await c.req.formData()
    const [answer, given] = [form.get('answer'), form.getAll('granted').map(String)]
    const granted = PURPOSES.filter((purpose) => answer === 'yes' || (answer !== 'no' && given.includes(purpose)))
    await saveConsent(site.visit(c), granted)
    if ((c.req.header('accept') ?? '').includes('application/json')) return c.json({ granted }, 200)
    return goTo(c, safeNext(String(form.get('back') ?? ''), '/your-data?said=saved'))
  })
  return pages
}

const WORDS: Record<Purpose, { title: string; text: string }> = {
  analytics: {
    title: 'Improving the shop',
    text: 'What is looked at, searched for and clicked is noted, under a made-up number instead of a name.',
  },
  personalisation: {
    title: 'Picks for you',
    text: 'What was noted decides what the shop shows you first. Needs the one above.',
  },
}

type YourDataProps = {
  frame: Frame
  granted: readonly Purpose[]
  privately: boolean
  hasSession: boolean
  said?: string | undefined
}

function YourDataPage({ frame, granted, privately, hasSession, said }: YourDataProps) {
  return (
    <Layout frame={frame} title="Your data · EshoTry" islands={['seen']} unlisted>
      <div class="wrap py-10 sm:py-16 max-w-3xl!">
        <h1 class="heading text-4xl sm:text-6xl">Your data</h1>
        <p class="mt-6 text-lg text-soft">
          What the shop may learn from your visits, and what only your own device remembers.
        </p>
        <div class="mt-10">
          {said === 'saved' && <News>Saved. It holds from now on.</News>}
          <section aria-labelledby="allowed">
            <h2 id="allowed" class="heading text-2xl sm:text-3xl">
              What you allow
            </h2>
            <p class="mt-2 text-soft">
              Nothing of this happens unless you say so. {hasSession ? 'It holds for your account. ' : ''}
              You can take it back here at any time.
            </p>
            {privately && (
              <p class="mt-4 border-l-4 border-accent bg-accentpale px-5 py-4">
                Your browser asks not to be tracked (Global Privacy Control). The shop keeps to that: as long as it
                asks, nothing of this is done, whatever is ticked.
              </p>
            )}
            <form method="post" action="/consent" class="mt-5">
              <ConsentList purposes={PURPOSES} words={WORDS} granted={granted} />
              <button class="outline mt-5">Save</button>
            </form>
          </section>
          <OnTheDevice />
          <section aria-labelledby="more" class="mt-14">
            <h2 id="more" class="heading text-2xl sm:text-3xl">
              And the rest
            </h2>
            <ul class="mt-3 grid gap-1">
              <li>
                <a href="/quiz" class="quiet">
                  Your answers to the style quiz
                </a>
              </li>
              <li>
                <a href="/privacy-of-photos" class="quiet">
                  What happens to a photo
                </a>
              </li>
              <li>
                <a href="/account/privacy" class="quiet">
                  What your account holds: download or erase it
                </a>
              </li>
            </ul>
          </section>
        </div>
      </div>
    </Layout>
  )
}

/** The island `seen` fills it in: the server does not know what a device remembers. */
function OnTheDevice() {
  return (
    <section aria-labelledby="device" class="mt-14 js-only">
      <h2 id="device" class="heading text-2xl sm:text-3xl">
        What this device remembers
      </h2>
      <p class="mt-2 text-soft">
        The last pieces you looked at are kept in this browser, to find them again and to put what is like them first.
        The shop does not get to see this list.
      </p>
      <p role="status" data-seen-count class="mt-4" />
      <div class="mt-4 flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="button" data-seen-clear class="outline" disabled>
          Forget them
        </button>
        <label class="flex items-center gap-3 min-h-11">
          <input type="checkbox" data-seen-keep class="w-5 h-5" />
          Remember what I look at on this device
        </label>
      </div>
    </section>
  )
}

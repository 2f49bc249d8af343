import type { Asking } from './pure/asking.ts'
import type { AnalyticsNeeds } from './service.ts'
import { deleteSubject, moveSubject } from './store.ts'
import type { createSubjects } from './subjects.ts'

const FORGET_JOB = 'analytics.forget_subject'
/** Longer than an event that was sent before takes to arrive. */
const STRAGGLERS_MS = 10 * 60_000

type Needs = Pick<AnalyticsNeeds, 'sql' | 'jobs' | 'now'> &
  Pick<ReturnType<typeof createSubjects>, 'findAsker' | 'subjectOf'>

/** How a visitor becomes a user. */
export function createClaims({ sql, jobs, now, findAsker, subjectOf }: Needs) {
  return {
    /**
     * What the visitor did counts as done by the user who they turn out to be; gives how many events. Only what both allow
     * is kept and used: without `analytics` on either side it is forgotten. Under the visitor's name nothing stays: what
     * was still on its way is removed by the job, which commits together with it.
     */
    async claimVisitor(userId: string, { visitor, consents }: Omit<Asking, 'actor'>): Promise<number> {
      const from = subjectOf({ visitor })
      const account = await findAsker({ actor: { userId }, consents: [] })
      if (from === undefined || !account) return 0
      const both = (purpose: 'analytics' | 'personalisation') => account[purpose] && consents.includes(purpose)
      const startAfter = new Date(now().getTime() + STRAGGLERS_MS)
      return sql.transaction().execute(async (tx) => {
        const moving = { from, to: account.subject, personal: both('personalisation') }
        const claimed = both('analytics') ? await moveSubject(tx, moving) : 0
        await deleteSubject(tx, from)
        await jobs.enqueue(FORGET_JOB, { subject: from }, { tx, startAfter, key: from })
        return claimed
      })
    },

    /** The job: what came under a name that is not used any more. */
    forgetSubject: ({ subject }: { subject: string }): Promise<void> => deleteSubject(sql, subject),
  }
}

import type { OAuthProvider, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Accounts } from './accounts.ts'
import { createOpenIdClient, type Journey } from './openid-client.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Pending } from './pending.ts'
import type { Grant, Sessions } from './sessions.ts'
import { createTies } from './ties.ts'

type Needs = {
  sql: Sql
  audit: Audit
  accounts: Accounts
  sessions: Sessions
  openSessions: OpenSessions
  pending: Pending
  oauthProviders: readonly OAuthProvider[]
  now: () => Date
}
type Begun = Journey & { provider: string; returnTo: string }
export type OAuthOutcome =
  | { ok: true; grant: Grant; returnTo: string }
  | { ok: false; reason: 'expired' | 'provider' | 'mail_unverified' }

/** A path of ours, never a way out to somebody else's page. */
const ownPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/account'

/** Sign-in at others. Who comes is the account tied to that person there, else the one with the mail that they verified. */
export function createOAuth(needs: Needs) {
  const { sessions, pending, oauthProviders } = needs
  const { findOrTie } = createTies(needs)
  const clients = new Map<string, ReturnType<typeof createOpenIdClient>>()

  function clientOf(id: string) {
    const provider = oauthProviders.find((one) => one.id === id)
    if (!provider) throw new AppError('not_found', `No provider ${id}`)
    const client = clients.get(id) ?? createOpenIdClient(provider)
    clients.set(id, client)
    return client
  }

  return {
    listProviders: () => oauthProviders.map(({ id, name }) => ({ id, name })),

    /** `state` must come back both from the provider and from the browser that left. Throws `unavailable` when the provider is. */
    async beginOAuth(
      id: string,
      { origin, returnTo }: { origin: string; returnTo: string | undefined },
    ): Promise<{ url: string; state: string; crossSite: boolean }> {
      const { url, journey } = await clientOf(id)
        .depart(`${origin}/v1/auth/oauth/${id}/callback`)
        .catch((error: unknown) => {
          if (error instanceof AppError) throw error
          console.error(`sign-in at ${id}:`, error)
          throw new AppError('unavailable', 'This provider does not answer')
        })
      await pending.put(journey.state, 'oauth', {
        ...journey,
        provider: id,
        returnTo: ownPath(returnTo),
      } satisfies Begun)
      const crossSite = oauthProviders.find((one) => one.id === id)?.responseMode === 'form_post'
      return { url, state: journey.state, crossSite }
    },

    async finishOAuth(
      id: string,
      { answer, state, client }: { answer: URLSearchParams; state: string | undefined; client: string },
    ): Promise<OAuthOutcome> {
      const provider = clientOf(id)
      // Another browser than the one that left is being led into somebody's account.
      if (state === undefined || answer.get('state') !== state) return { ok: false, reason: 'expired' }
      const begun = await pending.take<Begun>(state, 'oauth')
      if (begun?.provider !== id) return { ok: false, reason: 'expired' }
      const stranger = await provider.arrive(begun, answer).catch((error: unknown) => {
        console.error(`sign-in at ${id}:`, error instanceof Error ? error.message : error)
        return undefined
      })
      if (!stranger) return { ok: false, reason: 'provider' }
      const account = await findOrTie(id, stranger)
      if (!account) return { ok: false, reason: 'mail_unverified' }
      const grant = await sessions.start({ userId: account.id, role: account.role, client })
      return { ok: true, grant, returnTo: begun.returnTo }
    },
  }
}

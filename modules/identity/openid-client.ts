import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { OAuthProvider } from '../../db/index.ts'

/** What must be kept from the way there until the way back. */
export type Journey = { state: string; verifier: string; nonce: string; redirectUri: string }
/** Who the provider says it is; `email` only when the provider has verified it. */
export type Stranger = { subject: string; email: string | undefined; locale: string | undefined }

const isLocal = ({ hostname }: URL) => hostname === 'localhost' || hostname === '127.0.0.1'

/** OpenID Connect: authorization code flow with PKCE, state and nonce. Throws whatever the provider, or its answer, is at fault with. */
export function createOpenIdClient(provider: OAuthProvider) {
  let found: Promise<Configuration> | undefined

  function configuration(): Promise<Configuration> {
    const issuer = new URL(provider.issuer)
    // Plain http only on this machine, where tests and developers have their providers.
    const options = isLocal(issuer) ? { execute: [allowInsecureRequests] } : {}
    found ??= discovery(issuer, provider.clientId, provider.clientSecret, undefined, options)
    found.catch(() => {
      found = undefined
    })
    return found
  }

  return {
    /** Where to send the browser, and what to keep until it comes back. */
    async depart(redirectUri: string): Promise<{ url: string; journey: Journey }> {
      const journey = { state: randomState(), verifier: randomPKCECodeVerifier(), nonce: randomNonce(), redirectUri }
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: provider.scope,
        state: journey.state,
        nonce: journey.nonce,
        code_challenge: await calculatePKCECodeChallenge(journey.verifier),
        code_challenge_method: 'S256',
        ...(provider.responseMode === 'form_post' && { response_mode: 'form_post' }),
      })
      return { url: url.href, journey }
    },

    /** `answer` is what the provider gave the browser to bring back. */
    async arrive({ state, verifier, nonce, redirectUri }: Journey, answer: URLSearchParams): Promise<Stranger> {
      const config = await configuration()
      const back = new URL(redirectUri)
      back.search = answer.toString()
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
      const tokens = await authorizationCodeGrant(config, back, checks)
      const claims = tokens.claims()
      if (!claims) throw new Error('The provider gave no ID token')
      const asks = claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
      const said = asks ? await fetchUserInfo(config, tokens.access_token, claims.sub) : claims
      const { email, email_verified: isVerified, locale } = said as Record<string, unknown>
      return {
        subject: claims.sub,
        // Apple says it in a string.
        email: typeof email === 'string' && String(isVerified) === 'true' ? email : undefined,
        locale: typeof locale === 'string' ? locale : undefined,
      }
    },
  }
}

/** What a shopper may allow a browser to be used for; the API's names. */
export const PURPOSES = ['analytics', 'personalisation'] as const
export type Purpose = (typeof PURPOSES)[number]

/** What was answered, as a list of what is allowed; scripts read it to know whether they may say anything at all. */
export const CONSENT_COOKIE = 'consent'
/** The cookie's value when everything was refused, for one without a value is none. */
export const REFUSED = 'none'

/** What the cookie allows; undefined when it was never asked. */
export function readConsent(value: string | undefined): Purpose[] | undefined {
  if (!value) return undefined
  const said = decodeURIComponent(value).split(',')
  return PURPOSES.filter((purpose) => said.includes(purpose))
}

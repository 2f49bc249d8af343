/** Where a browser keeps a sign-in: both are HttpOnly, so that no script of a page ever sees them. */
export const ACCESS_COOKIE = 'access'
export const REFRESH_COOKIE = 'refresh'

/** The part of a grant that a browser keeps. */
export type KeptGrant = { accessToken: string; accessExpiresAt: Date; refreshToken: string; refreshExpiresAt: Date }

const cookie = (name: string, value: string, expires: Date, secure: boolean) =>
  `${name}=${value}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** Values of two `Set-Cookie` headers; `secure` where the shop is reached by https. */
export const sessionCookies = (grant: KeptGrant, secure: boolean): string[] => [
  cookie(ACCESS_COOKIE, grant.accessToken, grant.accessExpiresAt, secure),
  cookie(REFRESH_COOKIE, grant.refreshToken, grant.refreshExpiresAt, secure),
]

/** Values of the two `Set-Cookie` headers that make a browser forget. */
export const clearedCookies = (secure: boolean): string[] =>
  [ACCESS_COOKIE, REFRESH_COOKIE].map((name) => cookie(name, '', new Date(0), secure))

/** One cookie of a `Cookie` header. */
export function readCookie(header: string | null | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

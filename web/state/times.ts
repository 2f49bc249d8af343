const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })

/** Times are told in UTC, as the server knows no other of the reader. */
export const momentText = (at: string): string => `${moment.format(new Date(at))} UTC`
export const clockText = (at: string): string => `${clock.format(new Date(at))} UTC`

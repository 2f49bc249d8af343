import { readSeen } from '../state/seen.ts'

/** What this device adds to a page from its own memory. One that remembers nothing loads nothing more. */
const place = document.querySelector<HTMLElement>('[data-device-rows]')
const seen = readSeen().filter(({ id }) => id !== place?.dataset['without'])

const sort = document.querySelector<HTMLSelectElement>('select#sort')

if (sort && seen.length > 0) void import('../recommend/order.ts').then(({ offerOrder }) => offerOrder(sort, seen))
if (place && seen.length > 0) void import('../recommend/rows.tsx').then(({ fillRows }) => fillRows(place, seen))

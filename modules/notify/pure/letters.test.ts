import { expect, test } from 'bun:test'
import { escapeHtml, oneLine, renderLetter } from './letter.ts'
import { ACCOUNT_LETTERS, ORDER_LETTERS, type OrderFacts } from './letters.ts'

const EUR = (amount: number) => ({ amount, currency: 'EUR' })
const EVIL = `<img src=x onerror="alert('1')">\r\nBcc: x@y.z&amp;`

const order: OrderFacts = {
  number: 'E-1042',
  link: 'https://shop.example/orders/1?token=a&b=c',
  lines: [{ name: EVIL, detail: EVIL, quantity: 2, total: EUR(9800) }],
  totals: {
    items: EUR(9800),
    discount: EUR(980),
    shipping: EUR(0),
    tax: EUR(1408),
    taxIncluded: true,
    total: EUR(8820),
  },
  address: [EVIL, 'Lange Straße 1'],
  tracking: { carrier: EVIL, code: EVIL, url: `https://parcel.example/"onmouseover="x` },
  refund: EUR(500),
}

const letters = [
  ...Object.values(ORDER_LETTERS).map((write) => write({ ...order, number: EVIL })),
  ...Object.values(ACCOUNT_LETTERS).map((write) => write({ link: `https://x.example/?t="><b>`, hours: 24 })),
]

test.each(letters)('$title: nothing that people typed is markup or a header', (letter) => {
  const { subject, html, text } = renderLetter(letter, 'https://shop.example')
  expect(subject).not.toMatch(/[\r\n]/)
  expect(html).not.toMatch(/<img|<b>|"onmouseover|onerror="/)
  // What is left of the tags are ours: each opens as often as it closes.
  for (const tag of ['table', 'tr', 'td', 'a', 'div', 'h1'])
    expect([tag, html.split(`<${tag}`).length]).toEqual([tag, html.split(`</${tag}>`).length])
  expect(text).not.toMatch(/^Bcc:/m)
})

test('an order reads the same as HTML and as text, with every sum of it', () => {
  const { html, text } = renderLetter(ORDER_LETTERS.order_placed(order), 'https://shop.example')
  for (const sum of ['€98.00', '−€9.80', 'Free', '€14.08', '€88.20', 'Lange Straße 1'])
    expect([sum, html.includes(sum), text.includes(sum)]).toEqual([sum, true, true])
  expect(text).toContain('https://shop.example/orders/1?token=a&b=c')
  expect(html).toContain('href="https://shop.example/orders/1?token=a&amp;b=c"')
})

test('a refund says how much, a parcel who brings it', () => {
  const refund = renderLetter(ORDER_LETTERS.order_refunded(order), 'https://shop.example')
  expect(refund.text).toContain('€5.00')
  const shipped = renderLetter(ORDER_LETTERS.order_shipped({ ...order, tracking: undefined }), 'https://shop.example')
  expect(shipped.text).not.toContain('parcel')
  const tracking = { carrier: 'Post', code: '1', url: 'javascript:alert(1)' }
  const odd = renderLetter(ORDER_LETTERS.order_shipped({ ...order, tracking }), 'https://shop.example')
  expect(odd.html).not.toContain('javascript:')
})

const said = (hours: number) =>
  renderLetter(ACCOUNT_LETTERS.verify_email({ link: 'https://x', hours }), 'https://x').text

test('letters say how long a link holds', () => {
  expect([0.5, 1, 23.98, 48].map((hours) => /holds for (.*)\./.exec(said(hours))?.[1])).toEqual([
    '30 minutes',
    'an hour',
    '24 hours',
    '2 days',
  ])
})

test('no letter loads anything from elsewhere', () => {
  for (const letter of letters)
    expect(renderLetter(letter, 'https://shop.example').html).not.toMatch(/<(?:img|link|script|iframe)|url\(|@import/)
})

test('escaping keeps every sign but the five that mean something', () => {
  expect(escapeHtml(`a<b>&"'ä€`)).toBe('a&lt;b&gt;&amp;&quot;&#39;ä€')
  expect(oneLine('a\r\n\tb\u2028c\u0000d')).toBe('a b c d')
})

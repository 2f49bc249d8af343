import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { SMTPServerOptions } from 'smtp-server'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product, retailer } from '../../edge/testing-shop.ts'
import { createModules } from '../index.ts'
import { publish } from '../kernel/events.ts'
import { formatMoney } from '../kernel/pure/money.ts'
import type { Letter } from './pure/letter.ts'
import { createMailbox } from './mailbox.ts'
import { createMails } from './mails.ts'
import { composeEml, sendgridUrl } from './nodemailer.ts'
import { smtpError, startSmtp } from './testing-smtp.ts'

const infra = await openTestInfra()
const { vault } = createModules(infra)
let stop: (() => Promise<void>)[] = []
const started = async (...options: Parameters<typeof startSmtp>) => {
  const server = await startSmtp(...options)
  stop.push(server.stop)
  return server
}
beforeEach(emptyTestInfra)
afterEach(async () => {
  for (const one of stop) await one()
  stop = []
})

const shopUrl = 'https://shop.example'
const mailsVia = (smtpUrl: string | undefined, change: Partial<typeof infra> = {}) =>
  createMails({
    ...infra,
    ...change,
    vault,
    mail: { from: 'EshoTry <shop@shop.example>', shopUrl, smtpUrl, sendgridKey: undefined },
  })
const mailbox = createMailbox({ ...infra, vault })

const letter: Letter = {
  subject: 'Grüße\r\nBcc: evil@example.org',
  title: 'Guten Tag <script>',
  preview: 'x',
  blocks: [
    { kind: 'text', text: 'Ärmel & "Saum"\n.\nFrom here' },
    { kind: 'button', label: 'Ansehen', url: 'https://shop.example/a?b=1&c=2' },
  ],
}
const mail = (key = 'order_placed:1', to = 'zoe@example.com') => ({
  key,
  template: 'order_placed',
  subjectId: infra.newId(),
  to,
  letter,
})
const rows = () => infra.sql.selectFrom('notify.email').selectAll().orderBy('id').execute()
const insecure = 'tls.rejectUnauthorized=false'

const onAuth: SMTPServerOptions['onAuth'] = ({ password }, _session, done) =>
  password === 'right' ? done(null, { user: 'shop' }) : done(new Error('no'))

describe('mail through a server', () => {
  test('arrives as HTML and text, to one reader, said to come from a program', async () => {
    const server = await started({ disabledCommands: ['STARTTLS'] })
    await mailsVia(`smtp://127.0.0.1:${server.port}`).send(mail())
    const [{ from, to, source } = { from: '', to: [], source: '' }] = server.received
    expect([from, to]).toEqual(['shop@shop.example', ['zoe@example.com']])
    expect(source).toContain('multipart/alternative')
    expect(source).toContain('Auto-Submitted: auto-generated')
    expect(source).toMatch(/Message-ID: <[0-9a-f-]{36}@shop\.example>/)
    expect(source).not.toMatch(/^Bcc:/im)
    const html = source.slice(source.indexOf('text/html'))
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;')
    expect(await rows()).toMatchObject([{ status: 'sent', attempts: 1, error: null, stored: false }])
  })

  test('is sent once for its key, also when many ask at the same time', async () => {
    const server = await started({ disabledCommands: ['STARTTLS'] })
    const mails = mailsVia(`smtp://127.0.0.1:${server.port}`)
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => mails.send(mail())))
    expect(asked.some(({ status }) => status === 'fulfilled')).toBe(true)
    await mails.send(mail())
    await mails.send(mail('order_placed:2'))
    expect(server.received).toHaveLength(2)
  })

  test('uses STARTTLS where the server offers it, and gives a password to no server that does not', async () => {
    const server = await started({ onAuth })
    await mailsVia(`smtp://shop:right@127.0.0.1:${server.port}?${insecure}`).send(mail())
    expect(server.received).toMatchObject([{ secure: true, user: 'shop' }])
    const open = await started({ onAuth, disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    await expect(mailsVia(`smtp://shop:right@127.0.0.1:${open.port}`).send(mail('b:1'))).rejects.toThrow('ETLS')
    expect(open.received).toEqual([])
  })

  test('of a server whose certificate nobody vouches for is not sent', async () => {
    const server = await started()
    await expect(mailsVia(`smtp://127.0.0.1:${server.port}`).send(mail())).rejects.toThrow()
    expect(server.received).toEqual([])
  })

  test('that may not sign in waits to be tried again, as does one that nobody takes', async () => {
    const server = await started({ onAuth: (_auth, _session, done) => done(smtpError(535, 'zoe@example.com? no')) })
    const mails = mailsVia(`smtp://shop:wrong@127.0.0.1:${server.port}?${insecure}`)
    await expect(mails.send(mail())).rejects.toThrow('EAUTH 535')
    expect(await rows()).toMatchObject([{ status: 'waiting', error: 'EAUTH 535' }])
    const nobody = mailsVia('smtp://127.0.0.1:1')
    await expect(nobody.send(mail('b:1'))).rejects.toThrow('ESOCKET')
  })

  test('that is refused for now is sent by the next try', async () => {
    let busy = true
    const server = await started({
      disabledCommands: ['STARTTLS'],
      refuse: () => (busy ? smtpError(451, '4.3.0 Mailbox of zoe@example.com is busy') : undefined),
    })
    const mails = mailsVia(`smtp://127.0.0.1:${server.port}`)
    const failed = await mails.send(mail()).catch((error: Error) => error.message)
    expect(failed).toContain('EENVELOPE 451 4.3.0')
    expect(failed).not.toContain('zoe')
    expect(await rows()).toMatchObject([{ status: 'waiting', attempts: 1, error: 'EENVELOPE 451 4.3.0' }])
    busy = false
    await mails.send(mail())
    expect(await rows()).toMatchObject([{ status: 'sent', attempts: 2, error: null }])
    expect(server.received).toHaveLength(1)
  })

  test('that is refused for good is dead and not tried again', async () => {
    const server = await started({
      disabledCommands: ['STARTTLS'],
      refuse: () => smtpError(550, '5.1.1 <zoe@example.com> unknown'),
    })
    const mails = mailsVia(`smtp://127.0.0.1:${server.port}`)
    await mails.send(mail())
    await mails.send(mail())
    expect(await rows()).toMatchObject([{ status: 'dead', attempts: 1, error: 'EENVELOPE 550 5.1.1' }])
  })

  test('that a process took and died over is sent by another once its claim has run out', async () => {
    const server = await started({ disabledCommands: ['STARTTLS'] })
    const url = `smtp://127.0.0.1:${server.port}`
    const dying = mailsVia(undefined, { blobs: { ...infra.blobs, put: () => Promise.reject(new Error('killed')) } })
    await expect(dying.send(mail())).rejects.toThrow('killed')
    await expect(mailsVia(url).send(mail())).rejects.toThrow('Somebody else')
    const later = new Date(Date.now() + 121_000)
    await mailsVia(url, { now: () => later }).send(mail())
    expect(server.received).toHaveLength(1)
  })
})

test('SendGrid is a server whose user is called apikey', () => {
  expect(sendgridUrl('SG.a/b+c')).toBe('smtps://apikey:SG.a%2Fb+c@smtp.sendgrid.net:465')
})

test('a list of addresses is one strange address, not several readers', async () => {
  const parts = { subject: 's', html: '<p>h</p>', text: 't', id: infra.newId(), from: 'shop@shop.example' }
  const bytes = await composeEml({ ...parts, to: 'a@example.com, b@example.com', date: new Date() })
  expect(new TextDecoder().decode(bytes)).toMatch(/^To: <"a@example.com, b"@example.com>\r$/m)
})

describe('without a server', () => {
  test('a mail stays as .eml and is shown whole', async () => {
    await mailsVia(undefined).send(mail())
    const { items } = await mailbox.listEmails({ limit: 10 })
    expect(items).toMatchObject([{ to: 'zoe@example.com', subject: 'Grüße Bcc: evil@example.org', status: 'sent' }])
    const whole = await mailbox.getEmail(items[0]!.id)
    expect(whole.text).toContain('Ärmel & "Saum" . From here')
    expect(whole.html).toContain('Ärmel &amp; &quot;Saum&quot;')
    expect(whole.html).toContain('href="https://shop.example/a?b=1&amp;c=2"')
    expect(await infra.blobs.get(`mail/${items[0]!.id}.eml`)).toMatchObject({ contentType: 'message/rfc822' })
  })

  test('who got it and what about is unreadable in the tables', async () => {
    await mailsVia(undefined).send(mail())
    const dump = JSON.stringify(await rows())
    // Long enough not to stand in what is sealed by chance.
    expect(dump).not.toContain('zoe@')
    expect(dump).not.toContain('Grüße')
  })

  test('what was mailed about a person goes with them, and again does no harm', async () => {
    const [mine, other] = [mail('a:1'), mail('b:1')]
    for (const one of [mine, other]) await mailsVia(undefined).send(one)
    const [{ id } = { id: '' }] = await rows()
    expect(await mailbox.exportMails([mine.subjectId])).toMatchObject([{ to: 'zoe@example.com' }])
    for (let again = 0; again < 2; again++) await mailbox.eraseMails([mine.subjectId])
    expect((await rows()).map(({ key }) => key)).toEqual(['b:1'])
    expect(await infra.blobs.get(`mail/${id}.eml`)).toBeUndefined()
  })

  test('mail is forgotten after 90 days', async () => {
    await mailsVia(undefined).send(mail('a:1'))
    expect(await mailbox.pruneMails()).toBe(0)
    const later = createMailbox({ ...infra, vault, now: () => new Date(Date.now() + 91 * 86_400_000) })
    expect(await later.pruneMails()).toBe(1)
    expect(await rows()).toEqual([])
  })
})

const tokenIn = (text: string | null) => decodeURIComponent(/token=(\S+)/.exec(text ?? '')?.[1] ?? '')

describe('what accounts are told', () => {
  const modules = createModules({ ...infra, mail: { ...infra.mail, shopUrl } })
  const { identity, notify } = modules
  const latest = async () => {
    const { items } = await notify.listEmails({ limit: 1 })
    return notify.getEmail(items[0]!.id)
  }

  test('a new account proves its address, and a lost password is replaced, by the links that were mailed', async () => {
    await identity.register({ email: 'zoe@example.com', password: 'a long enough one' })
    await drainJobs(modules)
    const proof = await latest()
    expect(proof).toMatchObject({ template: 'verify_email', to: 'zoe@example.com' })
    expect(proof.text).toContain(`${shopUrl}/verify-email?token=`)
    expect(await identity.verifyEmail(tokenIn(proof.text))).toBe(true)
    await identity.forgotPassword('zoe@example.com')
    await drainJobs(modules)
    const reset = await latest()
    expect(reset.template).toBe('reset_password')
    expect(await identity.resetPassword(tokenIn(reset.text), 'another long one')).toBe(true)
  })

  test('an address that is taken is told so, and one that is left too', async () => {
    const { id } = await identity.createUser(
      { email: 'zoe@example.com', password: 'a long enough one' },
      { system: 'test' },
    )
    await identity.register({ email: 'zoe@example.com', password: 'of somebody else' })
    await drainJobs(modules)
    expect(await latest()).toMatchObject({ template: 'already_registered', to: 'zoe@example.com' })
    await identity.changeEmail(id, 'new@example.com', 'a long enough one')
    await drainJobs(modules)
    const proof = await latest()
    expect(proof).toMatchObject({ template: 'verify_email', to: 'new@example.com' })
    await identity.verifyEmail(tokenIn(proof.text))
    await drainJobs(modules)
    expect(await latest()).toMatchObject({ template: 'email_changed', to: 'zoe@example.com' })
    expect((await identity.getUser(id)).email).toBe('new@example.com')
  })

  test('no token and no address lies in outbox, jobs or tables', async () => {
    await identity.register({ email: 'zoe@example.com', password: 'a long enough one' })
    const before = JSON.stringify(await infra.sql.selectFrom('kernel.outbox').selectAll().execute())
    expect(before).toContain('verification_requested')
    expect(before).not.toContain('zoe')
    expect(before).not.toContain('token')
  })
})

describe('what buyers are told', () => {
  const shop = openTestShop(infra)
  const { modules } = shop
  const mailed = async () => {
    const { items } = await modules.notify.listEmails({ limit: 50 })
    return items.map(({ template }) => template).toReversed()
  }
  const staff = retailer()

  test('is each step of their order, once, to the address of the order', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 2 })
    await shop.drain()
    await shop.pay(placed)
    const { id } = placed.order
    await modules.orders.pack(id, staff)
    await modules.orders.ship(id, staff, { carrier: 'Post', code: 'P-1' })
    await shop.drain()
    expect(await mailed()).toEqual(['order_placed', 'order_paid', 'order_shipped'])
    for (const event of ['orders.placed', 'orders.paid', 'orders.shipped'] as const)
      await infra.sql.transaction().execute((tx) => publish(event, { orderId: id }, tx))
    await shop.drain()
    const { items } = await modules.notify.listEmails({ limit: 50 })
    expect(items.map(({ to, attempts }) => [to, attempts])).toEqual(
      Array.from({ length: 3 }, () => ['ada@example.com', 1]),
    )
    const { text } = await modules.notify.getEmail(items[0]!.id)
    expect(text).toContain('Post, parcel P-1')
    expect(text).toContain('Rosenweg 7')
    expect(text).toContain(`/orders/${id}?token=${encodeURIComponent(modules.orders.orderLinkToken(id))}`)
  })

  test('is that their order was cancelled, and that their money comes back', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 1 })
    const { totals } = await shop.pay(placed)
    await modules.orders.cancel(placed.order.id, staff)
    await shop.drain()
    expect((await mailed()).toSorted()).toEqual(['order_cancelled', 'order_paid', 'order_placed', 'order_refunded'])
    const { items } = await modules.notify.listEmails({ limit: 50 })
    const refund = items.find(({ template }) => template === 'order_refunded')
    expect((await modules.notify.getEmail(refund!.id)).text).toContain(formatMoney(totals.total, 'en'))
  })
})

/** A letter said once, from which both its HTML and its plain text are written. All strings are plain text. */
export type Letter = { subject: string; title: string; preview: string; blocks: Block[] }

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'button'; label: string; url: string }
  | { kind: 'items'; items: { name: string; detail: string; price: string }[] }
  | { kind: 'sums'; sums: { label: string; amount: string; strong?: boolean }[] }
  | { kind: 'address'; label: string; lines: string[] }
  | { kind: 'small'; text: string }

export type Rendered = { subject: string; html: string; text: string }

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For element content and quoted attributes alike. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)

/** One line without control characters: a line break in a name must not become a header or a line of its own. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const INK = '#1d1b19'
const SOFT = '#5c5650'
const LINE = '#ddd7cf'
const ACCENT = '#20493f'
const SANS = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const SERIF = "'Iowan Old Style',Palatino,'Book Antiqua',Georgia,serif"

const cell = (style: string, inside: string) => `<td style="${style}">${inside}</td>`
const table = (rows: string) =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">${rows}</table>`
const text = (inside: string, style = '') => `<p style="margin:0 0 16px;${style}">${inside}</p>`

function htmlOf(block: Block): string {
  const e = escapeHtml
  if (block.kind === 'text') return text(e(block.text))
  if (block.kind === 'small') return text(e(block.text), `color:${SOFT};font-size:14px;line-height:21px`)
  if (block.kind === 'address')
    return text(`<span style="color:${SOFT}">${e(block.label)}</span><br>${block.lines.map(e).join('<br>')}`)
  if (block.kind === 'button') {
    const link = `display:inline-block;padding:14px 28px;background:${INK};color:#ffffff;text-decoration:none`
    return `<p style="margin:24px 0"><a href="${e(block.url)}" style="${link}">${e(block.label)}</a></p>`
  }
  const top = `border-top:1px solid ${LINE};padding:12px 0;vertical-align:top`
  if (block.kind === 'items') {
    const rows = block.items.map(({ name, detail, price }) => {
      const what = `${e(name)}<br><span style="color:${SOFT};font-size:14px">${e(detail)}</span>`
      return `<tr>${cell(top, what)}${cell(`${top};text-align:right;white-space:nowrap`, e(price))}</tr>`
    })
    return `<div style="margin-bottom:16px">${table(rows.join(''))}</div>`
  }
  const rows = block.sums.map(({ label, amount, strong }) => {
    const style = strong ? `border-top:1px solid ${LINE};padding:12px 0;font-weight:600` : 'padding:4px 0'
    return `<tr>${cell(style, e(label))}${cell(`${style};text-align:right;white-space:nowrap`, e(amount))}</tr>`
  })
  return `<div style="border-top:1px solid ${LINE};padding-top:8px;margin-bottom:24px">${table(rows.join(''))}</div>`
}

function textOf(block: Block): string {
  if (block.kind === 'text' || block.kind === 'small') return oneLine(block.text)
  if (block.kind === 'button') return `${oneLine(block.label)}:\n${block.url}`
  if (block.kind === 'address') return [block.label, ...block.lines].map(oneLine).join('\n')
  if (block.kind === 'items')
    return block.items.map(({ name, detail, price }) => `- ${oneLine(name)} (${oneLine(detail)}): ${price}`).join('\n')
  return block.sums.map(({ label, amount }) => `${oneLine(label)}: ${amount}`).join('\n')
}

/** Laid out for mail programs: tables, styles at the element, no picture from outside, readable on 320 px and in the dark. */
export function renderLetter(letter: Letter, shopUrl: string): Rendered {
  const e = escapeHtml
  const subject = oneLine(letter.subject)
  const brand = `<a href="${e(shopUrl)}" style="font-family:${SERIF};font-size:26px;color:${INK};text-decoration:none">Esho<i style="color:${ACCENT}">Try</i></a>`
  const heading = `<h1 style="margin:0 0 20px;font:400 28px/34px ${SERIF};color:${INK}">${e(letter.title)}</h1>`
  const foot = `<p style="margin:24px 0 0;font-size:13px;line-height:20px;color:${SOFT}">You get this mail because of something you did at <a href="${e(shopUrl)}" style="color:${SOFT}">${e(shopUrl.replace(/^https?:\/\//, ''))}</a>. It is no advertisement.</p>`
  const hidden = `<div style="display:none;max-height:0;overflow:hidden">${e(letter.preview)}</div>`
  const card = `<div style="background:#ffffff;border:1px solid ${LINE};padding:32px 28px">${heading}${letter.blocks.map(htmlOf).join('')}</div>`
  const page = `<div style="max-width:600px;margin:0 auto;padding:28px 16px;font:400 16px/25px ${SANS};color:${INK}"><div style="padding:0 0 20px">${brand}</div>${card}${foot}</div>`
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>${e(subject)}</title></head><body style="margin:0;padding:0;background:#f3f2f0">${hidden}${page}</body></html>\n`
  const plain = [oneLine(letter.title), ...letter.blocks.map(textOf), `EshoTry\n${shopUrl}`].join('\n\n')
  return { subject, html, text: `${plain}\n` }
}

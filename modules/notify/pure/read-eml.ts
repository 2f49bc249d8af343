/** The text of quoted-printable (RFC 2045, 6.7) as bytes of UTF-8. */
function decodeQuoted(text: string): string {
  const joined = text.replace(/=\r?\n/g, '')
  return joined.replace(/(?:=[0-9A-F]{2})+/g, (run) => decodeURIComponent(run.replaceAll('=', '%')))
}

/** Both bodies of a letter as we write them: multipart/alternative with quoted-printable parts. */
export function readEml(source: string): { text: string; html: string } {
  const boundary = /boundary="([^"]+)"/.exec(source)?.[1]
  const parts = boundary === undefined ? [] : source.split(`--${boundary}`)
  const bodyOf = (type: string): string => {
    const part = parts.find((one) => new RegExp(`^\\r?\\nContent-Type: ${type}`).test(one)) ?? ''
    const start = part.search(/\r?\n\r?\n/)
    return start < 0
      ? ''
      : decodeQuoted(
          part
            .slice(start)
            .replace(/^\r?\n\r?\n/, '')
            .replace(/\r?\n$/, ''),
        )
  }
  return { text: bodyOf('text/plain'), html: bodyOf('text/html') }
}

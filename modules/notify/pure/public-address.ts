/** First address and prefix length of IPv4 networks that are not the public internet (IANA special-purpose registry). */
const NOT_PUBLIC_V4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** As above, within 2000::/3, which alone is given out; the first holds Teredo and other tunnels, 2002::/16 is 6to4. */
const NOT_PUBLIC_V6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

/** The four bytes of dotted decimal without leading zeros; undefined for anything else. */
function readV4(text: string): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined
  const bytes = parts.map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

/** The sixteen bytes of RFC 4291 text, with an embedded IPv4 tail or without; undefined for anything else. */
function readV6(text: string): number[] | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const v4 = tail ? readV4(tail[2]!) : []
  if (!v4) return undefined
  const words = v4.length === 4 ? [v4[0]! * 256 + v4[1]!, v4[2]! * 256 + v4[3]!].map((word) => word.toString(16)) : []
  const whole = (tail?.[1] ?? text) + words.join(':')
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const zeros = 8 - head.length - rest.length
  if (halves.length === 2 ? zeros < 1 : zeros !== 0) return undefined
  const all = [...head, ...Array.from({ length: zeros }, () => '0'), ...rest]
  if (!all.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined
  return all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255])
}

function within(bytes: number[], network: number[], prefix: number): boolean {
  for (let bit = 0; bit < prefix; bit += 8) {
    const mask = prefix - bit >= 8 ? 255 : (255 << (8 - (prefix - bit))) & 255
    if ((bytes[bit / 8]! & mask) !== (network[bit / 8]! & mask)) return false
  }
  return true
}

/**
 * True for an address that only the public internet has. Private, loopback, link-local (with clouds' metadata), shared,
 * documentation, multicast and reserved networks are none, nor is IPv6 that carries an IPv4 address inside; nor is text
 * that is no address.
 */
export function isPublicAddress(text: string): boolean {
  const v4 = readV4(text)
  if (v4) return !NOT_PUBLIC_V4.some(([network, prefix]) => within(v4, readV4(network)!, prefix))
  const v6 = readV6(text)
  if (!v6 || !within(v6, readV6('2000::')!, 3)) return false
  return !NOT_PUBLIC_V6.some(([network, prefix]) => within(v6, readV6(network)!, prefix))
}

/** True when a URL's host is an address rather than a name; IPv6 without its brackets. */
export const isAddress = (host: string): boolean => readV4(host) !== undefined || readV6(host) !== undefined

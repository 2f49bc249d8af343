import { expect, test } from 'bun:test'
import { isAddress, isPublicAddress } from './public-address.ts'

const listed = (...lines: string[]) => lines.flatMap((line) => line.split(' '))

test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '223.255.255.255'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each(
  listed(
    '0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9 169.254.169.254',
    '169.254.170.2 172.16.0.1 172.31.255.255 192.168.0.1 192.0.0.192 198.18.0.1 198.19.255.255 192.0.2.1',
    '198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255',
  ),
)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

test.each(['2606:4700:4700::1111', '2a00:1450:4001:830::200e', '2001:4860:4860::8888', '2400::'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each(
  listed(
    ':: ::1 0:0:0:0:0:0:0:1 fe80::1 febf::1 fc00::1 fd00:ec2::254 fdff::1 ff02::1 fec0::1 ::ffff:127.0.0.1',
    '::ffff:10.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1',
    '2002:7f00:1:: 2001::1 2001:0:53aa:64c::1 2001:db8::1 3fff::1 100::1',
  ),
)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

test.each([
  '',
  ...listed(
    'example.com 1.2.3 1.2.3.4.5 256.1.1.1 01.2.3.4 0x7f.0.0.1 2130706433 127.1 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9',
    '2606::1::2 2606:4700:::1 fe80::1%eth0 2606::12345 2606::1.2.3 [::1]',
  ),
])('%p is no address, and so not public either', (text) => {
  expect([isAddress(text), isPublicAddress(text)]).toEqual([false, false])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { normalizeDnsName } from '../src/index.ts'

const label = (length: number) => 'a'.repeat(length)
const longest = `${label(63)}.${label(63)}.${label(63)}.${label(61)}`

describe('normalizeDnsName', () => {
  test.each([
    ['a host', 'mail.example', 'mail.example', 'rfc1035 2.3.1'],
    ['a top-level domain', 'example', 'example', 'rfc1035 2.3.1'],
    ['a final dot', 'mail.example.', 'mail.example', 'rfc1035 5.1'],
    ['upper case', 'MAIL.Example', 'mail.example', 'rfc1035 2.3.3'],
    ['underscored labels', '_25._tcp.mx.example', '_25._tcp.mx.example', 'rfc8552 1.1'],
    ['a key', 'sel_1._domainkey.example', 'sel_1._domainkey.example', 'rfc6376 3.6.2.1'],
    ['digits', '1.2.0.192.in-addr.arpa', '1.2.0.192.in-addr.arpa', 'rfc1035 3.5'],
    ['an A-label', 'xn--bcher-kva.example', 'xn--bcher-kva.example', 'rfc5890 2.3.2.1'],
    ['a label of 63 octets', `${label(63)}.example`, `${label(63)}.example`, 'rfc1035 2.3.4'],
    ['253 octets', longest, longest, 'rfc1035 2.3.4'],
    ['253 octets and a final dot', `${longest}.`, longest, 'rfc1035 2.3.4'],
  ])('takes %s [$3]', (_, name, expected) => {
    expect(normalizeDnsName(name)).toBe(expected)
  })

  test.each([
    ['nothing', '', 'rfc1035 3.1'],
    ['the root', '.', 'rfc1035 3.1'],
    ['an empty label', 'a..example', 'rfc1035 3.1'],
    ['an empty first label', '.example', 'rfc1035 3.1'],
    ['two final dots', 'example..', 'rfc1035 3.1'],
    ['a label of 64 octets', `${label(64)}.example`, 'rfc1035 2.3.4'],
    ['254 octets', `${longest}a`, 'rfc1035 2.3.4'],
    ['NUL, at which resolvers cut', 'a.attacker.example\0._domainkey.victim.example', 'security'],
    ['a line end', 'mail.example\r\n', 'security'],
    ['a space', 'mail .example', 'security'],
    ['a backslash, which escapes in zone files', 'mail\\046.example', 'rfc1035 5.1'],
    ['a wildcard', '*.example', 'rfc4592 2.1.1'],
    ['a U-label', 'bücher.example', 'rfc5890 2.3.2.1'],
    ['a full-width dot', 'mail．example', 'security'],
    ['a Kelvin sign, whose lower case is k', '\u212a.example', 'security'],
    ['a colon', 'mail.example:53', 'security'],
  ])('refuses %s [$2]', async (_, name) => {
    expect(await rejectionOf(() => normalizeDnsName(name))).toBe('DNS_BAD_NAME')
  })

  test('the error shows the name cut short, its controls escaped', () => {
    expect(() => normalizeDnsName(`a\0${label(100)}`)).toThrow(/^Cannot ask for name "a\\x00a{58}…"$/)
  })

  test('any text is refused, or its form is one that stays as it is', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Z_a-z0-9.-]{0,80}$/))
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        if ((await rejectionOf(() => normalizeDnsName(name))) === 'DNS_BAD_NAME') return
        const normal = normalizeDnsName(name)
        expect(normal).toMatch(/^[a-z0-9_.-]{1,253}$/)
        expect(normalizeDnsName(normal)).toBe(normal)
      }),
    )
  })
})

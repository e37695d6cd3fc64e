import { describe, expect, test } from 'vitest'
import { isHost } from '../src/grammar.ts'

describe('isHost', () => {
  test.each([
    { name: 'a domain', text: 'mx.example' },
    { name: 'IPv4', text: '[192.0.2.1]' },
    { name: 'the highest IPv4', text: '[255.255.255.255]' },
    { name: 'the lowest IPv4', text: '[0.0.0.0]' },
    { name: 'IPv6 in full', text: '[IPv6:2001:db8:0:0:0:0:0:1]' },
    { name: 'a tag in lower case', text: '[ipv6:2001:DB8:0:0:0:0:0:1]' },
    { name: 'IPv6 with zeros left out', text: '[IPv6:2001:db8::1]' },
    { name: 'the loopback address', text: '[IPv6:::1]' },
    { name: 'the unspecified address', text: '[IPv6:::]' },
    { name: 'zeros left out at the end', text: '[IPv6:2001:db8::]' },
    { name: 'six groups beside "::"', text: '[IPv6:1:2:3:4:5::6]' },
    { name: 'IPv6 that ends as IPv4', text: '[IPv6:1:2:3:4:5:6:192.0.2.1]' },
    { name: 'IPv6 with zeros left out that ends as IPv4', text: '[IPv6:::ffff:192.0.2.1]' },
    { name: 'IPv4 behind "::"', text: '[IPv6:::192.0.2.1]' },
    { name: 'four groups beside "::" and IPv4', text: '[IPv6:1:2:3:4::192.0.2.1]' },
  ])('isHost: takes $name [rfc5321 4.1.3]', ({ text }) => {
    expect(isHost(text)).toBe(true)
  })

  test.each([
    { name: 'nothing', text: '' },
    { name: 'brackets alone', text: '[]' },
    { name: 'an open bracket', text: '[192.0.2.1' },
    { name: 'a closing bracket alone', text: '192.0.2.1]' },
    { name: 'IPv4 over 255', text: '[192.0.2.256]' },
    { name: 'three numbers', text: '[192.0.2]' },
    { name: 'five numbers', text: '[192.0.2.1.1]' },
    { name: 'a leading zero', text: '[192.0.2.01]' },
    { name: 'a blank', text: '[192.0.2.1 ]' },
    { name: 'IPv6 without its tag', text: '[2001:db8::1]' },
    { name: 'seven groups', text: '[IPv6:1:2:3:4:5:6:7]' },
    { name: 'nine groups', text: '[IPv6:1:2:3:4:5:6:7:8:9]' },
    { name: 'seven groups beside "::"', text: '[IPv6:1:2:3:4:5:6::7]' },
    { name: 'five groups beside "::" and IPv4', text: '[IPv6:1:2:3:4:5::192.0.2.1]' },
    { name: 'two "::"', text: '[IPv6:1::2::3]' },
    { name: 'three colons', text: '[IPv6:1:::2]' },
    { name: 'a colon first', text: '[IPv6::1:2:3:4:5:6:7]' },
    { name: 'a colon last', text: '[IPv6:1:2:3:4:5:6:7:]' },
    { name: 'five digits', text: '[IPv6:12345::]' },
    { name: 'a letter that is no digit', text: '[IPv6:g::]' },
    { name: 'IPv4 that is not last', text: '[IPv6:192.0.2.1::]' },
    { name: 'IPv4 in the middle', text: '[IPv6:::192.0.2.1:1]' },
    { name: 'IPv4 out of range at the end', text: '[IPv6:::192.0.2.256]' },
    { name: 'a zone', text: '[IPv6:fe80::1%eth0]' },
    { name: 'a tag that is not registered', text: '[X25:3110]' },
    { name: 'an angle bracket, which would end a path', text: '[192.0.2.1>]' },
    { name: 'a domain in brackets', text: '[mx.example]' },
    { name: 'a line break', text: '[192.0.2.1\r\n]' },
    { name: 'a U-label', text: 'bücher.example' },
  ])('isHost: refuses $name [rfc5321 4.1.3]', ({ text }) => {
    expect(isHost(text)).toBe(false)
  })

  test('isHost: takes U-labels and underscores when asked', () => {
    expect(isHost('bücher.example', { unicode: true })).toBe(true)
    expect(isHost('a_b.example')).toBe(false)
    expect(isHost('a_b.example', { underscore: true })).toBe(true)
  })
})

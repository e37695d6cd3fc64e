import { describe, expect, test } from 'vitest'
import { expandDomain, expandText, type MacroValues } from '../src/expand.ts'
import { parseMacroString } from '../src/macro.ts'

const values: MacroValues = {
  s: 'strong-bad@email.example.com',
  l: 'strong-bad',
  o: 'email.example.com',
  d: 'email.example.com',
  i: '192.0.2.3',
  p: 'mx.example.org',
  h: 'helo.example',
  c: '192.0.2.3',
  r: 'mx.receiver.example',
  t: '1234567890',
  v: 'in-addr',
}
const expand = (text: string, over: Partial<MacroValues> = {}) =>
  expandDomain(parseMacroString(text), { ...values, ...over })

describe('expandDomain', () => {
  test.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d3}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr}', 'strong-bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '3.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com'],
    ['%{d2}.trusted-domains.example.net', 'example.com.trusted-domains.example.net'],
    ['%{h}.', 'helo.example'],
    ['%%%_%-.a', '% %20.a'],
  ])('%s is %s [rfc7208 7.4]', (text, name) => {
    expect(expand(text)).toBe(name)
  })

  test('escapes what is not unreserved [rfc7208 7.3]', () => {
    expect(expand('%{L}', { l: "a!b'c(d)e*f~g_h.i&j k" })).toBe('a%21b%27c%28d%29e%2Af~g_h.i%26j%20k')
  })

  test('cuts whole labels from the left [rfc7208 7.3]', () => {
    const labels = `${'a'.repeat(50)}.`.repeat(4)
    const rest = `${labels}${'c'.repeat(39)}.example`
    expect(expand(`b.${rest}`)).toBe(`b.${rest}`)
    expect(expand(`bb.${rest}`)).toBe(rest)
    expect(expand(`%{o}.b.${rest}.`)).toBe(`b.${rest}`)
    expect(expand(`x.${labels}${labels}example`)).toBe(`${labels}example`)
  })

  test('a missing value makes the whole missing [rfc8616 4]', () => {
    expect(expand('%{l}.example', { l: undefined })).toBeUndefined()
    expect(expand('%{d}.example', { l: undefined })).toBe('email.example.com.example')
  })
})

test('expandText: keeps spaces and a final dot, and stops at the length [rfc7208 6.2]', () => {
  const parts = parseMacroString('%{c} at %{t} is not ours. %{r}.', { explanation: true })
  expect(expandText(parts, values, 400)).toBe('192.0.2.3 at 1234567890 is not ours. mx.receiver.example.')
  expect(expandText(parts, values, 12)).toBe('192.0.2.3 at')
})

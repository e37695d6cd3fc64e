import { encodeUtf8 } from '@posthorn/core'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authenticate, formatAuthenticationResults, parseAuthenticationResults } from '../src/index.ts'
import { ATTACKS, envelopeOf, Hostile, messageOf } from './attacks.ts'

test.each(ATTACKS)('authenticate: $name [rfc9989 11]', async (attack) => {
  const resolver = new Hostile()
  const options = { ...envelopeOf(attack), resolver, now: 0, authservId: 'mx.example' }
  const { spf, dkim, dmarc, authenticationResults } = await authenticate(await messageOf(attack), options)
  const who = dmarc.result === 'pass' ? [dmarc.authorDomain] : []
  expect([spf.result, dkim[0]?.result, dmarc.result, ...who].join(' ')).toBe(attack.verdict)
  expect(resolver.names.filter((name) => !/^[a-z0-9._-]+$/.test(name))).toEqual([])
  const field = formatAuthenticationResults(authenticationResults!)
  expect(parseAuthenticationResults(field.slice(23))).toEqual(authenticationResults)
  expect(field).not.toMatch(/(?:spf|dkim)=pass [^;]*bank/)
})

test('authenticate: whatever comes in HELO, MAIL FROM, d=, s=, i= and From, the field says what was found [rfc8601 7.8]', async () => {
  const parts = fc.constantFrom(
    ...'\r\n\0\t"\\();=@.<>,: é',
    'evil.example',
    'bank.example',
    '; dkim=pass',
    'a'.repeat(10_000),
    '\u{1f4e7}',
  )
  const hostile = fc.array(parts, { maxLength: 6 }).map((all) => all.join(''))
  const values = fc.record({ helo: hostile, reversePath: hostile, domain: hostile, selector: hostile, from: hostile })
  await fc.assert(
    fc.asyncProperty(values, async ({ helo, reversePath, domain, selector, from }) => {
      const signature = `DKIM-Signature: v=1; a=rsa-sha256; d=${domain}; s=${selector}; i=${from}@evil.example; h=from; bh=AAAA; b=AAAA`
      const octets = encodeUtf8(`${signature}\r\nFrom: ${from}\r\n\r\n`)
      const options = {
        clientAddress: '192.0.2.66',
        helo,
        reversePath,
        resolver: new Hostile(),
        now: 0,
        authservId: 'mx.example',
      }
      const { authenticationResults, receivedSpf } = await authenticate(octets, options)
      const field = formatAuthenticationResults(authenticationResults!)
      expect(parseAuthenticationResults(field.slice(23))).toEqual(authenticationResults)
      const { fields, body } = splitMessage(encodeUtf8(`${field}${receivedSpf}\r\n`))
      expect(fields.map(({ name }) => name)).toEqual(['Authentication-Results', 'Received-SPF'])
      expect(body.length).toBe(0)
      expect(authenticationResults?.results.some(({ method, result }) => method === 'dkim' && result === 'pass')).toBe(
        false,
      )
    }),
    { numRuns: 150 },
  )
})

import { encodeUtf8 } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import type { Answer, RecordType, Resolver } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authenticate, formatAuthenticationResults, parseAuthenticationResults } from '../src/index.ts'

// Whatever a sender fills in: test/conformance/attacks has single attacks. The bank wants forgeries rejected; all names of
// evil.example say whatever helps, and the resolver cuts names at a NUL.
const { record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
const BANK: Readonly<Record<string, string>> = {
  'bank.example': 'v=spf1 ip4:198.51.100.1 -all',
  '_dmarc.bank.example': 'v=DMARC1; p=reject',
}

class Hostile implements Resolver {
  readonly names: string[] = []

  resolve<T extends RecordType>(name: string, type: T): Promise<Answer<T>> {
    this.names.push(name)
    return Promise.resolve(this.#answer(name.split('\0')[0]!, type) as Answer<T>)
  }

  #answer(name: string, type: RecordType): Answer {
    const text =
      type === 'TXT' ? (BANK[name] ?? (name.endsWith('evil.example') ? evilText(name) : undefined)) : undefined
    if (text === undefined) return { status: 'nxdomain', name, ttl: 0, authenticated: false }
    return { status: 'found', name, records: [text], ttl: 0, authenticated: false }
  }
}

function evilText(name: string): string {
  if (name.startsWith('_dmarc.')) return 'v=DMARC1; p=none'
  return name.includes('_domainkey') || name.startsWith('key.') ? record : 'v=spf1 +all'
}

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

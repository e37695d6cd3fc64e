import { encodeUtf8 } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import type { Answer, RecordType, Resolver } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authenticate, formatAuthenticationResults, parseAuthenticationResults } from '../src/index.ts'
import { signRaw } from './raw-signature.ts'

// Messages whose parts mean one thing to who checks and another to who shows them. The bank wants forgeries rejected; all
// names of evil.example say whatever helps, and the resolver cuts names at a NUL.
const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
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

interface Attack {
  readonly name: string
  readonly helo?: string
  readonly mailFrom?: string
  readonly header?: string
  readonly domain?: string
  readonly selector?: string
  /** Whether it has no signature, as its header cannot be read. */
  readonly unsigned?: boolean
  /** SPF, the signature, DMARC, and for whom it passed. */
  readonly verdict: string
}

const EVIL = 'From: x@evil.example'
const FORGED = 'From: Boss <ceo@bank.example>'
const ATTACKS: readonly Attack[] = [
  {
    name: 'a subdomain that is not there in MAIL FROM',
    mailFrom: 'any@no.bank.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
  {
    name: 'a parenthesis at the start of MAIL FROM',
    mailFrom: '(any@bank.example',
    header: FORGED,
    verdict: 'fail pass fail',
  },
  {
    name: 'a NUL in s=',
    header: FORGED,
    domain: 'bank.example',
    selector: 'key.evil.example\0.any',
    verdict: 'pass permerror fail',
  },
  { name: 'a quote in d=', header: FORGED, domain: "bank.example'a.evil.example", verdict: 'pass permerror fail' },
  {
    name: 'a parenthesis in MAIL FROM',
    mailFrom: 'any@bank.example(.evil.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
  {
    name: 'a quote in MAIL FROM',
    mailFrom: "any@bank.example'@any.evil.example",
    header: FORGED,
    verdict: 'pass pass fail',
  },
  {
    name: 'a route in MAIL FROM',
    mailFrom: "@bank.example,@any.example:'any@evil.example",
    header: FORGED,
    verdict: 'pass pass fail',
  },
  { name: 'two From fields', header: `${FORGED}\r\n${EVIL}`, verdict: 'pass pass permerror' },
  {
    name: 'a blank before the first From',
    header: ` ${FORGED}\r\n${EVIL}`,
    unsigned: true,
    verdict: 'pass permerror permerror',
  },
  {
    name: 'a blank behind the name of one From',
    header: `From : ceo@bank.example\r\n${EVIL}`,
    verdict: 'pass pass permerror',
  },
  {
    name: 'a fold in the name of one From',
    header: `${EVIL}\r\nFrom\r\n : ceo@bank.example`,
    unsigned: true,
    verdict: 'pass permerror permerror',
  },
  { name: 'From and Sender', header: `${EVIL}\r\nSender: ceo@bank.example`, verdict: 'pass pass pass evil.example' },
  {
    name: 'From and Resent-From',
    header: `${EVIL}\r\nResent-From: ceo@bank.example`,
    verdict: 'pass pass pass evil.example',
  },
  { name: 'two authors', header: 'From: <ceo@bank.example>, <x@evil.example>', verdict: 'pass pass permerror' },
  {
    name: 'an author in encoded words',
    header: 'From: =?utf-8?B?PGNlb0BiYW5rLmV4YW1wbGU+?=, <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  { name: 'a route in From', header: 'From: <@evil.example:ceo@bank.example>', verdict: 'pass pass permerror' },
  {
    name: 'a backslash before the comma',
    header: 'From: <ceo@bank.example>\\, <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  {
    name: 'an address without brackets first',
    header: 'From: ceo@bank.example, x <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  {
    name: 'an address for a name',
    header: 'From: ceo@bank.example <x@evil.example>',
    verdict: 'pass pass pass evil.example',
  },
  { name: 'brackets in brackets', header: 'From: <ceo@bank.example<x@evil.example>>', verdict: 'pass pass permerror' },
  {
    name: 'no MAIL FROM, and HELO of the bank',
    mailFrom: '',
    helo: 'bank.example',
    header: FORGED,
    verdict: 'fail pass fail',
  },
  {
    name: 'no MAIL FROM, and a NUL in HELO',
    mailFrom: '',
    helo: 'evil.example\0.bank.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
]

test.each(ATTACKS)('authenticate: $name [rfc9989 11]', async (attack) => {
  const { helo = 'evil.example', mailFrom = 'x@evil.example', header = FORGED, verdict } = attack
  const { domain = 'evil.example', selector = 'key' } = attack
  const resolver = new Hostile()
  const plain = `${header}\r\n\r\nPay\r\n`
  const text = attack.unsigned ? plain : await signRaw(plain, { key: privateKey, domain, selector })
  const options = {
    clientAddress: '192.0.2.66',
    helo,
    reversePath: mailFrom,
    resolver,
    now: 0,
    authservId: 'mx.example',
  }
  const { spf, dkim, dmarc, authenticationResults } = await authenticate(encodeUtf8(text), options)
  const who = dmarc.result === 'pass' ? [dmarc.authorDomain] : []
  expect([spf.result, dkim[0]?.result, dmarc.result, ...who].join(' ')).toBe(verdict)
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

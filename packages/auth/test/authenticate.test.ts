import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { generateDkimKey, signDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { rejectionOf } from '../../../test/failure.ts'
import { type AuthenticateOptions, authenticate, formatAuthenticationResults } from '../src/index.ts'
import { signRaw } from './raw-signature.ts'

const NOW = Date.UTC(2026, 0, 1)
const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
const zoneOf = () =>
  new MemoryZone()
    .add('a.example', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all')
    .add('mail.a.example', 'TXT', 'v=spf1 ip4:192.0.2.7 -all')
    .add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=reject')
    .add('s._domainkey.a.example', 'TXT', record)
const optionsOf = (more: Partial<AuthenticateOptions> = {}): AuthenticateOptions => ({
  clientAddress: '192.0.2.7',
  helo: 'mail.a.example',
  reversePath: 'joe@a.example',
  resolver: zoneOf(),
  now: NOW,
  authservId: 'mx.example',
  ...more,
})
const TEXT = 'From: Joe <joe@a.example>\r\nTo: b@b.example\r\n\r\nHello\r\n'
const signed = async (text: string, domain = 'a.example') =>
  new Uint8Array([
    ...(await signDkim(encodeUtf8(text), { domain, selector: 's', key: privateKey, now: NOW })),
    ...encodeUtf8(text),
  ])
const message = await signed(TEXT)
const found = (octets: Uint8Array, more: Partial<AuthenticateOptions> = {}) => authenticate(octets, optionsOf(more))
const told = async (octets: Uint8Array, more: Partial<AuthenticateOptions> = {}) =>
  formatAuthenticationResults((await found(octets, more)).authenticationResults!)

test('authenticate: every method, and the fields that tell of it [rfc8601 2.7]', async () => {
  const one = await found(message)
  expect([one.spf.result, one.helo?.result, one.dkim[0]?.result, one.dmarc.result]).toEqual(Array(4).fill('pass'))
  expect(one.author).toEqual({ domains: ['a.example'], mailboxes: 1, defects: [] })
  expect(one.notes).toEqual([])
  const b = one.dkim[0]?.signature?.value.slice(0, 8)
  const text = formatAuthenticationResults(one.authenticationResults!).replace(b!, 'b').replace('"b"', 'b')
  expect(text.split('\r\n')).toEqual([
    'Authentication-Results: mx.example;',
    ' spf=pass smtp.mailfrom=joe@a.example;',
    ' spf=pass smtp.helo=mail.a.example;',
    ' dkim=pass header.d=a.example header.s=s header.a=ed25519-sha256',
    ' header.b=b;',
    ' dmarc=pass header.from=a.example policy.dmarc=reject',
    '',
  ])
  expect(one.receivedSpf).toMatch(/^Received-SPF: pass \(mx\.example: /)
})

test.each([true, false])(
  'authenticate: U-labels and A-labels are one domain; signed in U-labels: %s [rfc8616 6]',
  async (unicode) => {
    const own = 'xn--bcher-kva.example'
    const resolver = new MemoryZone()
      .add(own, 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all')
      .add(`_dmarc.${own}`, 'TXT', 'v=DMARC1; p=reject; adkim=s; aspf=s')
      .add(`s._domainkey.${own}`, 'TXT', record)
    const text = encodeUtf8('From: Änn <änn@bücher.example>\r\n\r\nHello\r\n')
    const signer = { domain: 'bücher.example', selector: 's', key: privateKey, identity: 'änn@bücher.example', unicode }
    const octets = concatBytes([await signDkim(text, signer), text])
    const one = await found(octets, { resolver, reversePath: 'änn@bücher.example', authservId: 'mx.example' })
    expect(one.dmarc).toMatchObject({ result: 'pass', authorDomain: own, dkim: { domain: own }, spf: { domain: own } })
    const results = formatAuthenticationResults(one.authenticationResults!)
    expect(results).toContain(` spf=pass smtp.mailfrom=${own};`)
    expect(results).toContain(` dkim=pass header.d=${own} header.s=s `)
    expect(results).toContain(` dmarc=pass header.from=${own} `)
  },
)

test('authenticate: octet by octet it says the same, and asks no question twice [rfc6376 6.1]', async () => {
  const resolver = zoneOf()
  const one = await authenticate(
    Array.from(message, (octet) => new Uint8Array([octet])),
    optionsOf({ resolver }),
  )
  expect(one).toEqual(await found(message))
  const asked = resolver.queries.map(({ type, name }) => `${type} ${name}`)
  expect(asked.sort()).toEqual([
    'TXT _dmarc.a.example',
    'TXT a.example',
    'TXT mail.a.example',
    'TXT s._domainkey.a.example',
  ])
  expect(one.queries.map(({ by }) => by).sort()).toEqual(['dkim', 'dmarc', 'spf', 'spf'])
})

test('authenticate: without a name nothing is told [rfc8601 2.5]', async () => {
  const { authservId: _, ...options } = optionsOf()
  const one = await authenticate(message, options)
  expect([one.authenticationResults, one.receivedSpf]).toEqual([undefined, undefined])
  expect(await rejectionOf(() => found(message, { authservId: '' }))).toBe('AUTH_BAD_ID')
})

test('authenticate: HELO stands for the null sender, and alone counts for nothing [rfc7208 2.4] [rfc9989 3.2]', async () => {
  const text = encodeUtf8('From: joe@mail.a.example\r\n\r\n')
  const one = await found(text, { reversePath: '' })
  expect([one.spf.sender, one.spf.result, one.helo, one.dmarc.result]).toEqual([
    'postmaster@mail.a.example',
    'pass',
    undefined,
    'pass',
  ])
  expect(one.notes).toEqual([{ mechanism: 'helo', code: 'null-sender' }])
  expect(await told(text, { reversePath: '' })).toContain(' spf=pass smtp.helo=mail.a.example;')
  const other = await found(text, { reversePath: 'joe@other.example' })
  expect([other.spf.result, other.helo?.result, other.dmarc.result]).toEqual(['none', 'pass', 'fail'])
  expect((await found(text, { checkHelo: false })).helo).toBeUndefined()
})

test.each([
  { name: 'none', header: 'To: a@b.example', problem: 'from-missing', domains: [] },
  {
    name: 'two fields',
    header: 'From: a@a.example\r\nFrom: a@a.example',
    problem: 'from-several',
    domains: ['a.example'],
  },
  {
    name: 'two fields, one spaced',
    header: 'From : a@a.example\r\nfrom: b@b.example',
    problem: 'from-several',
    domains: ['a.example', 'b.example'],
  },
  {
    name: 'two authors',
    header: 'From: a@a.example, b@b.example',
    problem: 'author-several',
    domains: ['a.example', 'b.example'],
  },
  { name: 'two of one domain', header: 'From: a@a.example, b@A.example', problem: undefined, domains: ['a.example'] },
  { name: 'a group', header: 'From: us: a@a.example;', problem: undefined, domains: ['a.example'] },
  { name: 'an empty group', header: 'From: nobody:;', problem: 'author-none', domains: [] },
  { name: 'nothing', header: 'From: ', problem: 'author-none', domains: [] },
  { name: 'text', header: 'From: a.example', problem: 'from-malformed', domains: [] },
  { name: 'a literal', header: 'From: a@[192.0.2.1]', problem: 'from-malformed', domains: ['[192.0.2.1]'] },
  { name: 'U-labels', header: 'From: a@Bücher.example', problem: undefined, domains: ['xn--bcher-kva.example'] },
  { name: 'full-width letters', header: 'From: a@ａ.example', problem: 'from-malformed', domains: [] },
  {
    name: 'a quoted at',
    header: 'From: "x@evil.example"@a.example',
    problem: 'from-malformed',
    domains: ['a.example'],
  },
  { name: 'a comment', header: 'From: a@a.example (x@evil.example)', problem: undefined, domains: ['a.example'] },
  { name: 'a fold', header: 'From:\r\n a\r\n <a@a.example>', problem: undefined, domains: ['a.example'] },
  { name: 'NUL', header: 'From: a@a.example\0.evil.example', problem: 'from-malformed' },
  { name: 'a bare LF', header: 'From: a@a.example\n b@b.example', problem: 'from-malformed' },
  { name: 'an open quote', header: 'From: "a@a.example', problem: 'from-malformed' },
  {
    name: 'comments 10,000 deep',
    header: `From: ${'('.repeat(10_000)}${')'.repeat(10_000)}a@a.example`,
    problem: 'from-malformed',
  },
  { name: '100,000 addresses', header: `From: ${'a@b.c,'.repeat(100_000)}a@a.example`, problem: 'from-malformed' },
])('authenticate: the author of $name [rfc9989 5.3.1]', async ({ header, problem, domains }) => {
  const one = await found(encodeUtf8(`${header}\r\n\r\n`))
  expect(one.author.problem).toBe(problem)
  if (domains) expect(one.author.domains).toEqual(domains)
  if (!problem) return expect(one.dmarc.result).not.toBe('permerror')
  expect(one.dmarc.result).toBe('permerror')
  expect(one.notes).toContainEqual({ mechanism: 'dmarc', code: problem })
  expect(formatAuthenticationResults(one.authenticationResults!)).toContain(` dmarc=permerror reason=${problem}`)
})

test('authenticate: a header that cannot be read has no author and no signature [rfc5322 2.2]', async () => {
  const one = await found(encodeUtf8('From: a@a.example\r\nno field\r\n\r\n'))
  expect([one.dkim, one.dmarc.result, one.author.problem]).toEqual([
    [{ result: 'permerror', reason: 'bad-message', testing: false }],
    'permerror',
    'header-unreadable',
  ])
  expect(one.notes.map(({ code }) => code)).toEqual(['header-unreadable', 'header-unreadable'])
})

test('authenticate: what l= leaves out does not count for DMARC, unless asked for [rfc6376 8.2]', async () => {
  const part = { key: privateKey, domain: 'a.example', selector: 's', tags: 'l=7; ' }
  const octets = encodeUtf8(`${await signRaw(TEXT, part)}added\r\n`)
  const more = { clientAddress: '198.51.100.1' }
  const one = await found(octets, more)
  expect([one.dkim[0]?.result, one.dkim[0]?.unsignedOctets, one.dmarc.result]).toEqual(['pass', 7, 'fail'])
  expect(one.notes).toEqual([{ mechanism: 'dkim', code: 'unsigned-body', domain: 'a.example' }])
  expect(await told(octets, more)).toContain('reason="unsigned-body: 7 octets"')
  const other = await found(octets, { ...more, unsafeUnsignedBody: true })
  expect([other.dmarc.result, other.notes]).toEqual(['pass', []])
})

test.each([
  { name: '_dmarc.a.example', found: 'dmarc=temperror reason=policy-temperror header.from=a.example' },
  {
    name: 's._domainkey.a.example',
    found: 'dmarc=temperror reason=dkim-temperror header.from=a.example policy.dmarc=reject',
  },
  {
    name: 'a.example',
    found: 'dmarc=temperror reason=spf-temperror header.from=a.example policy.dmarc=reject',
    unsigned: true,
  },
])('authenticate: nobody answers for $name [rfc8601 2.7.1]', async ({ name, found: wanted, unsigned }) => {
  const resolver = zoneOf().fail(name, 'servfail')
  const more = name === 'a.example' ? {} : { clientAddress: '198.51.100.1' }
  const field = await told(unsigned ? encodeUtf8(TEXT) : message, { resolver, ...more })
  expect(field.replaceAll('\r\n', '')).toContain(wanted)
})

test('authenticate: a policy that cannot be read is told as such [rfc9989 4.10.1]', async () => {
  const resolver = new MemoryZone().add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=moo')
  expect(await told(message, { resolver })).toContain(' dmarc=permerror reason=policy-unusable header.from=a.example')
})

test('authenticate: an address that is none is a fault of the caller [rfc7208 4.1]', async () => {
  expect(await rejectionOf(() => found(message, { clientAddress: 'x' }))).toBe('SPF_BAD_ADDRESS')
})

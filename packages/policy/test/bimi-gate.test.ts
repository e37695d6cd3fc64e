import { verifyDkim } from '@posthorn/dkim'
import { evaluateDmarc, parseDmarc } from '@posthorn/dmarc'
import { MemoryZone } from '@posthorn/dns'
import { describe, expect, test } from 'vitest'
import { type BimiDmarcVerdict, type BimiPolicyOptions, checkBimiPolicy, chooseBimiSelector } from '../src/bimi.ts'

const ORG = 'example.com'
const pass = { result: 'pass' }

function verdict(record: string, more: Partial<BimiDmarcVerdict> = {}): BimiDmarcVerdict {
  const parsed = parseDmarc(record)
  return {
    result: 'pass',
    authorDomain: ORG,
    organizationalDomain: ORG,
    policy: { applied: parsed.p ?? 'none', domain: ORG },
    record: parsed,
    spf: pass,
    ...more,
  }
}

const reasonsOf = (subject: BimiDmarcVerdict, options?: BimiPolicyOptions): unknown => {
  const result = checkBimiPolicy(subject, options)
  return result.allowed ? 'allowed' : result.reasons.map(({ code, domain }) => (domain ? `${code} ${domain}` : code))
}

describe('checkBimiPolicy', () => {
  test.each([
    ['p=reject', 'allowed'],
    ['p=quarantine', 'allowed'],
    ['p=quarantine; pct=100', 'allowed'],
    ['p=reject; pct=5', 'allowed'],
    ['p=reject; sp=quarantine', 'allowed'],
    ['p=none', ['policy-none example.com']],
    ['p=none; sp=reject', ['policy-none example.com']],
    ['p=reject; sp=none', ['subdomain-policy-none example.com']],
    ['p=quarantine; pct=99', ['partial-percentage example.com']],
    ['p=quarantine; pct=0', ['partial-percentage example.com']],
    ['p=quarantine; pct=x', ['partial-percentage example.com']],
    ['p=reject; t=y', ['testing example.com']],
    ['p=none; sp=none; t=y', ['policy-none example.com', 'subdomain-policy-none example.com', 'testing example.com']],
    ['rua=mailto:a@example.com', ['policy-none example.com']],
    ['v2=1', ['policy-none example.com']],
  ])('%s: %j [bimi-14 authentication-requirements]', (tags, expected) => {
    expect(reasonsOf(verdict(`v=DMARC1; ${tags}`))).toEqual(expected)
  })

  test.each<[string, Partial<BimiDmarcVerdict>, BimiPolicyOptions, unknown]>([
    ['DMARC failed', { result: 'fail' }, {}, ['dmarc-not-passed']],
    ['DMARC could not say', { result: 'temperror' }, {}, ['dmarc-not-passed']],
    ['something else vouches', { result: 'fail' }, { trusted: true }, 'allowed'],
    ['several authors', { authorDomain: undefined as never }, {}, ['author-unknown']],
    ['several mailboxes of one domain', {}, { mailboxes: 2 }, ['author-several']],
    ['one mailbox', {}, { mailboxes: 1 }, 'allowed'],
    ['several, and something vouches', { result: 'fail' }, { mailboxes: 2, trusted: true }, ['author-several']],
    ['no organizational domain', { organizationalDomain: undefined as never }, {}, ['organizational-domain-unknown']],
    ['it is given', { organizationalDomain: undefined as never }, { organizationalDomain: ORG }, 'allowed'],
    ['no record', { record: undefined as never, policy: undefined as never }, {}, ['no-record']],
    ['np=none applied', { policy: { applied: 'none', domain: ORG } }, {}, ['policy-none example.com']],
  ])('%s [bimi-14 authentication-requirements]', (_, more, options, expected) => {
    expect(reasonsOf(verdict('v=DMARC1; p=reject', more), options)).toEqual(expected)
  })

  test.each<[string, string | undefined, unknown]>([
    ['both enforce', 'v=DMARC1; p=quarantine', 'allowed'],
    ['the organizational domain does not', 'v=DMARC1; p=none', ['policy-none example.com']],
    ['its subdomains need not', 'v=DMARC1; p=reject; sp=none', ['subdomain-policy-none example.com']],
    ['it tests', 'v=DMARC1; p=reject; t=y', ['testing example.com']],
    ['it has no record', undefined, ['no-organizational-record example.com']],
  ])('a record of the author domain, and %s [bimi-14 authentication-requirements]', (_, record, expected) => {
    const author = { authorDomain: 'mail.example.com', policy: { applied: 'reject', domain: 'mail.example.com' } }
    const options = record === undefined ? {} : { organizationalRecord: parseDmarc(record) }
    expect(reasonsOf(verdict('v=DMARC1; p=reject', author), options)).toEqual(expected)
  })

  const signature = (domain: string) => ({ domain, signedFields: ['from'] })
  test.each<[string, Partial<BimiDmarcVerdict>, BimiPolicyOptions, unknown]>([
    ['SPF aligned', {}, { signatures: [] }, 'allowed'],
    [
      'a whole body',
      { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } },
      { signatures: [{ ...pass, signature: signature(ORG), unsignedOctets: 0 }] },
      'allowed',
    ],
    [
      'a part of it',
      { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } },
      { signatures: [{ ...pass, signature: signature(ORG), unsignedOctets: 9 }] },
      ['unsigned-body'],
    ],
    [
      'the whole by another domain',
      { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } },
      {
        signatures: [
          { ...pass, signature: signature(ORG), unsignedOctets: 9 },
          { ...pass, signature: signature('evil.example') },
        ],
      },
      ['unsigned-body'],
    ],
    [
      'one of two is whole',
      { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } },
      {
        signatures: [
          { ...pass, signature: signature(ORG), unsignedOctets: 9 },
          { ...pass, signature: signature(ORG), unsignedOctets: 0 },
        ],
      },
      'allowed',
    ],
    [
      'a failed one is whole',
      { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } },
      {
        signatures: [
          { ...pass, signature: signature(ORG), unsignedOctets: 9 },
          { result: 'fail', signature: signature(ORG) },
        ],
      },
      ['unsigned-body'],
    ],
    [
      'a part of it, and SPF aligned',
      { dkim: { ...pass, domain: ORG } },
      { signatures: [{ ...pass, signature: signature(ORG), unsignedOctets: 9 }] },
      'allowed',
    ],
  ])('the signature covers: %s [rfc6376 8.2]', (_, more, options, expected) => {
    expect(reasonsOf(verdict('v=DMARC1; p=reject', more), options)).toEqual(expected)
  })

  test('takes what verifyDkim gives [rfc6376 8.2]', async () => {
    const resolver = new MemoryZone()
    const verdicts = await verifyDkim(new TextEncoder().encode('From: a@example.com\r\n\r\n'), { resolver, now: 0 })
    const more = { spf: { result: 'fail' }, dkim: { ...pass, domain: ORG } }
    expect(reasonsOf(verdict('v=DMARC1; p=reject', more), { signatures: verdicts })).toEqual(['unsigned-body'])
    expect(chooseBimiSelector(['v=BIMI1; s=a'], { signatures: verdicts }).reason).toBe('unsigned')
  })

  test('takes what evaluateDmarc gives [bimi-14 authentication-requirements]', async () => {
    const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject')
    const identities = { authorDomains: ['mail.example.com'], dkim: [{ domain: 'example.com', result: 'pass' }] }
    const dmarc = await evaluateDmarc(identities, { resolver })
    expect(checkBimiPolicy(dmarc)).toEqual({
      allowed: true,
      domain: 'mail.example.com',
      organizationalDomain: 'example.com',
    })
  })
})

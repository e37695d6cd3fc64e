/** Whole messages with what they come with, for those that authenticate: one zone, and the verdicts that are right. */
import { encodeUtf8 } from '@posthorn/core'
import { generateDkimKey, signDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'

const { privateKey, record } = await generateDkimKey({ algorithm: 'rsa-sha256' })

/** What is in the DNS. */
export const zone = new MemoryZone()
  .add('a.example', 'TXT', 'v=spf1 mx ip6:2001:db8::/32 -all')
  .add('a.example', 'MX', { preference: 10, exchange: 'mx.a.example' })
  .add('mx.a.example', 'A', '192.0.2.7')
  .add('mx.a.example', 'TXT', 'v=spf1 a -all')
  .add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=reject; sp=quarantine')
  .add('k._domainkey.a.example', 'TXT', record)
  .add('revoked._domainkey.a.example', 'TXT', 'v=DKIM1; p=')
  .add('news.a.example', 'TXT', 'v=spf1 include:a.example ~all')
  .add('k._domainkey.news.a.example', 'TXT', record)
  .add('strict.example', 'TXT', 'v=spf1 ip4:192.0.2.7 -all')
  .add('_dmarc.strict.example', 'TXT', 'v=DMARC1; p=reject; adkim=s; aspf=s')
  .add('k._domainkey.sub.strict.example', 'TXT', record)
  .add('k._domainkey.list.example', 'TXT', record)
  .add('bad.example', 'TXT', 'v=spf1 ip4:1.2.3 -all')
  .add('two.example', 'TXT', 'v=spf1 -all')
  .add('two.example', 'TXT', 'v=spf1 +all')
  .add('xn--bcher-kva.example', 'TXT', 'v=spf1 ip4:192.0.2.7 -all')
  .add('_dmarc.xn--bcher-kva.example', 'TXT', 'v=DMARC1; p=reject')
  .fail('slow._domainkey.a.example', 'servfail')

/** What another finds, where that is something else, and why. */
export interface OtherVerdict {
  readonly verdict: string
  readonly why: string
}

/** A message. */
export interface AuthCase {
  readonly name: string
  readonly header?: string
  readonly from?: string
  readonly mailFrom?: string
  readonly helo?: string
  readonly ip?: string
  /** The domain and the selector of each signature. */
  readonly signed?: readonly string[]
  /** Whether something is added behind what was signed. */
  readonly changed?: boolean
  /** What is found here: SPF, each signature, DMARC. */
  readonly verdict: string
  /** What mailauth finds; `lenient`: unless it is strict. */
  readonly mailauth?: OtherVerdict & { readonly lenient?: boolean }
}

const KEY = 'a key that cannot be used is neutral there'
const UNSURE = 'a signature that might have passed does not defer DMARC there'
const BODY = 'a body that was changed is neutral there'

/** The messages. */
export const CASES: readonly AuthCase[] = [
  { name: 'all in order', signed: ['a.example k'], verdict: 'pass pass pass' },
  { name: 'by IPv6', ip: '2001:db8::1', verdict: 'pass none pass' },
  { name: 'another host', ip: '203.0.113.1', verdict: 'fail none fail' },
  { name: 'forwarded', ip: '203.0.113.1', signed: ['a.example k'], verdict: 'fail pass pass' },
  {
    name: 'forwarded and changed',
    ip: '203.0.113.1',
    signed: ['a.example k'],
    changed: true,
    verdict: 'fail fail fail',
    mailauth: { verdict: 'fail neutral fail', why: BODY, lenient: true },
  },
  {
    name: 'from a list',
    mailFrom: 'l@list.example',
    ip: '203.0.113.1',
    signed: ['list.example k'],
    verdict: 'none pass fail',
  },
  {
    name: 'signed by two',
    ip: '203.0.113.1',
    signed: ['list.example k', 'a.example k'],
    verdict: 'fail pass pass pass',
  },
  {
    name: 'a subdomain, aligned',
    from: 'x@news.a.example',
    mailFrom: 'b@news.a.example',
    signed: ['a.example k'],
    verdict: 'pass pass pass',
  },
  { name: 'the domain above in MAIL FROM', from: 'x@news.a.example', verdict: 'pass none pass' },
  {
    name: 'strict, by a subdomain',
    from: 'x@strict.example',
    ip: '203.0.113.1',
    mailFrom: 'x@strict.example',
    signed: ['sub.strict.example k'],
    verdict: 'fail pass fail',
  },
  { name: 'strict, by the domain', from: 'x@strict.example', mailFrom: 'x@strict.example', verdict: 'pass none pass' },
  {
    name: 'a key that is revoked',
    ip: '203.0.113.1',
    signed: ['a.example revoked'],
    verdict: 'fail permerror fail',
    mailauth: { verdict: 'fail neutral fail', why: KEY },
  },
  {
    name: 'a key that is not there',
    ip: '203.0.113.1',
    signed: ['a.example gone'],
    verdict: 'fail permerror fail',
    mailauth: { verdict: 'fail neutral fail', why: KEY },
  },
  {
    name: 'a key that nobody answers for',
    ip: '203.0.113.1',
    signed: ['a.example slow'],
    verdict: 'fail temperror temperror',
    mailauth: { verdict: 'fail temperror fail', why: UNSURE },
  },
  { name: 'an SPF record that is malformed', mailFrom: 'x@bad.example', verdict: 'permerror none fail' },
  { name: 'two SPF records', mailFrom: 'x@two.example', verdict: 'permerror none fail' },
  { name: 'no policy', from: 'x@list.example', verdict: 'pass none none' },
  { name: 'the null sender', mailFrom: '', from: 'x@mx.a.example', verdict: 'pass none pass' },
  { name: 'two authors of one domain', from: 'x@a.example, y@A.example', verdict: 'pass none pass' },
  { name: 'two authors', from: 'x@a.example, y@list.example', verdict: 'pass none permerror' },
  { name: 'a group', from: 'us: x@a.example;', verdict: 'pass none pass' },
  { name: 'an empty group', from: 'nobody:;', verdict: 'pass none permerror' },
  { name: 'U-labels', from: 'x@bücher.example', mailFrom: 'x@xn--bcher-kva.example', verdict: 'pass none pass' },
  { name: 'a comment for a name', from: 'x@a.example (y@list.example)', verdict: 'pass none pass' },
  { name: 'two From fields', header: 'From: x@a.example\r\nFrom: x@a.example', verdict: 'pass none permerror' },
  { name: 'no From field', header: 'To: x@a.example', verdict: 'pass none permerror' },
]

/** Signs a message, and puts it together. */
export async function messageOf({ header, from = 'x@a.example', signed = [], changed }: AuthCase): Promise<Uint8Array> {
  const text = encodeUtf8(`${header ?? `From: ${from}`}\r\nSubject: s\r\n\r\nHello\r\n`)
  const signers = signed.map((one) => {
    const [domain = '', selector = ''] = one.split(' ')
    return signDkim(text, { domain, selector, key: privateKey })
  })
  const fields = (await Promise.all(signers)).map((field) => [...field])
  return new Uint8Array([...fields.flat(), ...text, ...(changed ? encodeUtf8('added\r\n') : [])])
}

/** With whom it comes. */
export const envelopeOf = ({ ip = '192.0.2.7', helo = 'mx.a.example', mailFrom = 'x@a.example' }: AuthCase) => ({
  clientAddress: ip,
  helo,
  reversePath: mailFrom,
})

/**
 * The methods of email authentication and their results, as the IANA registry "Email Authentication Parameters" has them:
 * RFC 8601 section 6.2, with those of RFC 8616, 8617, 8904 and 9989.
 */

/** A method, with what it may say. */
export interface AuthMethod {
  /** Its name in a field. */
  readonly method: string
  /** Where it is defined, as `rfc8601#section-2.7.1`. */
  readonly spec: string
  /** Whether the registry still lists it as active; what is deprecated is read, and should not be written. */
  readonly active: boolean
  /** Its results. */
  readonly results: readonly string[]
  /** The properties that go with it, as `header.d`. */
  readonly properties: readonly string[]
}

const SIGNATURE = ['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror'] as const
const SENDER = ['none', 'pass', 'fail', 'softfail', 'policy', 'neutral', 'temperror', 'permerror'] as const
const PRACTICES = ['none', 'pass', 'unknown', 'fail', 'discard', 'nxdomain', 'temperror', 'permerror'] as const
const VERDICT = ['none', 'pass', 'fail', 'temperror', 'permerror'] as const

/**
 * Every registered method. A field may have others: who does not know a method leaves its result out.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8601#section-6.2 | RFC 8601 section 6.2}
 * @example
 * AUTH_METHODS.find(({ method }) => method === 'dmarc')?.properties // ['header.from', 'policy.dmarc']
 */
export const AUTH_METHODS: readonly AuthMethod[] = [
  {
    method: 'arc',
    spec: 'rfc8617#section-10.1',
    active: true,
    results: ['none', 'pass', 'fail'],
    properties: ['smtp.remote-ip', 'header.oldest-pass'],
  },
  {
    method: 'auth',
    spec: 'rfc8601#section-2.7.4',
    active: true,
    results: ['none', 'pass', 'fail', 'temperror', 'permerror'],
    properties: ['smtp.auth', 'smtp.mailfrom'],
  },
  {
    method: 'dkim',
    spec: 'rfc8601#section-2.7.1',
    active: true,
    results: SIGNATURE,
    properties: ['header.a', 'header.b', 'header.d', 'header.i', 'header.s'],
  },
  { method: 'dkim-adsp', spec: 'rfc5617', active: false, results: PRACTICES, properties: ['header.from'] },
  { method: 'dkim-atps', spec: 'rfc6541', active: true, results: VERDICT, properties: ['header.from'] },
  {
    method: 'dmarc',
    spec: 'rfc9989#section-9.3',
    active: true,
    results: VERDICT,
    properties: ['header.from', 'policy.dmarc'],
  },
  {
    method: 'dnswl',
    spec: 'rfc8904#section-2',
    active: true,
    results: ['none', 'pass', 'temperror', 'permerror'],
    properties: ['dns.zone', 'policy.ip', 'policy.txt', 'dns.sec'],
  },
  {
    method: 'domainkeys',
    spec: 'rfc7601',
    active: false,
    results: SIGNATURE,
    properties: ['header.d', 'header.from', 'header.sender'],
  },
  {
    method: 'iprev',
    spec: 'rfc8601#section-2.7.3',
    active: true,
    results: ['pass', 'fail', 'temperror', 'permerror'],
    properties: ['policy.iprev'],
  },
  {
    method: 'rrvs',
    spec: 'rfc7293',
    active: true,
    results: ['none', 'unknown', 'pass', 'fail', 'temperror', 'permerror'],
    properties: ['smtp.rcptto'],
  },
  {
    method: 'sender-id',
    spec: 'rfc7601',
    active: false,
    results: SENDER,
    properties: ['header.from', 'header.sender'],
  },
  {
    method: 'smime',
    spec: 'rfc7281',
    active: true,
    results: SIGNATURE,
    properties: ['body.smime-part', 'body.smime-identifier', 'body.smime-serial', 'body.smime-issuer'],
  },
  {
    method: 'spf',
    spec: 'rfc8601#section-2.7.2',
    active: true,
    results: SENDER,
    properties: ['smtp.mailfrom', 'smtp.helo'],
  },
  {
    method: 'vbr',
    spec: 'rfc6212',
    active: true,
    results: ['none', 'pass', 'fail', 'temperror', 'permerror'],
    properties: ['header.md', 'header.mv'],
  },
]

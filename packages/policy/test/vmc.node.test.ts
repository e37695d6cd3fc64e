import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, rejectionOf } from '../../../test/failure.ts'
import {
  AUTHORITY,
  Authority,
  type CertificateParts,
  dataUrl,
  digest,
  ISSUER,
  type LogotypeParts,
  logotype,
  logotypeHash,
  MARK,
  SHA1,
  SVG,
} from '../../../test/mark-certificate.ts'
import { parseCertificateChain, readMarkCertificate, type VerifyMarkOptions, verifyMark } from '../src/vmc.ts'

const made = new Authority()
const now = Date.now() + 60_000
const DAY = 86_400_000
let options: VerifyMarkOptions

beforeAll(() => {
  made.make('root', { key: 'rsa', extensions: AUTHORITY })
  made.make('issuer', { key: 'p384', issuer: 'root', extensions: ISSUER })
  made.make('mark', { issuer: 'issuer', markType: 'Registered Mark', extensions: MARK })
  options = { domain: 'example.com', selector: 'default', now, roots: [made.der('root')] }
})
afterAll(() => made.remove())

async function problemsOf(chain: Uint8Array, more: Partial<VerifyMarkOptions> = {}): Promise<readonly string[]> {
  const result = await verifyMark(chain, { ...options, ...more })
  return result.status === 'pass' ? ['pass'] : result.problems
}

let count = 0
function mark(parts: Partial<CertificateParts>, extensions: Record<string, string | undefined> = {}): string {
  const name = `made${count++}`
  const all = Object.entries({ ...MARK, ...extensions }).filter((one): one is [string, string] => one[1] !== undefined)
  made.make(name, { issuer: 'issuer', ...parts, extensions: Object.fromEntries(all) })
  return name
}

const withLogotype = (parts: LogotypeParts) => ({ '1.3.6.1.5.5.7.1.12': `DER:${logotype(parts)}` })

describe('verifyMark', () => {
  test('a chain of RSA and both curves passes, and gives the indicator [vmc-11 5]', async () => {
    const result = await verifyMark(made.chain('mark', 'issuer'), {
      ...options,
      indicator: new TextEncoder().encode(SVG),
    })
    expect(result).toMatchObject({ status: 'pass', certificate: { kind: 'verified', markType: 'Registered Mark' } })
    expect(result.status === 'pass' && new TextDecoder().decode(result.indicator)).toBe(SVG)
    expect(await problemsOf(made.chain('mark', 'issuer', 'root'))).toEqual(['pass'])
  })

  test.each<[string, Partial<VerifyMarkOptions>, string]>([
    ['the domain in another case', { domain: 'EXAMPLE.com.' }, 'pass'],
    ['any selector of the domain', { selector: 'news' }, 'pass'],
    ['one selector of another', { domain: 'example.net', selector: 'News' }, 'pass'],
    ['another selector of it', { domain: 'example.net' }, 'domain-mismatch'],
    ['a domain below', { domain: 'mail.example.com' }, 'domain-mismatch'],
    ['a domain above', { domain: 'com' }, 'domain-mismatch'],
    ['a selector that makes the name of another', { domain: 'net', selector: 'news._bimi.example' }, 'domain-mismatch'],
    ['before its time', { now: Date.now() - DAY }, 'not-yet-valid'],
    ['after its time', { now: Date.now() + 31 * DAY }, 'expired'],
    ['no root', { roots: [] }, 'untrusted'],
    ['another indicator', { indicator: new TextEncoder().encode(SVG.replace('#093', '#f00')) }, 'indicator-mismatch'],
    ['other ends of lines', { indicator: new TextEncoder().encode(SVG.replaceAll('\n', '\r\n')) }, 'pass'],
  ])('$0: $2 [vmc-11 5]', async (_, more, expected) => {
    expect(await problemsOf(made.chain('mark', 'issuer'), more)).toEqual([expected])
  })

  test.each<[string, string[], string[]]>([
    ['no issuer', ['mark'], ['untrusted']],
    [
      'the wrong order',
      ['issuer', 'mark'],
      ['domain-mismatch', 'no-logotype', 'no-timestamps', 'not-an-authority', 'out-of-order', 'untrusted'],
    ],
    ['twice the issuer', ['mark', 'issuer', 'issuer'], ['duplicate', 'out-of-order']],
    ['two marks', ['mark', 'mark', 'issuer'], ['duplicate', 'not-an-authority', 'out-of-order']],
  ])('%s [vmc-11 3.3]', async (_, names, expected) => {
    expect([...(await problemsOf(made.chain(...names)))].sort()).toEqual(expected)
  })

  test.each<[string, Partial<CertificateParts>, Record<string, string | undefined>, string[]]>([
    ['no purpose', {}, { extendedKeyUsage: undefined }, ['purpose']],
    ['another purpose', {}, { extendedKeyUsage: 'serverAuth' }, ['purpose']],
    ['any purpose', {}, { extendedKeyUsage: 'anyExtendedKeyUsage' }, ['purpose']],
    ['no names', {}, { subjectAltName: undefined }, ['domain-mismatch']],
    ['a wildcard', {}, { subjectAltName: 'DNS:*.com' }, ['domain-mismatch']],
    ['an address of mail', {}, { subjectAltName: 'email:a@example.com' }, ['domain-mismatch']],
    ['no indicator', {}, { '1.3.6.1.5.5.7.1.12': undefined }, ['no-logotype']],
    ['no timestamps', {}, { '1.3.6.1.4.1.11129.2.4.2': undefined }, ['no-timestamps']],
    ['an empty list of them', {}, { '1.3.6.1.4.1.11129.2.4.2': 'DER:04020000' }, ['no-timestamps']],
    ['a cut list of them', {}, { '1.3.6.1.4.1.11129.2.4.2': 'DER:040600040005ffff' }, ['no-timestamps']],
    ['a precertificate', {}, { '1.3.6.1.4.1.11129.2.4.3': 'critical,DER:0500' }, ['unsupported-extension']],
    ['a critical extension', {}, { '1.2.3.4': 'critical,DER:0500' }, ['unsupported-extension']],
    ['an extension', {}, { '1.2.3.4': 'DER:0500' }, ['pass']],
    ['an authority', {}, { basicConstraints: 'CA:TRUE' }, ['out-of-order']],
    ['SHA-1 for its signature', { digest: 'sha1' }, {}, ['unsupported-algorithm']],
    ['SHA-512 for it', { digest: 'sha512' }, {}, ['pass']],
    ['a mark of prior use', { markType: 'Prior Use Mark' }, {}, ['pass']],
  ])('$0: $3 [vmc-11 4]', async (_, parts, extensions, expected) => {
    expect(await problemsOf(made.chain(mark(parts, extensions), 'issuer'))).toEqual(expected)
  })

  test('one of a trial is taken where that is wanted', async () => {
    const chain = made.chain(mark({}, { '1.3.6.1.4.1.53087.4.1': 'critical,DER:0500' }), 'issuer')
    expect(await problemsOf(chain)).toEqual(['pilot'])
    expect(await problemsOf(chain, { allowPilot: true })).toEqual(['pass'])
  })

  test('timestamps may be waived [vmc-11 4.6]', async () => {
    const name = mark({}, { '1.3.6.1.4.1.11129.2.4.2': undefined })
    expect(await problemsOf(made.chain(name, 'issuer'), { requireTimestamps: false })).toEqual(['pass'])
  })

  test.each<[string, LogotypeParts, string]>([
    ['SHA-1 for its digest', { hashes: [logotypeHash(SHA1, digest('sha1', SVG))] }, 'pass'],
    ['a digest with other ends of lines', { svg: SVG.replaceAll('\n', '\r\n'), hashed: SVG }, 'pass'],
    ['gzip in the media type', { mediaType: 'image/svg+xml+gzip' }, 'pass'],
    ['another digest', { hashed: 'other' }, 'logotype-hash'],
    [
      'one right and one wrong',
      { hashes: [logotypeHash(SHA1, digest('sha1', SVG)), logotypeHash(SHA1, digest('sha1', 'x'))] },
      'logotype-hash',
    ],
    ['no digest that is known', { hashes: [logotypeHash('06022a03', digest('md5', SVG))] }, 'logotype-hash'],
    ['another media type', { mediaType: 'image/png' }, 'logotype-media-type'],
    ['another one in the address', { url: dataUrl(SVG).replace('svg+xml', 'png') }, 'logotype-media-type'],
    ['an address elsewhere', { url: 'https://example.com/logo.svg' }, 'logotype-media-type'],
    [
      'what is not compressed',
      { url: `data:image/svg+xml;base64,${Buffer.from(SVG).toString('base64')}` },
      'logotype-malformed',
    ],
    ['what is no Base64', { url: 'data:image/svg+xml;base64,H4sI!' }, 'logotype-malformed'],
    ['what is cut', { url: dataUrl(SVG).slice(0, -40) }, 'logotype-malformed'],
    ['what grows', { svg: SVG.replace('Example', 'a'.repeat(1_000_000)) }, 'logotype-too-large'],
    ['two images', { copies: 2 }, 'logotype-malformed'],
    ['no image', { copies: 0 }, 'logotype-malformed'],
    ['no digest', { hashes: [] }, 'logotype-hash'],
  ])('an indicator with $0: $2 [rfc9399 4.1, rfc6170 5.2]', async (_, parts, expected) => {
    expect(await problemsOf(made.chain(mark({}, withLogotype(parts)), 'issuer'))).toEqual([expected])
  })

  test.each<[string, Partial<CertificateParts>, Record<string, string>, string[]]>([
    ['RSA', { key: 'rsa' }, ISSUER, ['pass']],
    ['P-256', { key: 'p256' }, ISSUER, ['pass']],
    ['P-521', { key: 'p521' }, ISSUER, ['unsupported-algorithm']],
    ['Ed25519', { key: 'ed25519' }, ISSUER, ['unsupported-algorithm']],
    ['RSA of 1,024 bits', { key: 'rsa1024' }, ISSUER, ['weak-key']],
    ['no purpose', {}, AUTHORITY, ['issuer-purpose']],
    ['no right to issue', {}, { ...ISSUER, keyUsage: 'cRLSign' }, ['not-an-authority']],
    ['no authority', {}, { ...ISSUER, basicConstraints: 'CA:FALSE' }, ['not-an-authority']],
    ['limits on names', {}, { ...ISSUER, nameConstraints: 'permitted;DNS:example.org' }, ['unsupported-extension']],
  ])('an issuer with $0: $3 [rfc5280 6.1]', async (_, parts, extensions, expected) => {
    const issuer = `issuer${count++}`
    made.make(issuer, { issuer: 'root', ...parts, extensions })
    expect(await problemsOf(made.chain(mark({ issuer }), issuer))).toEqual(expected)
  })

  test('a path that is longer than its root allows [rfc5280 6.1.4]', async () => {
    made.make('short', { extensions: { ...AUTHORITY, basicConstraints: 'critical,CA:TRUE,pathlen:0' } })
    made.make('below', { issuer: 'short', extensions: ISSUER })
    const name = mark({ issuer: 'below' })
    expect(await problemsOf(made.chain(name, 'below'), { roots: [made.der('short')] })).toEqual(['path-too-long'])
    const direct = mark({ issuer: 'short' })
    expect(await problemsOf(made.chain(direct), { roots: [made.der('short')] })).toEqual(['pass'])
  })

  test('a root of the same name with another key [rfc5280 6.1]', async () => {
    const other = new Authority()
    other.make('root', { key: 'rsa', extensions: AUTHORITY })
    expect(await problemsOf(made.chain('mark', 'issuer'), { roots: [other.der('root')] })).toEqual(['bad-signature'])
    expect(await problemsOf(made.chain('mark', 'issuer', 'root'), { roots: [other.der('root')] })).toEqual([
      'bad-signature',
    ])
    expect(await problemsOf(made.chain('mark', 'issuer'), { roots: [other.der('root'), made.der('root')] })).toEqual([
      'pass',
    ])
    other.remove()
  })

  test('the mark itself among the roots vouches for nothing [rfc5280 6.1]', async () => {
    made.make('self', { extensions: MARK })
    expect(await problemsOf(made.chain('self'), { roots: [made.der('self')] })).toContain('untrusted')
  })

  test('a root may have an indicator of its own [rfc9399 3]', async () => {
    made.make('branded', { extensions: { ...AUTHORITY, '1.3.6.1.5.5.7.1.12': 'DER:3000' } })
    const chain = made.chain(mark({ issuer: 'branded' }))
    expect(await problemsOf(chain, { roots: [made.der('branded')] })).toEqual(['pass'])
  })

  test('every octet of a mark counts [rfc5280 6.1]', async () => {
    const whole = made.der('mark')
    const rest = made.chain('issuer')
    for (let at = 4; at < whole.length; at += 37) {
      const changed = whole.slice()
      changed[at] = changed[at]! ^ 1
      const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(changed).toString('base64')}\n-----END CERTIFICATE-----\n`
      expect(await problemsOf(new Uint8Array([...new TextEncoder().encode(pem), ...rest]))).not.toEqual(['pass'])
    }
  })

  test('a root that is no certificate is the caller’s fault', async () => {
    expect(await rejectionOf(() => verifyMark(made.chain('mark'), { ...options, roots: [new Uint8Array(3)] }))).toBe(
      'POLICY_BAD_RECORD',
    )
    expect(await rejectionOf(() => verifyMark(made.chain('mark'), { ...options, domain: 'a\0' }))).toBe('DNS_BAD_NAME')
  })

  test('any octets are a failure, not an error', async () => {
    const pem = (bytes: Uint8Array) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 900 }), async (bytes, at) => {
        const whole = made.der('mark')
        whole.set(bytes.subarray(0, Math.max(0, whole.length - at)), Math.min(at, whole.length))
        for (const evidence of [bytes, new TextEncoder().encode(pem(bytes)), new TextEncoder().encode(pem(whole))]) {
          expect((await verifyMark(evidence, options)).status).toBe('fail')
        }
      }),
      { numRuns: 40 },
    )
  })

  test('deep nesting is refused', async () => {
    for (const inner of [
      [48, 128],
      [160, 128],
    ]) {
      const deep = new Uint8Array(60_000).map((_, at) => inner[at % 2]!)
      const whole = made.der('mark')
      const bytes = new Uint8Array([...whole.subarray(0, 400), ...deep])
      expect(failureOf(() => readMarkCertificate(bytes))).toMatch(/^POLICY_/)
      expect(failureOf(() => readMarkCertificate(deep))).toMatch(/^POLICY_/)
    }
  })
})

describe('readMarkCertificate', () => {
  test('tells what the certificate says [vmc-11 4]', () => {
    const facts = readMarkCertificate(made.der('mark'))
    expect(facts).toMatchObject({
      dnsNames: ['example.com', 'news._bimi.example.net'],
      keyPurposes: ['1.3.6.1.5.5.7.3.31'],
      policies: ['1.3.6.1.4.1.53087.1.1'],
      revocationLists: ['http://crl.example.com/mark.crl'],
      timestamps: 1,
      kind: 'verified',
      pilot: false,
      logotype: { mediaType: 'image/svg+xml', url: dataUrl(SVG) },
    })
    expect(facts.subject.map(({ value }) => value)).toEqual(['Example', 'mark', 'Registered Mark'])
    expect(facts.issuer.map(({ value }) => value)).toEqual(['Example', 'issuer'])
    const serial = made.openssl('x509', '-in', 'mark.pem', '-serial', '-noout').toString().trim().split('=')[1]
    expect(facts.serialNumber.replace(/^00/, '')).toBe(serial?.toLowerCase())
    const dates = made.openssl('x509', '-in', 'mark.pem', '-dates', '-noout').toString().trim().split('\n')
    expect([facts.notBefore, facts.notAfter]).toEqual(dates.map((line) => Date.parse(line.split('=')[1]!)))
  })

  test.each([
    ['Registered Mark', 'verified'],
    ['Government Mark', 'verified'],
    ['Prior Use Mark', 'common'],
    ['Modified Registered Mark', 'common'],
    ['registered mark', 'unknown'],
    [undefined, 'unknown'],
  ])('%s: %s [mc requirements 7.1.4.2.2]', (markType, kind) => {
    const name = mark(markType === undefined ? {} : { markType })
    expect(readMarkCertificate(made.der(name)).kind).toBe(kind)
  })
})

describe('parseCertificateChain', () => {
  const one = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'
  test.each([
    ['one', one, 1],
    ['words around', `subject=x\n${one}\nissuer=y\n${one}`, 2],
    ['CRLF', one.replaceAll('\n', '\r\n'), 1],
    ['ten', one.repeat(10), 10],
  ])('%s [rfc7468 5]', (_, text, count) => {
    expect(parseCertificateChain(text)).toEqual(Array.from({ length: count }, () => new Uint8Array([48, 0])))
  })

  test.each([
    ['nothing', '', 'POLICY_BAD_RECORD'],
    ['a key', one.replaceAll('CERTIFICATE', 'PRIVATE KEY'), 'POLICY_BAD_RECORD'],
    ['no end', one.slice(0, 40), 'POLICY_BAD_RECORD'],
    ['no Base64', one.replace('MAA=', '!'), 'POLICY_BAD_RECORD'],
    ['one inside another', `-----BEGIN CERTIFICATE-----\n${one}`, 'POLICY_BAD_RECORD'],
    ['eleven', one.repeat(11), 'POLICY_TOO_LARGE'],
    ['too long', ' '.repeat(131_073), 'POLICY_TOO_LARGE'],
  ])('refuses %s [rfc7468 5]', (_, text, code) => {
    expect(failureOf(() => parseCertificateChain(text))).toBe(code)
  })
})

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { lintSvg } from '@posthorn/policy/svg'
import { parseCertificateChain, readMarkCertificate, verifyMark } from '@posthorn/policy/vmc'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AUTHORITY, Authority, digest, ISSUER, logotype, MARK, SVG } from '../mark-certificate.ts'

// Peers: openssl, the library of certificates of Python, and @postalsys/vmc, which mailauth looks at evidence with.
interface PeerMark {
  readonly type: 'VMC' | 'CMC'
  readonly hashValue: string
  readonly validHash: boolean
  readonly logoFile: string
  readonly certificate: {
    readonly subjectAltName: readonly string[]
    readonly validFrom: string
    readonly validTo: string
  }
}
interface PeerRoots {
  addCert(pem: string): boolean
}
const require = createRequire(import.meta.url)
const peer = require('@postalsys/vmc') as {
  readonly vmc: (pem: string, options: { rootStore: PeerRoots; now: Date }) => Promise<PeerMark>
  readonly RootStore: { create(): PeerRoots }
}

const made = new Authority()
const now = Date.now() + 60_000
const DAY = 86_400_000

beforeAll(() => {
  made.make('root', { key: 'rsa', extensions: AUTHORITY })
  made.make('stranger', { key: 'rsa', extensions: AUTHORITY })
  made.make('issuer', { key: 'p384', issuer: 'root', extensions: ISSUER })
  made.make('clerk', { key: 'rsa', issuer: 'root', extensions: { ...ISSUER, basicConstraints: 'CA:FALSE' } })
  const marks = {
    registered: { markType: 'Registered Mark' },
    used: { markType: 'Prior Use Mark' },
    purposeless: { extensions: { ...MARK, extendedKeyUsage: 'serverAuth' } },
    bare: { extensions: { ...MARK, '1.3.6.1.5.5.7.1.12': 'DER:3000' } },
    byClerk: { issuer: 'clerk' },
  }
  for (const [name, parts] of Object.entries(marks)) {
    made.make(name, { issuer: 'issuer', extensions: MARK, ...parts })
  }
})
afterAll(() => made.remove())

async function peerTakes(chain: Uint8Array, root: string, time: number): Promise<boolean> {
  const rootStore = peer.RootStore.create()
  rootStore.addCert(made.pem(root))
  try {
    return (await peer.vmc(new TextDecoder().decode(chain), { rootStore, now: new Date(time) })).validHash
  } catch {
    return false
  }
}

function opensslTakes(names: readonly string[], root: string, time: number): boolean {
  const [mark = '', ...issuers] = names
  const untrusted = issuers.flatMap((name) => ['-untrusted', `${name}.pem`])
  const at = ['-attime', String(Math.floor(time / 1000))]
  try {
    made.openssl('verify', ...at, '-CAfile', `${root}.pem`, ...untrusted, `${mark}.pem`)
    return true
  } catch {
    return false
  }
}

test.each<[string, string[], string, number, boolean, boolean]>([
  // What openssl is not asked is the purpose, and the image.
  ['a registered mark', ['registered', 'issuer'], 'root', now, true, true],
  ['with its root', ['used', 'issuer', 'root'], 'root', now, true, true],
  ['another root', ['registered', 'issuer'], 'stranger', now, false, false],
  ['no issuer', ['registered'], 'root', now, false, false],
  ['another issuer', ['byClerk', 'issuer'], 'root', now, false, false],
  ['an issuer that is no authority', ['byClerk', 'clerk'], 'root', now, false, false],
  ['too early', ['registered', 'issuer'], 'root', now - 2 * DAY, false, false],
  ['too late', ['registered', 'issuer'], 'root', now + 31 * DAY, false, false],
  ['another purpose', ['purposeless', 'issuer'], 'root', now, false, true],
  ['no image', ['bare', 'issuer'], 'root', now, false, true],
])('verifyMark: %s, as openssl and @postalsys/vmc take it [rfc5280 6.1]', async (_, names, root, time, takes, path) => {
  const chain = made.chain(...names)
  const options = { domain: 'example.com', selector: 'default', now: time, roots: [made.der(root)] }
  expect((await verifyMark(chain, options)).status).toBe(takes ? 'pass' : 'fail')
  expect(await peerTakes(chain, root, time)).toBe(takes)
  expect(opensslTakes(names, root, time)).toBe(path)
})

test('verifyMark: the indicator and its digest as @postalsys/vmc reads them [rfc9399 4.1]', async () => {
  for (const name of ['registered', 'used']) {
    const chain = made.chain(name, 'issuer')
    const rootStore = peer.RootStore.create()
    rootStore.addCert(made.pem('root'))
    const theirs = await peer.vmc(new TextDecoder().decode(chain), { rootStore, now: new Date(now) })
    const ours = await verifyMark(chain, { domain: 'example.com', selector: 'x', now, roots: [made.der('root')] })
    if (ours.status !== 'pass') throw new Error(ours.problems.join(' '))
    expect(Buffer.from(theirs.logoFile, 'base64').toString()).toBe(new TextDecoder().decode(ours.indicator))
    expect([theirs.hashValue]).toEqual(ours.certificate.logotype?.hashes.map(({ value }) => value))
    expect(theirs.type).toBe(ours.certificate.kind === 'verified' ? 'VMC' : 'CMC')
    expect(theirs.certificate.subjectAltName.map((one) => one.toLowerCase())).toEqual(ours.certificate.dnsNames)
    const { notBefore, notAfter } = ours.certificate
    expect([theirs.certificate.validFrom, theirs.certificate.validTo].map(Date.parse)).toEqual([notBefore, notAfter])
  }
})

// What issuers made, as the tests of the peer have it, and the roots that come with it.
const peerFolder = dirname(require.resolve('@postalsys/vmc/package.json'))

test.each([
  ['cnn', 'cnn.com', 'unknown'],
  ['globalsign-vmc', 'globalsign.com', 'verified'],
  ['paypal_vmc', 'paypal.com', 'verified'],
  ['redshift', 'redsift.com', 'unknown'],
  ['xometry_cmc', 'xometry.com', 'common'],
])('verifyMark, lintSvg: the certificate of %s, and the image in it [vmc-11 5]', async (name, domain, kind) => {
  const evidence = readFileSync(join(peerFolder, `test/fixtures/${name}.pem`))
  const [mark] = parseCertificateChain(evidence.toString('latin1'))
  const now = readMarkCertificate(mark!).notBefore + DAY
  const pems: string[] = JSON.parse(readFileSync(join(peerFolder, 'data/root-store.json'), 'utf8'))
  const roots = pems.flatMap((pem) => parseCertificateChain(pem))
  const ours = await verifyMark(new Uint8Array(evidence), { domain, selector: 'default', now, roots, allowPilot: true })
  if (ours.status !== 'pass') throw new Error(ours.problems.join(' '))
  const theirs = await peer.vmc(evidence.toString('latin1'), { rootStore: peer.RootStore.create(), now: new Date(now) })
  expect([ours.certificate.kind, theirs.type]).toEqual([kind, kind === 'common' ? 'CMC' : 'VMC'])
  expect(Buffer.from(theirs.logoFile, 'base64').equals(ours.indicator)).toBe(true)
  expect(lintSvg(ours.indicator).filter(({ severity }) => severity !== 'info')).toEqual([])
  const { notAfter } = ours.certificate
  const late = { domain, selector: 'default', now: notAfter + DAY, roots, allowPilot: true }
  expect(await verifyMark(new Uint8Array(evidence), late)).toMatchObject({ status: 'fail', problems: ['expired'] })
})

const { validateSvg } = require('mailauth/lib/bimi/validate-svg') as { readonly validateSvg: (svg: string) => boolean }

function mailauthTakes(svg: string): boolean {
  try {
    return validateSvg(svg)
  } catch {
    return false
  }
}

const image = (body: string): string => SVG.replace('<rect', `${body}<rect`)

test.each([
  ['an image', SVG, true],
  ['one with a gradient', image('<defs><linearGradient id="a"/></defs>'), true],
  ['one used twice', image('<g id="a"/><use xlink:href="#a"/>'), true],
  ['no image', '<html/>', false],
  ['another profile', SVG.replace('tiny-ps', 'tiny'), false],
  ['no title', SVG.replace(/<title>.*<\/title>/, ''), false],
  ['x on the root', SVG.replace('viewBox', 'x="0" viewBox'), false],
  ['a file from elsewhere', image('<use xlink:href="https://example.com/a.svg"/>'), false],
  ['a script', image('<g><script/></g>'), false],
  ['an animation', image('<animateTransform/>'), false],
  ['a change by time', image('<g><set to="1"/></g>'), false],
])('lintSvg: %s, as mailauth takes it [svg-tiny-ps-12 2]', (_, svg, takes) => {
  const errors = lintSvg(new TextEncoder().encode(svg)).filter(({ severity }) => severity === 'error')
  expect([errors.length === 0, mailauthTakes(svg)]).toEqual([takes, takes])
})

const SCRIPT = `
import json, sys
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
certificate, issuer = [x509.load_pem_x509_certificate(open(name + '.pem', 'rb').read()) for name in sys.argv[1:]]
issuer.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(certificate.signature_hash_algorithm))
get = lambda oid: certificate.extensions.get_extension_for_oid(oid).value
json.dump({
  'serialNumber': '%x' % certificate.serial_number,
  'dnsNames': [name.lower() for name in get(x509.oid.ExtensionOID.SUBJECT_ALTERNATIVE_NAME).get_values_for_type(x509.DNSName)],
  'keyPurposes': [oid.dotted_string for oid in get(x509.oid.ExtensionOID.EXTENDED_KEY_USAGE)],
  'policies': [one.policy_identifier.dotted_string for one in get(x509.oid.ExtensionOID.CERTIFICATE_POLICIES)],
  'revocationLists': [point.full_name[0].value for point in get(x509.oid.ExtensionOID.CRL_DISTRIBUTION_POINTS)],
  'subject': [{'type': one.oid.dotted_string, 'value': one.value} for one in certificate.subject],
  'issuer': [{'type': one.oid.dotted_string, 'value': one.value} for one in certificate.issuer],
  'logotype': get(x509.ObjectIdentifier('1.3.6.1.5.5.7.1.12')).value.hex(),
}, sys.stdout)
`

test('readMarkCertificate: what it says, as the library of Python reads it [rfc5280 4]', () => {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', SCRIPT, 'registered', 'issuer'], {
    cwd: made.folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const { logotype: extension, ...theirs } = JSON.parse(stdout)
  const ours = readMarkCertificate(made.der('registered'))
  const { serialNumber, dnsNames, keyPurposes, policies, revocationLists, subject, issuer } = ours
  const facts = { dnsNames, keyPurposes, policies, revocationLists, subject, issuer }
  expect({ ...facts, serialNumber: serialNumber.replace(/^0+/, '') }).toEqual(theirs)
  expect(extension).toBe(logotype())
  expect(ours.logotype?.hashes[0]?.value).toBe(digest('sha256', SVG).toString('hex'))
})

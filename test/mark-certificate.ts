/** Mark certificates for tests, made by openssl: a root, an issuer, and what the issuer vouches for. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

export const SVG = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
<title>Example</title><rect width="64" height="64" fill="#093"/></svg>
`

const SHA256 = '0609608648016503040201'
export const SHA1 = '06052b0e03021a'

function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

export interface LogotypeParts {
  readonly svg?: string
  readonly hashed?: string
  readonly hashes?: readonly Buffer[]
  readonly mediaType?: string
  readonly url?: string
  readonly copies?: number
}

export function logotypeHash(algorithm: string, value: Buffer): Buffer {
  return der(48, der(48, Buffer.from(algorithm, 'hex')), der(4, value))
}

export function digest(name: string, text: string): Buffer {
  return createHash(name).update(text).digest()
}

export function dataUrl(svg: string): string {
  return `data:image/svg+xml;base64,${gzipSync(svg).toString('base64')}`
}

/** LogotypeExtn of RFC 9399 appendix A, in base 16. */
export function logotype(parts: LogotypeParts = {}): string {
  const { svg = SVG, hashed = svg, mediaType = 'image/svg+xml', url = dataUrl(svg), copies = 1 } = parts
  const hashes = parts.hashes ?? [logotypeHash(SHA256, digest('sha256', hashed))]
  const details = der(48, der(22, mediaType), der(48, ...hashes), der(48, der(22, url)))
  const images = der(48, ...Array.from({ length: copies }, () => der(48, details)))
  return der(48, der(162, der(160, images))).toString('hex')
}

// SignedCertificateTimestamp of RFC 6962 section 3.2: version, log, time, no extensions, ECDSA with SHA-256, no signature.
const TIMESTAMP = Buffer.concat([Buffer.alloc(43), Buffer.from([4, 3, 0, 0])])

/** A list of one timestamp, of the right form and signed by nobody. */
export const TIMESTAMPS: string = der(4, Buffer.from([0, 49, 0, 47]), TIMESTAMP).toString('hex')

export interface CertificateParts {
  readonly key?: 'p256' | 'p384' | 'p521' | 'rsa' | 'rsa1024' | 'ed25519'
  readonly issuer?: string
  readonly digest?: 'sha256' | 'sha384' | 'sha512' | 'sha1'
  readonly markType?: string
  readonly extensions: Readonly<Record<string, string>>
}

export const AUTHORITY = { basicConstraints: 'critical,CA:TRUE', keyUsage: 'critical,keyCertSign,cRLSign' }
export const ISSUER = { ...AUTHORITY, extendedKeyUsage: '1.3.6.1.5.5.7.3.31' }
export const MARK = {
  basicConstraints: 'critical,CA:FALSE',
  keyUsage: 'critical,digitalSignature',
  extendedKeyUsage: '1.3.6.1.5.5.7.3.31',
  subjectAltName: 'DNS:Example.com,DNS:news._bimi.example.net',
  certificatePolicies: '1.3.6.1.4.1.53087.1.1',
  crlDistributionPoints: 'URI:http://crl.example.com/mark.crl',
  '1.3.6.1.5.5.7.1.12': `DER:${logotype()}`,
  '1.3.6.1.4.1.11129.2.4.2': `DER:${TIMESTAMPS}`,
}

const KEYS = {
  p256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  p521: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  rsa: ['rsa:2048'],
  rsa1024: ['rsa:1024'],
  ed25519: ['ed25519'],
}

/** A folder of certificates. */
export class Authority {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'posthorn-mark-'))

  openssl(...args: string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** Makes a certificate, and gives it in PEM. */
  make(name: string, { key = 'p256', issuer, digest: md, markType, extensions }: CertificateParts): string {
    const config = [
      'oid_section=oids',
      '[oids]',
      'markType=1.3.6.1.4.1.53087.1.13',
      '[req]',
      'distinguished_name=dn',
      '[dn]',
      '[ext]',
      ...Object.entries(extensions).map(([type, value]) => `${type}=${value}`),
    ]
    writeFileSync(join(this.folder, `${name}.cnf`), `${config.join('\n')}\n`)
    const subject = `/O=Example/CN=${name}${markType === undefined ? '' : `/markType=${markType}`}`
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-config', `${name}.cnf`, '-extensions', 'ext']
    const by = issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`]
    const hash = md === undefined ? [] : [`-${md}`]
    this.openssl(
      'req',
      '-x509',
      '-newkey',
      ...KEYS[key],
      '-nodes',
      '-subj',
      subject,
      '-days',
      '30',
      ...hash,
      ...files,
      ...by,
    )
    return this.pem(name)
  }

  pem(name: string): string {
    return readFileSync(join(this.folder, `${name}.pem`), 'latin1')
  }

  der(name: string): Uint8Array {
    return new Uint8Array(this.openssl('x509', '-in', `${name}.pem`, '-outform', 'DER'))
  }

  /** The certificates one after the other. */
  chain(...names: string[]): Uint8Array {
    return new TextEncoder().encode(names.map((name) => this.pem(name)).join(''))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

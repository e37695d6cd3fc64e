/** A throw-away certificate authority and one certificate of it, both good for a day. */

import type { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** What a server with a private certificate authority needs, in PEM. */
export interface ThrowAwayCertificate {
  /** The certificate of the authority, which a client trusts. */
  readonly ca: string
  /** The certificate of the server. */
  readonly cert: string
  /** The private key of the server. */
  readonly key: string
}

const DAY = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes an authority and a certificate for one host name. */
export async function makeCertificate(hostname: string, now: number): Promise<ThrowAwayCertificate> {
  cryptoProvider.set(crypto)
  const [caKeys, keys] = await Promise.all([makeKeys(), makeKeys()])
  const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + DAY), signingAlgorithm: ALGORITHM }
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=Posthorn demonstration authority',
    keys: caKeys,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  const cert = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: '02',
    subject: `CN=${hostname}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  })
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { ca: ca.toString('pem'), cert: cert.toString('pem'), key }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

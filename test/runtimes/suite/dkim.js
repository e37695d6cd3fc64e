/** Signatures on the runtime's own WebCrypto: the example of RFC 8463, the same signature everywhere, keys of every form. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import {
  BodyCanonicalizer,
  DkimBodyHasher,
  exportDkimKey,
  generateDkimKey,
  importDkimKey,
  parseDkimRecord,
  signDkim,
  verifyDkim,
} from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { check, equal, fails, pieces } from './check.js'
import { DOMAIN, ED25519_PEM, RECORDS, RSA_PEM } from './keys.js'

const SIGNED_AT = 1_528_637_909_000

// RFC 8463 appendix A.3
const ED25519_SIGNATURE = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
`
const RSA_SIGNATURE = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
`
const MESSAGE = `From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`

// The fields that signDkim makes of MESSAGE with these keys: both algorithms leave it no choice.
const OUR_SIGNATURES = {
  brisbane: 'teMxxNzaQ4a906LGJfT2qGqheXkIPKy3WHIInjnTWmIk84b7LuEh81XhV1rUVMQD0Zqx/f+Z1aJbe5Qf1ywABw==',
  test: '0bk/XUfkhuBTUtKYqkflC/1/r8zbaasIULmALOCuAbv5LYMaIIa29/egVv8QdxV3mf/1xl1VjmJl1wZL3/NdAl9cfrl17mSThb/rW+3fBcjC1P3aR6VukMqZizFMEEJhZ0pQ/ywOyas01CxNAQ5PCeZnTHW50jBuTYrL2eIkzgk=',
}

// Made by Python's hashlib.
const LONG_BODY = {
  simple: 'Zgly1lVuVDHbiFRrsYVE00KKpPpbV1PC2GdgF98//vY=',
  relaxed: 'cCzCd+mB+XG/BmJxv+BpkfSS9vbm9/F/CR6qLMChR3Y=',
}

function zone() {
  const made = new MemoryZone()
  for (const [selector, record] of Object.entries(RECORDS)) made.add(`${selector}._domainkey.${DOMAIN}`, 'TXT', record)
  return made
}

const wire = (text) => encodeUtf8(text.replaceAll('\n', '\r\n'))

async function verdicts(text, options) {
  const found = await verifyDkim(wire(text), { resolver: zone(), now: SIGNED_AT, ...options })
  return found.map(({ result, reason }) => (reason ? `${result} ${reason}` : result))
}

const sign = (key, options) =>
  signDkim(wire(MESSAGE), { domain: DOMAIN, selector: 'brisbane', key, now: SIGNED_AT, ...options })

/** What a key makes of a message, tried against the record that belongs to it. */
async function resultOf(key, record) {
  const resolver = new MemoryZone().add(`s._domainkey.${DOMAIN}`, 'TXT', record)
  const field = await sign(key, { selector: 's' })
  const [verdict] = await verifyDkim(concatBytes([field, wire(MESSAGE)]), { resolver, now: SIGNED_AT })
  return verdict.result
}

const tagOf = (field) =>
  decodeUtf8(field)
    .replace(/[\s\S]*;\s*b=/, '')
    .replaceAll(/\s/g, '')

export const dkim = [
  check('dkim: both signatures of RFC 8463 pass', async () => {
    equal(await verdicts(ED25519_SIGNATURE + RSA_SIGNATURE + MESSAGE), ['pass', 'pass'])
  }),
  check('dkim: what was changed after signing is found out, and why', async () => {
    const signed = ED25519_SIGNATURE + RSA_SIGNATURE + MESSAGE
    const both = (verdict) => [verdict, verdict]
    equal(await verdicts(signed.replace('Hi.', 'Ho.')), both('fail body-hash-mismatch'))
    equal(await verdicts(signed.replace('dinner', 'supper')), both('fail signature-mismatch'))
    equal(await verdicts(signed.replace('dA+L', 'dA+M').replace('Fa3b', 'Fa3c')), both('fail signature-mismatch'))
    equal(await verdicts(signed.replace('Joe SixPack', 'Joe  SixPack')), both('pass'))
    equal(await verdicts(signed, { resolver: new MemoryZone() }), both('permerror key-nxdomain'))
    equal(await verdicts(signed, { minRsaBits: 2048 }), ['pass', 'policy key-too-short'])
  }),
  check('dkim: the same message, key and time give the same signature in every runtime', async () => {
    const keys = { brisbane: await importDkimKey(ED25519_PEM), test: await importDkimKey(RSA_PEM) }
    for (const [selector, key] of Object.entries(keys)) {
      const field = await sign(key, { selector })
      equal(tagOf(field), OUR_SIGNATURES[selector], selector)
      equal(await verdicts(decodeUtf8(field).replaceAll('\r\n', '\n') + MESSAGE), ['pass'])
    }
  }),
  check('dkim: a body of 3 MB that comes in chunks has the hash that it has at once', async () => {
    const chunk = encodeUtf8('All work  and no play \r\n'.repeat(3000))
    const hasher = new DkimBodyHasher({ canonicalizations: ['simple', 'relaxed'] })
    for (let index = 0; index < 44; index++) {
      hasher.push(chunk)
      await hasher.ready()
    }
    equal(await hasher.end(), LONG_BODY)
  }),
  check('dkim: keys are read as PKCS #8 and PKCS #1, written, and read again', async () => {
    for (const pem of [ED25519_PEM, RSA_PEM]) {
      const key = await importDkimKey(`Bag Attributes\n${pem}`, { extractable: true })
      const written = await exportDkimKey(key)
      equal(written.startsWith('-----BEGIN PRIVATE KEY-----\n'), true)
      equal(tagOf(await sign(await importDkimKey(written))), tagOf(await sign(key)))
      await fails('DKIM_BAD_KEY', async () => exportDkimKey(await importDkimKey(pem)))
    }
    await fails('DKIM_BAD_KEY', () => importDkimKey(ED25519_PEM.replace('IJ1h', 'AAAA')))
  }),
  check('dkim: keys are made, and serve with what is published of them', async () => {
    for (const [algorithm, keyType] of [
      ['rsa-sha256', 'rsa'],
      ['ed25519-sha256', 'ed25519'],
    ]) {
      const { privateKey, record } = await generateDkimKey({ algorithm })
      equal([parseDkimRecord(record).keyType, await resultOf(privateKey, record)], [keyType, 'pass'])
      const read = await importDkimKey(await exportDkimKey(privateKey))
      equal(await resultOf(read, record), 'pass')
    }
  }),
  check('dkim: keys of WebCrypto itself are taken, those for something else are not', async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    equal(tagOf(await sign(privateKey)).length, 88)
    await fails('DKIM_BAD_KEY', () => sign(publicKey))
    await fails('DKIM_BAD_KEY', () => sign(privateKey, { algorithm: 'rsa-sha256' }))
    const parameters = { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1) }
    const pss = await crypto.subtle.generateKey(parameters, false, ['sign', 'verify'])
    await fails('DKIM_BAD_KEY', () => sign(pss.privateKey))
  }),
  check('dkim: the canonical body is the same at every split', () => {
    for (const size of [1, 2, 3, 1000]) {
      const canonicalizer = new BodyCanonicalizer('relaxed')
      const out = []
      for (const piece of pieces(wire('a  b \t\n\n \n c\n\n\n'), size)) out.push(canonicalizer.push(piece).slice())
      equal(decodeUtf8(concatBytes([...out, canonicalizer.end()])), 'a b\r\n\r\n\r\n c\r\n', `by ${size}`)
    }
  }),
]

/**
 * Signing and verifying beside mailauth, nodemailer's signer, and WebCrypto alone, which does no more than sign or verify what
 * is as long as a canonical header. mailauth and nodemailer take keys as PEM, WebCrypto one that has been imported.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { concatBytes, encodeLatin1 } from '@posthorn/core'
import { DkimBodyHasher, DkimKeyCache, importDkimKey, signDkim, verifyDkim } from '@posthorn/dkim'
import { dkimBody } from 'mailauth/lib/dkim/body/index.js'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import DKIM from 'nodemailer/lib/dkim'

/** mailauth needs this Node. */
export const NODE = '22.19.0'

const DOMAIN = 'example.com'
const HEADER = [
  'Received: from client.example.com (client.example.com [192.0.2.7])\r\n\tby mx.example.org with ESMTPS id 4711',
  'From: Ann Lee <ann@example.com>',
  'To: Bob <bob@example.net>, Carol <carol@example.net>',
  'Subject: Minutes of the meeting on Thursday',
  'Date: Sun, 29 Nov 2026 12:00:00 +0000',
  'Message-ID: <4711.42@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 7bit',
]
const LINE = 'The quick brown fox jumps over the lazy dog,  and does so \tagain and again \r\n'

const KINDS = {
  rsa: { algorithm: 'rsa-sha256', pair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  ed25519: { algorithm: 'ed25519-sha256', pair: () => generateKeyPairSync('ed25519') },
}

/** @param {number} length How many octets, about; text in lines. */
export function messageOf(length) {
  const header = `${HEADER.join('\r\n')}\r\n\r\n`
  return encodeLatin1(header + LINE.repeat(Math.ceil((length - header.length) / LINE.length)))
}

/** A key in every form, with its record. */
export async function keysOf(kind) {
  const { algorithm, pair } = KINDS[kind]
  const { privateKey, publicKey } = pair()
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const published = (kind === 'ed25519' ? der.subarray(-32) : der).toString('base64')
  return { algorithm, pem, key: await importDkimKey(pem), record: `v=DKIM1; k=${kind}; p=${published}` }
}

export const row = (name, count, work) => ({
  name,
  async run() {
    const start = performance.now()
    for (let done = 0; done < count; done++) await work()
    return (count / (performance.now() - start)) * 1000
  },
})

/** As {@link row}, with so many under way at a time. */
const rowOfMany = (name, count, work, together) => ({
  name,
  async run() {
    let left = count
    const one = async () => {
      while (left-- > 0) await work()
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: together }, one))
    return (count / (performance.now() - start)) * 1000
  },
})

const CRYPTO = { rsa: 'RSASSA-PKCS1-v1_5', ed25519: 'Ed25519' }
const dataFor = (kind) => new Uint8Array(kind === 'rsa' ? 900 : 32)

/**
 * Rows that sign.
 *
 * @param {'rsa' | 'ed25519'} kind Of the key; nodemailer has RSA alone.
 * @param {{ length: number, count: number, together?: number }} size Octets of the message, how many are signed for one figure,
 * and how many of them are under way at a time.
 */
export async function signRows(kind, { length, count, together = 1 }) {
  const message = messageOf(length)
  const { algorithm, pem, key } = await keysOf(kind)
  const own = { domain: DOMAIN, selector: 's', key, now: Date.now() }
  const signatureData = [{ signingDomain: DOMAIN, selector: 's', privateKey: pem, algorithm }]
  const theirs = { signatureData, algorithm, canonicalization: 'relaxed/relaxed', signTime: new Date() }
  const nodemailer = new DKIM({ domainName: DOMAIN, keySelector: 's', privateKey: pem })
  const drain = async () => {
    for await (const chunk of nodemailer.sign(Buffer.from(message))) if (chunk.length < 0) throw new Error('no chunk')
  }
  const data = dataFor(kind)
  const works = {
    mailauth: () => dkimSign(Buffer.from(message), theirs),
    ...(kind === 'rsa' && { nodemailer: drain }),
    'WebCrypto alone': () => crypto.subtle.sign(CRYPTO[kind], key, data),
    posthorn: () => signDkim(message, own),
  }
  return Object.entries(works).map(([name, work]) => rowOfMany(name, count, work, together))
}

/**
 * Rows that verify.
 *
 * @param {'rsa' | 'ed25519'} kind Of the key.
 * @param {{ length: number, count: number }} size Octets of the message, and how many are verified for one figure.
 */
export async function verifyRows(kind, { length, count }) {
  const { key, record } = await keysOf(kind)
  const message = messageOf(length)
  const signed = concatBytes([
    await signDkim(message, { domain: DOMAIN, selector: 's', key, now: Date.now() }),
    message,
  ])
  const answer = { status: 'found', name: '', records: [record], ttl: 60, authenticated: false }
  const own = { resolver: { resolve: async () => answer }, now: Date.now() }
  const check = (result) => {
    if (result !== 'pass') throw new Error(`It says ${result}`)
  }
  const verify = async (options) => check((await verifyDkim(signed, options))[0].result)
  const keyCache = new DkimKeyCache()
  const theirs = async () => {
    const { results } = await dkimVerify(Buffer.from(signed), { resolver: async () => [[record]] })
    check(results[0].status.result)
  }
  return [
    row('mailauth', count, theirs),
    row('WebCrypto alone', count, await bareVerifier(kind)),
    row('posthorn', count, () => verify(own)),
    row('posthorn, key kept', count, () => verify({ ...own, keyCache })),
  ]
}

async function bareVerifier(kind) {
  const rsa = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
  const algorithm = kind === 'rsa' ? { name: CRYPTO.rsa, ...rsa } : CRYPTO.ed25519
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const data = dataFor(kind)
  const value = await crypto.subtle.sign(CRYPTO[kind], privateKey, data)
  return () => crypto.subtle.verify(CRYPTO[kind], publicKey, value, data)
}

/** Rows that hash a body of 1 MB in its relaxed form, in MB/s; the hash alone is of the octets as they are. */
export async function bodyRows() {
  const body = messageOf(1_000_000)
  const perSecond = (one) => ({ ...one, run: async () => ((await one.run()) * body.length) / 1_000_000 })
  const theirs = () => {
    const hasher = dkimBody('relaxed/relaxed', 'sha256', false)
    hasher.update(Buffer.from(body))
    return hasher.digest('base64')
  }
  const own = () => {
    const hasher = new DkimBodyHasher()
    hasher.push(body)
    return hasher.end()
  }
  const alone = () => createHash('sha256').update(body).digest('base64')
  return [row('mailauth', 10, theirs), row('hash alone', 10, alone), row('posthorn', 10, own)].map(perSecond)
}

import { concatBytes, decodeLatin1, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import { exportDkimKey, type GeneratedDkimKey, generateDkimKey } from '@posthorn/dkim'
import { type SealArcOptions, sealArc, validateArc } from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArcPeer, startDkimpy, startMailauth } from './lib/arc-peers.ts'
import { type Rspamd, startRspamd } from './lib/rspamd.ts'

// Chains of up to three sets, by us and by others in every order, before the validators of all.
const peers: ArcPeer[] = []
let rspamd: Rspamd
beforeAll(async () => {
  peers.push(startDkimpy(), startMailauth())
  rspamd = await startRspamd()
})
afterAll(async () => {
  for (const peer of peers) peer.stop()
  await rspamd.stop()
})

const NAME = 's._domainkey.example.com'
const MESSAGES = [
  'From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: plain\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\n\r\nHi.\r\n',
  'Received: from a\r\n\tby b;  x\r\nFROM:\t"A  B"\t<ann@example.com> \r\nsubject:a\r\n  b \t c\r\n\td  \r\n\r\n lead\r\n\ttab \t \r\n\r\n\r\n',
  'From: Ärger <ann@example.com>\r\nSubject: grüß\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\né ü\r\n',
].map(encodeUtf8)

type Sealer = 'ours' | 'dkimpy' | 'mailauth' | 'rspamd'
type Form = NonNullable<SealArcOptions['canonicalization']>

function validate(message: Uint8Array, record: string) {
  return validateArc(message, { resolver: new MemoryZone().add(NAME, 'TXT', record), now: Date.now() })
}

async function add(message: Uint8Array, sealer: Sealer, key: GeneratedDkimKey, form: Form) {
  const { privateKey, record } = key
  if (sealer === 'rspamd') {
    const signer = { domain: 'example.com', selector: 's', key: await exportDkimKey(privateKey) }
    return rspamd.seal(message, signer, { [NAME]: record })
  }
  const validation = await validate(message, record)
  if (sealer !== 'ours') {
    const job = { key: await exportDkimKey(privateKey), algorithm: algorithmOf(key), status: validation.result }
    return concatBytes([await peers[sealer === 'dkimpy' ? 0 : 1]!.seal(message, job), message])
  }
  const fields = await sealArc(message, {
    validation,
    authenticationResults: 'mx.example; spf=pass smtp.mailfrom=ann@example.com',
    domain: 'example.com',
    selector: 's',
    key: privateKey,
    canonicalization: form,
    now: Date.now(),
  })
  return concatBytes([fields!, message])
}

const algorithmOf = ({ privateKey }: GeneratedDkimKey) =>
  privateKey.algorithm.name === 'Ed25519' ? 'ed25519-sha256' : 'rsa-sha256'

/** What all say, ourselves first; dkimpy knows chains by RSA alone. */
async function verdicts(message: Uint8Array, key: GeneratedDkimKey): Promise<string[]> {
  const [dkimpy, mailauth] = peers
  const records = { [NAME]: key.record }
  const { result, reason } = await validate(message, key.record)
  const told = [
    ...(algorithmOf(key) === 'rsa-sha256' ? [await dkimpy!.validate(message, records)] : []),
    await mailauth!.validate(message, records),
    await mailauth!.validate(message, records, true),
    await rspamd.validate(message, records),
  ]
  const said = told.map((one) => (one.result === 'pass' ? 'pass' : `${one.result} (${one.comment})`))
  return [reason ? `${result} (${reason})` : result, ...said]
}

/** The results that were not wanted. */
async function others(wanted: string, message: Uint8Array, key: GeneratedDkimKey): Promise<string[]> {
  return (await verdicts(message, key)).filter((one) => one.split(' ')[0] !== wanted)
}

const changed = (message: Uint8Array, from: RegExp, to: string) => encodeLatin1(decodeLatin1(message).replace(from, to))

describe.each(['rsa-sha256', 'ed25519-sha256'] as const)('%s', (algorithm) => {
  let key: GeneratedDkimKey
  beforeAll(async () => {
    key = await generateDkimKey({ algorithm })
  })

  test.each(['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'] as const)(
    '%s: all validate our chains of one to three sets, and find out changes',
    async (form) => {
      for (const message of MESSAGES) {
        let chain: Uint8Array = message
        for (let sets = 1; sets <= 3; sets++) {
          chain = await add(chain, 'ours', key, form)
          expect(await others('pass', chain, key)).toEqual([])
        }
        const broken = [changed(chain, /\r\n\r\n/, '\r\n\r\nnew\r\n'), changed(chain, /i=1; mx/, 'i=1; my')]
        for (const one of broken) expect(await others('fail', one, key)).toEqual([])
      }
    },
  )

  async function expectEachToPass(orders: readonly (readonly Sealer[])[]): Promise<void> {
    for (const message of MESSAGES) {
      for (const order of orders) {
        let chain: Uint8Array = message
        for (const sealer of order) {
          chain = await add(chain, sealer, key, 'relaxed/relaxed')
          expect(await others('pass', chain, key), order.join()).toEqual([])
        }
      }
    }
  }

  const sealers: Sealer[] = algorithm === 'rsa-sha256' ? ['dkimpy', 'mailauth'] : ['mailauth']
  test.each(sealers)('all validate chains of %s and us, in every order', (theirs) =>
    expectEachToPass([
      [theirs, theirs, theirs],
      [theirs, 'ours', theirs],
      ['ours', theirs, 'ours'],
    ]),
  )

  // It seals by RSA alone.
  const rsaSealers = algorithm === 'rsa-sha256' ? (['rspamd'] as const) : []
  test.each(rsaSealers)('all validate chains of %s and us', (theirs) =>
    expectEachToPass([
      [theirs, theirs, 'ours'],
      [theirs, 'ours', 'ours'],
      ['ours', theirs, 'ours'],
    ]),
  )

  // The sets before its own are sealed from the last to the first: RFC 8617 section 5.1.1 has them the other way around.
  test.each(rsaSealers)('nobody validates the third set of %s, itself among them', async (theirs) => {
    let chain: Uint8Array = MESSAGES[0]!
    for (const sealer of ['ours', 'ours', theirs] as const) chain = await add(chain, sealer, key, 'relaxed/relaxed')
    expect(await others('fail', chain, key)).toEqual([])
  })
})

import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { exportDkimKey, type GeneratedDkimKey, generateDkimKey, signDkim, verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DkimPeer, seedOf, startDkimpy } from './lib/dkim-peers.ts'

// Signatures of ours before dkimpy's verifier, and dkimpy's before ours: every algorithm and canonicalization.
let dkimpy: DkimPeer
beforeAll(() => {
  dkimpy = startDkimpy()
})
afterAll(() => dkimpy.stop())

const HEADERS = [
  'From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: plain\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\n',
  'Received: from a\r\n\tby b;  x\r\nFROM:\t"A  B"\t<ann@example.com> \r\nsubject:a\r\n  b \t c\r\n\td  \r\nX-Odd:\r\nCc: \r\n',
  'From: Ärger <ann@example.com>\r\nSubject: grüß\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n',
  'From: ann@example.com\r\nTo: a@b.example\r\nTo: c@d.example\r\nReferences: <a@b>\r\n <c@d>\r\n',
]

const BODIES = [
  '',
  '\r\n\r\n\r\n',
  'no end',
  'Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n',
  ' lead\r\n\ttab \t \r\n  \r\n\t\r\nmid  dle\t\tx\r\n',
  'trail  \r\n\r\n \r\n\t\r\n',
  'é ü \u2028 \r\n',
  `${'x'.repeat(5000)}\r\n`,
]

const MESSAGES = HEADERS.flatMap((header) => BODIES.map((body) => encodeUtf8(`${header}\r\n${body}`)))

/** The last octet of the message that is a letter or digit, changed. */
function tampered(message: Uint8Array): Uint8Array {
  const changed = message.slice()
  let at = changed.length - 1
  while (!/[a-y]/.test(String.fromCharCode(changed[at]!))) at--
  changed[at]! ^= 1
  return changed
}

const SIGNER = { domain: 'example.com', selector: 's' }
const OWNER = 's._domainkey.example.com'

describe.each(['rsa-sha256', 'ed25519-sha256'] as const)('%s', (algorithm) => {
  let key: GeneratedDkimKey
  beforeAll(async () => {
    key = await generateDkimKey({ algorithm })
  })

  test.each(['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'] as const)(
    '%s: each takes the signatures of the other, and refuses a changed message',
    async (canonicalization) => {
      const resolver = new MemoryZone().add(OWNER, 'TXT', key.record)
      const pem = await exportDkimKey(key.privateKey)
      const job = { ...SIGNER, key: algorithm === 'ed25519-sha256' ? seedOf(pem) : pem, algorithm, canonicalization }
      for (const message of MESSAGES) {
        const options = { ...SIGNER, key: key.privateKey, canonicalization, now: Date.now() }
        const ours = concatBytes([await signDkim(message, options), message])
        expect(await dkimpy.takes(ours, OWNER, key.record)).toBe(true)
        expect(await dkimpy.takes(tampered(ours), OWNER, key.record)).toBe(false)
        const theirs = await dkimpy.sign(message, job)
        const [verdict] = await verifyDkim(theirs, { resolver, now: Date.now() })
        expect(verdict).toMatchObject({ result: 'pass', unsignedOctets: 0 })
        const [changed] = await verifyDkim(tampered(theirs), { resolver, now: Date.now() })
        expect(changed?.result).toBe('fail')
      }
    },
  )
})

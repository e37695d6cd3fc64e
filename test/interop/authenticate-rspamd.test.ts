import { authenticate } from '@posthorn/auth'
import { concatBytes, encodeUtf8 } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import { sealArc, validateArc } from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CASES, envelopeOf, messageOf, type OtherVerdict, zone } from './lib/authenticated-messages.ts'
import { type Rspamd, startRspamd } from './lib/rspamd.ts'

// Whole messages before rspamd and `authenticate`: SPF, each signature, and DMARC are the same, or differ for a reason.
let rspamd: Rspamd
beforeAll(async () => {
  rspamd = await startRspamd()
})
afterAll(() => rspamd.stop())

const AUTHORS = 'where there is not one author, DMARC has no result there'

const DIFFERENCES: Readonly<Record<string, OtherVerdict>> = {
  'an SPF record that is malformed': { verdict: 'fail none fail', why: 'a term that is malformed is passed over' },
  'two SPF records': { verdict: 'fail none fail', why: 'the first of several records counts' },
  'two authors of one domain': { verdict: 'pass none none', why: AUTHORS },
  'two authors': { verdict: 'pass none none', why: AUTHORS },
  'a group': { verdict: 'pass none nothing', why: 'DMARC ends without any finding' },
  'an empty group': { verdict: 'pass none none', why: AUTHORS },
  'U-labels': { verdict: 'pass none fail', why: 'U-labels are not put into A-labels' },
  'two From fields': { verdict: 'pass none none', why: AUTHORS },
  'no From field': { verdict: 'pass none none', why: AUTHORS },
}

test.each(CASES)('whole messages: $name', async (one) => {
  const { spf, dkim, dmarc } = await rspamd.authenticate(await messageOf(one), zone, envelopeOf(one))
  expect([spf, ...dkim, dmarc].join(' ')).toBe(DIFFERENCES[one.name]?.verdict ?? one.verdict)
})

describe('chains of ARC', async () => {
  const { privateKey: key, record } = await generateDkimKey({ algorithm: 'rsa-sha256' })
  const resolver = new MemoryZone()
    .add('arc._domainkey.list.example', 'TXT', record)
    .add('a.example', 'TXT', 'v=spf1 ip4:198.51.100.1 -all')
    .add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=reject')
  const envelope = { clientAddress: '192.0.2.7', helo: 'mx.list.example', reversePath: 'x@a.example' }
  const now = Date.now()

  async function sealed(): Promise<Uint8Array> {
    const message = encodeUtf8('From: x@a.example\r\nSubject: s\r\n\r\nHello\r\n')
    const authenticationResults =
      'mx.list.example; spf=pass smtp.mailfrom=x@a.example; dmarc=pass header.from=a.example'
    const validation = await validateArc(message, { resolver, now })
    const options = { validation, authenticationResults, domain: 'list.example', selector: 'arc', key, now }
    return concatBytes([(await sealArc(message, options))!, message])
  }

  test.each([
    { name: 'as it was sealed', change: (message: Uint8Array) => message, verdict: 'fail none fail pass' },
    {
      name: 'with more in its body',
      change: (message: Uint8Array) => concatBytes([message, encodeUtf8('added\r\n')]),
      verdict: 'fail none fail fail',
    },
  ])('$name', async ({ change, verdict }) => {
    const message = change(await sealed())
    const { spf, dkim, dmarc, arc } = await authenticate(message, { ...envelope, resolver, now })
    expect([spf.result, dkim[0]?.result ?? 'none', dmarc.result, arc?.result].join(' ')).toBe(verdict)
    const theirs = await rspamd.authenticate(message, resolver, envelope)
    expect([theirs.spf, ...theirs.dkim, theirs.dmarc, theirs.arc].join(' ')).toBe(verdict)
  })
})

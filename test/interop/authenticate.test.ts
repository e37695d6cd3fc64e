import { authenticate } from '@posthorn/auth'
import { decodeLatin1 } from '@posthorn/core'
import type { Answer, MxData } from '@posthorn/dns'
import { expect, test } from 'vitest'
import { CASES, envelopeOf, messageOf, zone } from './lib/authenticated-messages.ts'
import { type Answerer, startMailauth } from './lib/dmarc-peers.ts'

// Whole messages before mailauth and `authenticate`, with one zone: the same verdicts, or the difference with its reason.
const withPriority = ({ preference, exchange }: MxData) => ({ preference, exchange, priority: preference })
const answer: Answerer = async (name, type) => {
  const found: Answer = await zone.resolve(name, type)
  if (found.status !== 'found' || type !== 'MX') return found
  return { ...found, records: (found.records as readonly MxData[]).map(withPriority) }
}

test.each([{ strict: false }, { strict: true }])(
  'mailauth finds of whole messages what is found here, %j',
  async ({ strict }) => {
    const peer = startMailauth()
    try {
      for (const one of CASES) {
        const message = await messageOf(one)
        const now = Date.now()
        const envelope = envelopeOf(one)
        const { spf, dkim, dmarc } = await authenticate(message, { ...envelope, resolver: zone, now })
        const signatures = dkim.length > 0 ? dkim.map(({ result }) => result) : ['none']
        expect(`${one.name}: ${[spf.result, ...signatures, dmarc.result].join(' ')}`).toBe(
          `${one.name}: ${one.verdict}`,
        )
        const { clientAddress: ip, helo, reversePath: sender } = envelope
        const job = { message: decodeLatin1(message), ip, helo, sender, strict }
        const found = await peer.evaluate({ authorDomains: [] }, answer, job)
        const theirs = [found.spf, ...(found.dkim ?? []), found.result].join(' ')
        const isOther = one.mailauth !== undefined && !(strict && one.mailauth.lenient)
        expect(`${one.name}: ${theirs}`).toBe(`${one.name}: ${isOther ? one.mailauth?.verdict : one.verdict}`)
      }
    } finally {
      peer.stop()
    }
  },
)

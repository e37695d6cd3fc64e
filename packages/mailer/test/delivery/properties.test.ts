import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DeliveredRecipient, deliver } from '../../src/deliver.ts'
import { certificates, type Host, mailTo, Network, saying, textOf } from './network.ts'

const GOOD = certificates([])

// The local part says what a host thinks of a recipient.
const byLocalPart: NonNullable<Host['onRecipient']> = (path) => {
  const [kind] = textOf(path)
  if (kind === 'x') return { code: 550, lines: ['No such user'] }
  if (kind === 'y') return { code: 451, lines: ['Greylisted'] }
  return kind === 'z' ? { code: 452, lines: ['Too many recipients'] } : undefined
}

const BEHAVIOURS: Readonly<Record<string, Host | undefined>> = {
  dead: undefined,
  well: { onRecipient: byLocalPart },
  secure: { presents: GOOD, onRecipient: byLocalPart },
  brokenTls: { tls: true, onRecipient: byLocalPart },
  refusesAll: { onConnect: () => ({ code: 554, lines: ['No'] }) },
  busy: { onConnect: () => ({ code: 421, lines: ['Busy'] }) },
  leavesAtRcpt: { onRecipient: () => ({ code: 421, lines: ['Bye'] }) },
  refusesMessage: { onMessage: () => ({ code: 550, lines: ['Spam'] }) },
  defersMessage: { onMessage: () => ({ code: 451, lines: ['Later'] }) },
  leavesAtMessage: { onMessage: () => ({ code: 421, lines: ['Bye'] }) },
  oneEach: { maxRecipients: 1, maxTransactions: 2 },
  closes: { speak: saying('220 a', '250 a', 'close') },
  closesAtData: { speak: saying('220 a', '250 a', '250 ok', '250 ok', 'close') },
  vanishes: { speak: saying('220 a', '250 a', '250 ok', '250 ok', '354 go', 'close') },
  drops: { drops: true, onRecipient: byLocalPart },
  talksNonsense: { speak: saying('hello', 'close') },
}

const domain = fc.record({
  hosts: fc.array(
    fc.record({ preference: fc.integer({ min: 0, max: 2 }), behaviour: fc.constantFrom(...Object.keys(BEHAVIOURS)) }),
    { maxLength: 4 },
  ),
  recipients: fc.array(fc.constantFrom('a', 'b', 'c', 'x', 'y', 'z'), { minLength: 1, maxLength: 5 }),
})

interface DrawnDomain {
  readonly hosts: readonly { readonly preference: number; readonly behaviour: string }[]
  readonly recipients: readonly string[]
}

function build(domains: readonly DrawnDomain[]): { network: Network; to: string[] } {
  const network = new Network()
  domains.forEach(({ hosts }, d) => {
    hosts.forEach(({ preference, behaviour }, h) => {
      const address = `192.0.${d}.${h + 1}`
      network.domain(`d${d}.example`, `${preference} h${h} ${address}`)
      const host = BEHAVIOURS[behaviour]
      if (host) network.host(address, host)
    })
  })
  const to = domains.flatMap(({ recipients }, d) => recipients.map((kind, at) => `${kind}${at}@d${d}.example`))
  return { network, to }
}

function copiesOf({ recipient }: DeliveredRecipient, { taken }: Network): number {
  return taken.flatMap(({ to }) => to).filter((one) => one === textOf(recipient)).length
}

test('deliver: over any network each recipient has one outcome, and who got the message is in it [rfc5321 4.2.5]', async () => {
  const property = fc.asyncProperty(fc.array(domain, { minLength: 1, maxLength: 3 }), async (domains) => {
    const { network, to } = build(domains)
    const outcome = await deliver(mailTo(...to), {
      connect: network.connect,
      resolver: network.zone,
      domain: 'mail.example.org',
    })
    expect(outcome.recipients.map(({ recipient }) => textOf(recipient))).toEqual(to)
    for (const one of outcome.recipients) {
      const copies = copiesOf(one, network)
      if (one.status === 'unknown') expect(copies).toBeLessThanOrEqual(1)
      else expect([one, copies]).toEqual([one, one.status === 'accepted' ? 1 : 0])
      const retry = { accepted: 'never', rejected: 'never', deferred: 'later', unknown: 'may-duplicate' }[one.status]
      expect(one.retry).toBe(retry)
      expect(one.reply !== undefined || one.status === 'unknown').toBe(true)
    }
    const accepted = outcome.domains.flatMap(({ attempts }) => attempts).reduce((sum, { accepted: n }) => sum + n, 0)
    expect(accepted).toBe(outcome.recipients.filter(({ status }) => status === 'accepted').length)
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome)
    await expect.poll(() => network.open, { interval: 1 }).toBe(0)
  })
  await fc.assert(property, { numRuns: 300 })
})

test('deliver: a signal at any moment leaves each recipient with an outcome that holds', async () => {
  const property = fc.asyncProperty(domain, fc.nat({ max: 60 }), async (drawn, entries) => {
    const { network, to } = build([drawn])
    const abort = new AbortController()
    let heard = 0
    const outcome = await deliver(mailTo(...to), {
      connect: network.connect,
      resolver: network.zone,
      domain: 'mail.example.org',
      record: () => () => {
        if (heard++ === entries) abort.abort()
      },
      signal: abort.signal,
    })
    for (const one of outcome.recipients) {
      const copies = copiesOf(one, network)
      if (one.status === 'accepted') expect(copies).toBe(1)
      else if (one.status !== 'unknown') expect(copies).toBe(0)
      else expect(copies).toBeLessThanOrEqual(1)
    }
    await expect.poll(() => network.open, { interval: 1 }).toBe(0)
  })
  await fc.assert(property, { numRuns: 300 })
})

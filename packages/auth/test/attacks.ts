/**
 * Messages whose parts mean one thing to who checks and another to who shows them. The bank wants forgeries rejected; all names
 * of evil.example say whatever helps, and the resolver cuts names at a NUL.
 */
import { encodeUtf8 } from '@posthorn/core'
import { generateDkimKey } from '@posthorn/dkim'
import type { Answer, RecordType, Resolver } from '@posthorn/dns'
import { signRaw } from './raw-signature.ts'

const { privateKey, record } = await generateDkimKey({ algorithm: 'ed25519-sha256' })
const BANK: Readonly<Record<string, string>> = {
  'bank.example': 'v=spf1 ip4:198.51.100.1 -all',
  '_dmarc.bank.example': 'v=DMARC1; p=reject',
}

/** Answers as the attacker wants it. */
export class Hostile implements Resolver {
  readonly names: string[] = []

  resolve<T extends RecordType>(name: string, type: T): Promise<Answer<T>> {
    this.names.push(name)
    return Promise.resolve(this.#answer(name.split('\0')[0]!, type) as Answer<T>)
  }

  #answer(name: string, type: RecordType): Answer {
    const text =
      type === 'TXT' ? (BANK[name] ?? (name.endsWith('evil.example') ? evilText(name) : undefined)) : undefined
    if (text === undefined) return { status: 'nxdomain', name, ttl: 0, authenticated: false }
    return { status: 'found', name, records: [text], ttl: 0, authenticated: false }
  }
}

function evilText(name: string): string {
  if (name.startsWith('_dmarc.')) return 'v=DMARC1; p=none'
  return name.includes('_domainkey') || name.startsWith('key.') ? record : 'v=spf1 ip4:192.0.2.66 -all'
}

/** One of them. */
export interface Attack {
  readonly name: string
  readonly helo?: string
  readonly mailFrom?: string
  readonly header?: string
  readonly domain?: string
  readonly selector?: string
  /** Whether it has no signature, as its header cannot be read. */
  readonly unsigned?: boolean
  /** SPF, the signature, DMARC, and for whom it passed. */
  readonly verdict: string
}

const EVIL = 'From: x@evil.example'
const FORGED = 'From: Boss <ceo@bank.example>'

/** All of them. */
export const ATTACKS: readonly Attack[] = [
  {
    name: 'a subdomain that is not there in MAIL FROM',
    mailFrom: 'any@no.bank.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
  {
    name: 'a parenthesis at the start of MAIL FROM',
    mailFrom: '(any@bank.example',
    header: FORGED,
    verdict: 'fail pass fail',
  },
  {
    name: 'a NUL in s=',
    header: FORGED,
    domain: 'bank.example',
    selector: 'key.evil.example\0.any',
    verdict: 'pass permerror fail',
  },
  { name: 'a quote in d=', header: FORGED, domain: "bank.example'a.evil.example", verdict: 'pass permerror fail' },
  {
    name: 'a parenthesis in MAIL FROM',
    mailFrom: 'any@bank.example(.evil.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
  {
    name: 'a quote in MAIL FROM',
    mailFrom: "any@bank.example'@any.evil.example",
    header: FORGED,
    verdict: 'pass pass fail',
  },
  {
    name: 'a route in MAIL FROM',
    mailFrom: "@bank.example,@any.example:'any@evil.example",
    header: FORGED,
    verdict: 'pass pass fail',
  },
  { name: 'two From fields', header: `${FORGED}\r\n${EVIL}`, verdict: 'pass pass permerror' },
  {
    name: 'a blank before the first From',
    header: ` ${FORGED}\r\n${EVIL}`,
    unsigned: true,
    verdict: 'pass permerror permerror',
  },
  {
    name: 'a blank behind the name of one From',
    header: `From : ceo@bank.example\r\n${EVIL}`,
    verdict: 'pass pass permerror',
  },
  {
    name: 'a fold in the name of one From',
    header: `${EVIL}\r\nFrom\r\n : ceo@bank.example`,
    unsigned: true,
    verdict: 'pass permerror permerror',
  },
  { name: 'From and Sender', header: `${EVIL}\r\nSender: ceo@bank.example`, verdict: 'pass pass pass evil.example' },
  {
    name: 'From and Resent-From',
    header: `${EVIL}\r\nResent-From: ceo@bank.example`,
    verdict: 'pass pass pass evil.example',
  },
  { name: 'two authors', header: 'From: <ceo@bank.example>, <x@evil.example>', verdict: 'pass pass permerror' },
  {
    name: 'an author in encoded words',
    header: 'From: =?utf-8?B?PGNlb0BiYW5rLmV4YW1wbGU+?=, <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  { name: 'a route in From', header: 'From: <@evil.example:ceo@bank.example>', verdict: 'pass pass permerror' },
  {
    name: 'a backslash before the comma',
    header: 'From: <ceo@bank.example>\\, <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  {
    name: 'an address without brackets first',
    header: 'From: ceo@bank.example, x <x@evil.example>',
    verdict: 'pass pass permerror',
  },
  {
    name: 'an address for a name',
    header: 'From: ceo@bank.example <x@evil.example>',
    verdict: 'pass pass pass evil.example',
  },
  { name: 'brackets in brackets', header: 'From: <ceo@bank.example<x@evil.example>>', verdict: 'pass pass permerror' },
  {
    name: 'no MAIL FROM, and HELO of the bank',
    mailFrom: '',
    helo: 'bank.example',
    header: FORGED,
    verdict: 'fail pass fail',
  },
  {
    name: 'no MAIL FROM, and a NUL in HELO',
    mailFrom: '',
    helo: 'evil.example\0.bank.example',
    header: FORGED,
    verdict: 'none pass fail',
  },
]

/** Signs an attack, and puts it together. */
export async function messageOf({ header = FORGED, unsigned, ...attack }: Attack): Promise<Uint8Array> {
  const { domain = 'evil.example', selector = 'key' } = attack
  const plain = `${header}\r\n\r\nPay\r\n`
  return encodeUtf8(unsigned ? plain : await signRaw(plain, { key: privateKey, domain, selector }))
}

/** With whom an attack comes. */
export const envelopeOf = ({ helo = 'evil.example', mailFrom = 'x@evil.example' }: Attack) => ({
  clientAddress: '192.0.2.66',
  helo,
  reversePath: mailFrom,
})

import { concatBytes, encodeLatin1, encodeUtf8 } from '@posthorn/core'
import {
  type DkimAlgorithm,
  exportDkimKey,
  type GeneratedDkimKey,
  generateDkimKey,
  signDkim,
  verifyDkim,
} from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DkimSigner,
  type DkimVerifier,
  seedOf,
  startDkimpy,
  startMailauth,
  startMailDkim,
} from './lib/dkim-peers.ts'
import { OpenDkim } from './lib/opendkim.ts'
import { startRspamd } from './lib/rspamd.ts'

// Odd bodies: what we sign before the verifiers of others, and what they sign before ours; dkimpy.test.ts has odd headers. The
// differences that are known stand beside each peer, by the body that they come from.
const BODIES: Readonly<Record<string, string>> = {
  empty: '',
  'an empty line': '\r\n',
  'empty lines': '\r\n\r\n\r\n',
  'no line end at the end': 'Hello\r\nBob',
  'white space alone': ' \t \r\n',
  'white space alone without line end': ' \t ',
  'a last line of white space': 'Hello\r\n \t\r\n',
  'a last line of white space without line end': 'Hello\r\n \t',
  'white space at the end of lines': 'Hello \t\r\n Bob\t \r\n\r\n \r\n',
  'tabs and spaces': '\tHello \t Bob\r\n\t\tx  y\t\r\n',
  'dots and From': '.\r\n..\r\nFrom here\r\n.x\r\n',
  'a long line': `${'x y  '.repeat(5000)}\r\n`,
  'octets over 127': '\xe4\xff\x80\x85 \xa0\r\n',
  'many empty lines between': `a${'\r\n'.repeat(300)}b\r\n\r\n`,
  'control characters': 'a\x01\x0b\x0c\x7f b\r\n',
}
// What we do not sign.
const BARE: Readonly<Record<string, string>> = {
  'bare LF': 'a\nb\n\r\nc\r\n',
  'bare CR': 'a\rb\r\r\nc\r\n',
}
const HEADER =
  'From: Ann <ann@d.example>\r\nTo: bob@e.example\r\nSubject: Lunch\r\nDate: Sun, 29 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@d.example>\r\n\r\n'
const FORMS = ['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'] as const
const ALGORITHMS: readonly DkimAlgorithm[] = ['rsa-sha256', 'ed25519-sha256']
const SIGNER = { domain: 'd.example', selector: 's' }
const OWNER = 's._domainkey.d.example'

const keys = new Map<DkimAlgorithm, GeneratedDkimKey>()
beforeAll(async () => {
  for (const algorithm of ALGORITHMS) keys.set(algorithm, await generateDkimKey({ algorithm }))
})

const messageOf = (body: string): Uint8Array => concatBytes([encodeUtf8(HEADER), encodeLatin1(body)])

/** Why a signature over some bodies does not pass, in one form of the body or in both. */
interface Difference {
  readonly reason: string
  readonly bodies: readonly string[]
  readonly form?: 'simple' | 'relaxed'
}

const LF_ENDS_LINES: Difference = { reason: 'a bare LF is taken for the end of a line', bodies: ['bare LF'] }
const LAST_BLANKS_STAY: Difference = {
  reason: 'white space stays where no CRLF comes after it: RFC 6376 section 3.4.4 drops it at the end of lines',
  bodies: ['white space alone without line end', 'a last line of white space without line end'],
  form: 'relaxed',
}
const NO_LAST_CRLF: Difference = {
  reason: 'no CRLF is added to a last line without one: RFC 6376 section 3.4.3',
  bodies: [
    'no line end at the end',
    'white space alone without line end',
    'a last line of white space without line end',
  ],
  form: 'simple',
}
const NO_LAST_CRLF_RELAXED: Difference = {
  reason: 'no CRLF is added to a last line without one: RFC 6376 section 3.4.4',
  bodies: ['no line end at the end'],
  form: 'relaxed',
}
const RSPAMD_RELAXED: readonly Difference[] = [
  LAST_BLANKS_STAY,
  {
    reason: 'lines of white space alone leave one empty line: RFC 6376 section 3.4.4 drops all at the end',
    bodies: ['white space alone'],
    form: 'relaxed',
  },
  {
    reason:
      'a line is read in pieces of 1,023 octets, and white space at the end of one is not joined with that of the next',
    bodies: ['a long line'],
    form: 'relaxed',
  },
  {
    reason: 'a form feed is taken for white space: RFC 6376 section 2.8 has space and tab alone',
    bodies: ['control characters'],
    form: 'relaxed',
  },
]

const explained = (differences: readonly Difference[], forms: readonly string[]): string[] =>
  differences.flatMap(({ bodies, form = '' }) =>
    bodies.flatMap((body) =>
      forms.filter((one) => one.endsWith(`/${form}`) || form === '').map((one) => `${body}, ${one}`),
    ),
  )

/** What differs, as `body, form`. */
async function differencesOf(
  bodies: Readonly<Record<string, string>>,
  forms: readonly string[],
  passes: (body: string, form: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = []
  for (const [name, body] of Object.entries(bodies)) {
    for (const form of forms) if (!(await passes(body, form))) found.push(`${name}, ${form}`)
  }
  return found
}

const VERIFIERS: readonly {
  name: string
  start: () => DkimVerifier | Promise<DkimVerifier>
  algorithms: readonly DkimAlgorithm[]
  differ: readonly Difference[]
}[] = [
  { name: 'dkimpy', start: startDkimpy, algorithms: ALGORITHMS, differ: [LAST_BLANKS_STAY] },
  { name: 'mailauth', start: () => startMailauth(true), algorithms: ALGORITHMS, differ: [] },
  { name: 'Mail::DKIM', start: startMailDkim, algorithms: ['rsa-sha256'], differ: [NO_LAST_CRLF] },
  { name: 'rspamd', start: startRspamd, algorithms: ALGORITHMS, differ: RSPAMD_RELAXED },
  { name: 'OpenDKIM', start: () => new OpenDkim(), algorithms: ['rsa-sha256'], differ: [NO_LAST_CRLF_RELAXED] },
]

describe.each(VERIFIERS)('$name verifies what we sign', ({ start, algorithms, differ }) => {
  let peer: DkimVerifier
  beforeAll(async () => {
    peer = await start()
  })
  afterAll(() => peer.stop())

  test.each(algorithms)('%s', async (algorithm) => {
    const { privateKey: key, record } = keys.get(algorithm)!
    const job = { zone: { [OWNER]: { status: 'found', records: [record] } }, now: 1_800_000_000, count: 1 }
    const found = await differencesOf(BODIES, FORMS, async (body, form) => {
      const message = messageOf(body)
      const canonicalization = form as (typeof FORMS)[number]
      const field = await signDkim(message, { ...SIGNER, key, canonicalization, now: 1_700_000_000_000 })
      const [result] = await peer.verify(concatBytes([field, message]), job)
      return result === 'pass'
    })
    expect(found.sort()).toEqual(explained(differ, FORMS).sort())
  })
})

const SIGNERS: readonly {
  name: string
  start: () => DkimSigner | Promise<DkimSigner>
  algorithms: readonly DkimAlgorithm[]
  forms?: readonly string[]
  by?: 'nodemailer'
  seed?: boolean
  differ: readonly Difference[]
}[] = [
  { name: 'dkimpy', start: startDkimpy, algorithms: ALGORITHMS, seed: true, differ: [LAST_BLANKS_STAY, LF_ENDS_LINES] },
  { name: 'mailauth', start: startMailauth, algorithms: ALGORITHMS, differ: [LF_ENDS_LINES] },
  {
    name: 'nodemailer',
    start: startMailauth,
    algorithms: ['rsa-sha256'],
    forms: ['relaxed/relaxed'],
    by: 'nodemailer',
    differ: [LF_ENDS_LINES],
  },
  { name: 'Mail::DKIM', start: startMailDkim, algorithms: ['rsa-sha256'], differ: [NO_LAST_CRLF] },
  {
    name: 'rspamd',
    start: startRspamd,
    algorithms: ALGORITHMS,
    forms: ['relaxed/relaxed'],
    seed: true,
    differ: [...RSPAMD_RELAXED, LF_ENDS_LINES, { reason: 'and so is a bare CR', bodies: ['bare CR'] }],
  },
]

describe.each(SIGNERS)('we verify what $name signs', ({ start, algorithms, forms = FORMS, by, seed, differ }) => {
  let peer: DkimSigner
  beforeAll(async () => {
    peer = await start()
  })
  afterAll(() => peer.stop())

  test.each(algorithms)('%s', async (algorithm) => {
    const { privateKey, record } = keys.get(algorithm)!
    const resolver = new MemoryZone().add(OWNER, 'TXT', record)
    const pem = await exportDkimKey(privateKey)
    const key = seed && algorithm === 'ed25519-sha256' ? seedOf(pem) : pem
    const found = await differencesOf({ ...BODIES, ...BARE }, forms, async (body, canonicalization) => {
      const signed = await peer.sign(messageOf(body), {
        ...SIGNER,
        key,
        algorithm,
        canonicalization,
        ...(by && { by }),
      })
      const [verdict] = await verifyDkim(signed, { resolver, now: Date.now() })
      return verdict?.result === 'pass'
    })
    expect(found.sort()).toEqual(explained(differ, forms).sort())
  })
})

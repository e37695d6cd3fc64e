import { type DmarcIdentities, type DmarcVerdict, evaluateDmarc } from '@posthorn/dmarc'
import { findRegistrableDomain } from '@posthorn/dmarc/psl'
import { parseZone } from '@posthorn/dns'
import { DohResolver } from '@posthorn/dns/doh'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PeerVerdict, startMailauth, startMailDmarc } from './lib/dmarc-peers.ts'
import { type Nsd, startNsd } from './lib/nsd.ts'

// Generated records of DMARC on one NSD, before the evaluators of others and ours: each case has a domain of its own.
const CASES = 600

const value = (...values: readonly string[]) => fc.constantFrom(...values)
const policy = fc.oneof({ weight: 12, arbitrary: value('none', 'quarantine', 'reject', 'REJECT') }, value('no', ''))
const OLD_TAGS = [
  fc.tuple(value('sp'), policy),
  fc.tuple(value('adkim', 'aspf'), value('r', 's', 'S', 'x')),
  fc.tuple(value('rua'), value('mailto:d@DOMAIN', 'd@DOMAIN', '')),
  fc.tuple(value('x', 'fo'), value('1', 'reject')),
]
const NEW_TAGS = [
  fc.tuple(value('np'), policy),
  fc.tuple(value('t'), value('y', 'n', 'Y')),
  fc.tuple(value('psd'), value('y', 'n', 'u')),
  fc.tuple(value('pct', 'P'), value('100', '0', 'x', 'reject')),
]
const ODD_VERSIONS = ['v=dmarc1', 'v=DMARC2', 'v = DMARC1', ' v=DMARC1']

interface Dialect {
  readonly tags: readonly fc.Arbitrary<[string, string]>[]
  readonly version: fc.Arbitrary<string>
  readonly mayRepeat: boolean
}

const DIALECTS = {
  // What RFC 7489 and RFC 9989 take for the same.
  common: { tags: OLD_TAGS, version: value('v=DMARC1'), mayRepeat: false },
  whole: {
    tags: [...OLD_TAGS, ...NEW_TAGS],
    version: fc.oneof({ weight: 20, arbitrary: value('v=DMARC1') }, value(...ODD_VERSIONS)),
    mayRepeat: true,
  },
} satisfies Record<string, Dialect>

function recordOf({ tags, version, mayRepeat }: Dialect): fc.Arbitrary<string> {
  const selector = mayRepeat ? {} : { selector: ([name]: [string, string]) => name }
  const some = mayRepeat
    ? fc.array(fc.oneof(...tags), { maxLength: 4 })
    : fc.uniqueArray(fc.oneof(...tags), { maxLength: 4, ...selector })
  const first = fc.option(policy, { freq: 15 })
  return fc
    .tuple(version, first, some, value(';', '; ', '; ', ' ; '), value('', '', ';'))
    .map(([begin, p, rest, separator, end]) => {
      const texts = rest.map((one) => one.join('='))
      return [begin, ...(p === null ? [] : [`p=${p}`]), ...texts].join(separator) + end
    })
}

function recordsOf(dialect: Dialect): fc.Arbitrary<readonly string[]> {
  const record = recordOf(dialect)
  return fc.oneof(
    { weight: 8, arbitrary: record.map((one) => [one]) },
    { weight: 4, arbitrary: fc.constant([]) },
    fc.tuple(record, record),
    record.map((one) => ['v=spf1 -all', one]),
  )
}

const LABELS = ['', 'x.', 'y.x.', 'gone.x.']
const label = value(...LABELS, 'other')
const messageOf = (dialect: Dialect) =>
  fc.record({
    records: fc.tuple(recordsOf(dialect), recordsOf(dialect), fc.oneof(fc.constant([]), recordsOf(dialect))),
    author: value('', 'x.', 'x.', 'y.x.', 'gone.x.'),
    dkim: fc.array(fc.tuple(value('pass', 'pass', 'fail'), label), { maxLength: 2 }),
    spf: fc.option(fc.tuple(value('pass', 'fail'), label)),
  })

const cases = Object.entries(DIALECTS).flatMap(([dialect, how], at) =>
  fc.sample(messageOf(how), { numRuns: CASES, seed: 9989 + at }).map((one) => ({ ...one, dialect })),
)
type Case = (typeof cases)[number]

const domainOf = (label: string, at: number) => (label === 'other' ? 'other.org' : `${label}d${at}.com`)

function linesOf({ records }: Case, at: number): readonly string[] {
  const owners = ['', 'x.', 'y.x.'].map((label) => domainOf(label, at))
  const texts = records.flatMap((list, level) =>
    list.map((text) => `_dmarc.${owners[level]}. TXT "${text.replaceAll('DOMAIN', owners[0]!)}"`),
  )
  // RFC 9989 section 4.10: names exist as they have an address.
  return [...owners.map((owner) => `${owner}. A 192.0.2.1`), ...texts]
}

const ZONE = `$TTL 300
. SOA ns.example. hostmaster.example. 1 3600 600 86400 60
. NS ns.example.
ns.example. A 127.0.0.1
other.org. A 192.0.2.1
${cases.flatMap(linesOf).join('\n')}
`
const { zone } = parseZone(ZONE.replace(/^\. (?:SOA|NS).*\n/gm, ''), { origin: 'example' })

function identitiesOf({ author, dkim, spf }: Case, at: number): DmarcIdentities {
  return {
    authorDomains: [domainOf(author, at)],
    dkim: dkim.map(([result, label]) => ({ result, domain: domainOf(label, at) })),
    spf: spf ? [{ identity: 'mailfrom', result: spf[0], domain: domainOf(spf[1], at) }] : [],
  }
}

let nsd: Nsd
beforeAll(async () => {
  nsd = await startNsd(ZONE, '.')
})
afterAll(() => nsd.stop())

test('evaluateDmarc: says the same by DNS over HTTPS before an NSD as by a zone in memory', async () => {
  const resolver = new DohResolver(nsd.url, { fetch: fetch as never, unsafeHttp: true })
  for (const [at, one] of cases.slice(0, 400).entries()) {
    const identities = identitiesOf(one, at)
    expect(await evaluateDmarc(identities, { resolver })).toEqual(await evaluateDmarc(identities, { resolver: zone }))
  }
})

const tell = (result: string, policy?: string) => (result === 'fail' ? `fail ${policy}` : result)
const texts = ({ records }: Case) => records.flat()
const hasRepeated = (text: string) => {
  const names = text
    .split(';')
    .map((one) => one.split('=')[0]!.trim())
    .filter(Boolean)
  return new Set(names).size < names.length
}

type Otherwise = readonly [string, (one: Case, ours: DmarcVerdict, theirs: PeerVerdict) => boolean]

// RFC 9989 says that there is no processing by a policy that cannot be read, and not what that is called.
const UNUSABLE: Otherwise = ['unusable', (_, ours, theirs) => ours.result === 'permerror' && theirs.result === 'none']
// The grammar of section 4.8 has no white space before the version.
const BLANK: Otherwise = ['blank before the version', (one) => texts(one).some((text) => text.startsWith(' '))]
// RFC 6376 section 3.2: a name is case-sensitive.
const UPPER: Otherwise = ['tag in upper case', (one) => texts(one).some((text) => /;\s*P=/.test(text))]
// RFC 6376 section 3.2 has it invalid: there the last counts, or the record is none.
const REPEATED: Otherwise = ['tag that comes twice', (one) => texts(one).some(hasRepeated)]
// Mail::DMARC fails where it takes no action, which it does also where section 4.10.1 has it act as for p=none.
const NO_ACTION: Otherwise = [
  'unusable',
  (_, { record }, theirs) =>
    theirs.applied === 'none' &&
    !!record?.defects.some(({ code }) => code === 'bad-policy' || code === 'missing-policy'),
]
// RFC 9989 section 4.10 discards them all and goes on above; there it ends.
const SEVERAL: Otherwise = [
  'several records',
  ({ records }, _, theirs) => records.some((list) => list.length > 1) && theirs.applied === 'none',
]
// It passes over a tag without a value, and so does not see that it is malformed.
const EMPTY: Otherwise = ['tag without a value', (one) => texts(one).some((text) => /\b(?:p|sp)=\s*(?:;|$)/.test(text))]
test.each([
  {
    name: 'mailauth',
    start: startMailauth,
    how: {},
    dialect: 'whole',
    known: [UNUSABLE, BLANK, UPPER, REPEATED],
    counts: {
      same: 464,
      unusable: 64,
      'blank before the version': 6,
      'tag in upper case': 44,
      'tag that comes twice': 22,
    },
  },
  {
    name: 'mailauth, strict',
    start: startMailauth,
    how: { strict: true },
    dialect: 'whole',
    known: [UNUSABLE, BLANK, REPEATED],
    counts: { same: 478, unusable: 76, 'blank before the version': 6, 'tag that comes twice': 40 },
  },
  {
    name: 'mailauth on common ground',
    start: startMailauth,
    how: {},
    dialect: 'common',
    known: [UNUSABLE],
    counts: { same: 525, unusable: 75 },
  },
  {
    name: 'Mail::DMARC',
    start: startMailDmarc,
    how: {},
    dialect: 'common',
    known: [SEVERAL, NO_ACTION, EMPTY],
    counts: { same: 482, unusable: 47, 'several records': 66, 'tag without a value': 5 },
  },
])('evaluateDmarc: says what $name says of the same records on an NSD', { timeout: 300_000 }, async (row) => {
  const { name, start, how, dialect, known, counts } = row
  const peer = start(nsd.port)
  // One that goes by a list of suffixes is held against ours with such a list.
  const finder = name === 'Mail::DMARC' ? { organizationalDomain: findRegistrableDomain } : {}
  const otherwise: Record<string, number> = { same: 0 }
  const count = (key: string) => {
    otherwise[key] = (otherwise[key] ?? 0) + 1
  }
  for (const [at, one] of cases.entries()) {
    if (one.dialect !== dialect) continue
    const identities = identitiesOf(one, at)
    const ours = await evaluateDmarc(identities, { resolver: zone, ...finder })
    const theirs = await peer.evaluate(identities, undefined, how)
    const [mine, other] = [tell(ours.result, ours.policy?.applied), tell(theirs.result, theirs.applied)]
    const [reason] = mine === other ? ['same'] : (known.find(([, is]) => is(one, ours, theirs)) ?? [])
    if (reason) count(reason)
    else expect(mine, JSON.stringify(one)).toBe(other)
  }
  peer.stop()
  expect(otherwise).toEqual(counts)
})

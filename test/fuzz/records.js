/** What the DNS and policy hosts may say: records, zones and messages, and the checks over them. */
import { decodeLatin1, MailError } from '@posthorn/core'
import { evaluateDmarc, formatDmarc, lintDmarc, parseDmarc } from '@posthorn/dmarc'
import { MemoryZone, parseZone } from '@posthorn/dns'
import { DohResolver } from '@posthorn/dns/doh'
import {
  checkStsResponse,
  formatStsPolicy,
  formatStsRecord,
  formatTlsReportRecord,
  parseStsPolicy,
  parseStsRecord,
  parseTlsReportRecord,
  readTlsReport,
} from '@posthorn/policy'
import { auditSpf, checkHost, formatReceivedSpf, formatSpf, lintSpf, parseReceivedSpf, parseSpf } from '@posthorn/spf'

const textOf = (parts) => decodeLatin1(Buffer.concat(parts))

/** Gives what work gives, or the code of its MailError. */
function attempt(work) {
  try {
    return { value: work() }
  } catch (error) {
    if (error instanceof MailError) return { code: error.code }
    throw error
  }
}

/** What is read is written, and read again as the same. */
function roundTrip(text, { parse, format, told = (value) => value }) {
  const { value, code } = attempt(() => parse(text))
  if (code) return code
  const written = attempt(() => format(value))
  if (written.code) return written.code
  const [first, again] = [value, parse(written.value)].map((one) => JSON.stringify(told(one)))
  if (first !== again) throw new Error(`${first} as ${written.value}`)
  return first
}

function within(text, findings) {
  for (const { start, end, offset = start, length = end - start } of findings) {
    if (offset !== undefined && !(offset >= 0 && offset + (length || 0) <= text.length)) throw new Error(`at ${offset}`)
  }
  return JSON.stringify(findings)
}

const HOSTS = ['a.example', 'b.example', 'c.example', '192.0.2.1.a.example']

/** Each line is the record of a name, or of several. */
function spfZone(lines) {
  const zone = new MemoryZone()
    .add('c.example', 'A', '192.0.2.9')
    .add('b.example', 'MX', { preference: 1, exchange: 'c.example' })
  for (const [at, line] of lines.entries()) zone.add(HOSTS[at % HOSTS.length], 'TXT', line)
  return zone.add('9.2.0.192.in-addr.arpa', 'PTR', 'c.example')
}

const CLIENT = { clientAddress: '192.0.2.9', helo: 'c.example', reversePath: 'joe-x@a.example' }

/** Lines, of which every second one gets what a record begins with. */
function recordsIn(text, version) {
  return text.split('\n').map((line, at) => (at % 2 === 0 && !line.startsWith(version) ? version + line : line))
}

async function spf(parts) {
  const text = textOf(parts)
  const lines = recordsIn(text, 'v=spf1 ')
  const [line] = lines
  const told = [roundTrip(line, { parse: parseSpf, format: formatSpf }), within(line, lintSpf(line))]
  const resolver = spfZone(lines)
  const verdict = await checkHost({ ...CLIENT, resolver, receiver: 'mx.example', now: 0 })
  if (verdict.counts.queries > 128 || verdict.counts.terms > 10) throw new Error(JSON.stringify(verdict.counts))
  const field = formatReceivedSpf({ ...verdict, helo: line }, { receiver: 'mx.example' })
  if (parseReceivedSpf(field.slice('Received-SPF:'.length)).result !== verdict.result) throw new Error(field)
  const audit = await auditSpf('a.example', { resolver })
  return [...told, JSON.stringify(verdict), JSON.stringify(audit), attempt(() => parseReceivedSpf(text)).code ?? 'read']
}

const AUTHORS = ['x.a.b.example', 'a.b.example', 'b.example', 'example']

async function dmarc(parts) {
  const lines = recordsIn(textOf(parts), 'v=DMARC1;')
  const [line] = lines
  const { defects = [] } = attempt(() => parseDmarc(line)).value ?? {}
  // What has no effect is not written.
  const told = ({ defects: _, rua, ruf, ...rest }) => [rest, ...[rua, ruf].map((uris) => uris.map(({ uri }) => uri))]
  const first = roundTrip(line, { parse: parseDmarc, format: formatDmarc, told })
  const resolver = new MemoryZone()
  for (const [at, record] of lines.entries()) resolver.add(`_dmarc.${AUTHORS[at % AUTHORS.length]}`, 'TXT', record)
  const signers = ['b.example', 'y.b.example', line].map((domain) => ({ domain, result: 'pass' }))
  const verdicts = [
    await evaluateDmarc({ authorDomains: [AUTHORS[0]], dkim: signers }, { resolver }),
    await evaluateDmarc({ authorDomains: [line] }, { resolver }),
  ]
  if (verdicts.some(({ queries }) => queries.length > 40)) throw new Error(JSON.stringify(verdicts))
  return [first, within(line, defects), within(line, lintDmarc(line)), JSON.stringify(verdicts)]
}

function policy(parts) {
  const octets = new Uint8Array(Buffer.concat(parts))
  const text = decodeLatin1(octets)
  const report = readTlsReport(text)
  const fetched = checkStsResponse({ status: 200, contentType: 'text/plain', body: octets })
  const told = [text, `version: STSv1\nmode: testing\nmx: a.example\nmax_age: 1\n${text}`].map((file) =>
    roundTrip(file, { parse: parseStsPolicy, format: formatStsPolicy }),
  )
  return [
    ...told,
    roundTrip(`v=STSv1; id=1${text}`, { parse: parseStsRecord, format: formatStsRecord }),
    roundTrip(`v=TLSRPTv1; rua=mailto:a@b.example${text}`, {
      parse: parseTlsReportRecord,
      format: formatTlsReportRecord,
    }),
    JSON.stringify([report.defects.length, fetched.status]),
  ]
}

const TYPES = ['A', 'TXT', 'MX', 'CNAME', 'TLSA']

async function zone(parts) {
  const text = textOf(parts)
  const told = []
  // As a file, and each of its lines as data of a record.
  for (const one of [text, ...text.split('\n').map((line, at) => `b 60 ${TYPES[at % TYPES.length]} ${line}`)]) {
    const { value, code } = attempt(() => parseZone(one, { origin: 'a.example' }))
    if (code) told.push(code)
    else for (const type of TYPES) told.push(JSON.stringify(await value.zone.resolve('b.a.example', type)))
  }
  return told
}

const NUMBERS = { A: 1, TXT: 16, MX: 15, CNAME: 5, TLSA: 52 }

// A header, and the question that was asked; the input is what stands behind them, up to three answers.
async function message(parts) {
  const octets = Buffer.concat(parts)
  const type = TYPES[octets.length % TYPES.length]
  const question = [1, 97, 7, ...Buffer.from('example'), 0, 0, NUMBERS[type], 0, 1]
  const head = [0, 0, 0x81, 0x80, 0, 1, 0, 1 + (octets.length % 3), 0, 0, 0, 0, ...question]
  const headers = { get: (name) => (name.toLowerCase() === 'content-type' ? 'application/dns-message' : null) }
  const answers = []
  for (const content of [octets, Buffer.concat([Buffer.from(head), octets])]) {
    const body = new Response(new Uint8Array(content)).body
    const resolver = new DohResolver('https://dns.example/', { fetch: async () => ({ status: 200, headers, body }) })
    answers.push(JSON.stringify(await resolver.resolve('a.example', type)))
  }
  return answers
}

/** By name, as in targets.js. */
export const RECORD_TARGETS = {
  spf: { run: spf, kind: 'spf', splits: true },
  dmarc: { run: dmarc, kind: 'dmarc', splits: true },
  policy: { run: policy, kind: 'policy', splits: true },
  zone: { run: zone, kind: 'zone', splits: true },
  'message of the DNS': { run: message, kind: 'message', splits: true },
}

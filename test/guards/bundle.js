/**
 * Small is a promise that erodes by single commits. Every entry, and every import that people make of it alone, has a
 * budget for its minified, gzipped size; portable layers bundle without a built-in; and an import of one thing does not
 * carry its neighbours.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './lib/bundler.js'
import { Findings } from './lib/findings.js'
import { readLayers } from './lib/layers.js'
import { packages, root } from './lib/workspace.js'

const PORTABLE = 3

/** In KB of 1,000 octets after gzip, dependencies included, of what is loaded at once. `*` is the whole entry; `later` is what is loaded when it is needed. Raise one with a reason only. */
const BUDGETS = [
  { from: '@posthorn/core', names: '*', budget: 8.7 },
  { from: '@posthorn/core', names: 'encodeBase64', budget: 0.6 },
  { from: '@posthorn/core', names: 'encodeBase64, decodeBase64', budget: 1.3 },
  { from: '@posthorn/core', names: 'Base64LineEncoder', budget: 1 },
  { from: '@posthorn/core', names: 'Base64Decoder', budget: 1.4 },
  { from: '@posthorn/core', names: 'QuotedPrintableEncoder', budget: 1.1 },
  { from: '@posthorn/core', names: 'QuotedPrintableDecoder', budget: 2 },
  { from: '@posthorn/reply', names: '*', budget: 7.9 },
  { from: '@posthorn/reply', names: 'ReplyParser', budget: 2.7 },
  { from: '@posthorn/command', names: '*', budget: 12.1 },
  { from: '@posthorn/sasl', names: '*', budget: 8.8 },
  { from: '@posthorn/mime', names: '*', budget: 68.2 },
  { from: '@posthorn/mime', names: 'compose', budget: 13.6 },
  { from: '@posthorn/mime', names: 'parseMessage', budget: 24.8 },
  { from: '@posthorn/mime', names: 'readReport', budget: 31.5 },
  { from: '@posthorn/mime', names: 'deliveryReport', budget: 11.5 },
  { from: '@posthorn/mime', names: 'lintMessage', budget: 42 },
  { from: '@posthorn/mime', names: 'readAddressList', budget: 11.4 },
  { from: '@posthorn/mime', names: 'readMessageIds', budget: 2.5 },
  { from: '@posthorn/mime', names: 'readReceived', budget: 5.5 },
  { from: '@posthorn/mime', names: 'readContentType, readDisposition', budget: 11.5 },
  { from: '@posthorn/mime', names: 'readText', budget: 10 },
  { from: '@posthorn/mime', names: 'readDate', budget: 4.2 },
  { from: '@posthorn/mime', names: 'decodeFlowed', budget: 1 },
  { from: '@posthorn/mime/charsets', names: '*', budget: 86.5 },
  { from: '@posthorn/dns', names: '*', budget: 4.5 },
  { from: '@posthorn/dns', names: 'MemoryZone', budget: 1.6 },
  { from: '@posthorn/dns', names: 'CachingResolver', budget: 1.6 },
  { from: '@posthorn/dns/doh', names: '*', budget: 10.9 },
  { from: '@posthorn/smtp', names: '*', budget: 42.7 },
  { from: '@posthorn/smtp', names: 'SmtpClient', budget: 31 },
  { from: '@posthorn/dns/wire', names: '*', budget: 9.7 },
  { from: '@posthorn/smtp', names: 'serve', budget: 22.1 },
  { from: '@posthorn/spf', names: '*', budget: 11.6 },
  { from: '@posthorn/spf', names: 'checkHost', budget: 7.5 },
  { from: '@posthorn/spf', names: 'parseSpf, formatSpf', budget: 3.4 },
  { from: '@posthorn/spf', names: 'lintSpf', budget: 4.5 },
  { from: '@posthorn/dkim', names: '*', budget: 19.6 },
  { from: '@posthorn/dkim', names: 'explainDkimFailure', budget: 12.3 },
  { from: '@posthorn/dkim', names: 'lintDkimRecord', budget: 6.2 },
  { from: '@posthorn/dkim', names: 'signDkim', budget: 7.7 },
  { from: '@posthorn/dkim', names: 'verifyDkim', budget: 9.9 },
  { from: '@posthorn/dkim/arc', names: '*', budget: 14.4 },
  { from: '@posthorn/dkim/arc', names: 'validateArc', budget: 11.5 },
  { from: '@posthorn/dkim/arc', names: 'sealArc', budget: 10.9 },
  { from: '@posthorn/dmarc', names: '*', budget: 7.6 },
  { from: '@posthorn/dmarc', names: 'parseDmarc', budget: 2.5 },
  { from: '@posthorn/dmarc', names: 'evaluateDmarc', budget: 4.9 },
  {
    from: '@posthorn/dmarc',
    names: 'evaluateDmarc',
    and: [{ from: '@posthorn/spf', names: 'checkHost' }],
    budget: 11.2,
  },
  { from: '@posthorn/dmarc/psl', names: '*', budget: 51.5 },
  { from: '@posthorn/dmarc/report', names: '*', budget: 51 },
  { from: '@posthorn/dmarc/report', names: 'readAggregateReport', budget: 22.7 },
  { from: '@posthorn/dmarc/report', names: 'formatAggregateReport', budget: 11.5 },
  { from: '@posthorn/dmarc/report', names: 'AggregateCollector', budget: 10.7 },
  { from: '@posthorn/dmarc/report', names: 'verifyReportDestinations', budget: 13.6 },
  { from: '@posthorn/policy', names: '*', budget: 9.2 },
  { from: '@posthorn/policy', names: 'nextStsStep, settleStsFetch', budget: 0.8 },
  { from: '@posthorn/policy/bimi', names: '*', budget: 6.4 },
  { from: '@posthorn/policy/svg', names: '*', budget: 12.5 },
  { from: '@posthorn/policy/vmc', names: '*', budget: 7 },
  { from: '@posthorn/auth', names: '*', budget: 37.6 },
  { from: '@posthorn/auth', names: 'authenticate', budget: 35 },
  { from: '@posthorn/auth', names: 'parseAuthenticationResults', budget: 2.3 },
  { from: '@posthorn/auth', names: 'readTrustedResults', budget: 3.5 },
  { from: '@posthorn/mailer', names: '*', budget: 55.4 },
  { from: '@posthorn/mailer/deliver', names: '*', budget: 45.5 },
  { from: '@posthorn/transcript', names: '*', budget: 27 },
  { from: '@posthorn/transcript/catalogue', names: '*', budget: 25 },
  { from: '@posthorn/transcript/explain', names: '*', budget: 0.6, later: 38 },
  {
    from: '@posthorn/transcript',
    names: 'parseTranscript',
    and: [{ from: '@posthorn/transcript/explain', names: 'explainTranscript' }],
    budget: 27.5,
  },
  { from: '@posthorn/transcript/replay', names: '*', budget: 12.3 },
  { from: '@posthorn/transcript/write', names: '*', budget: 8.1 },
  { from: '@posthorn/transcript/write', names: 'TranscriptRecorder', budget: 3.8 },
  { from: '@posthorn/node/sink', names: '*', budget: 31 },
  { from: '@posthorn/node', names: '*', budget: 42.7 },
  { from: '@posthorn/node', names: 'connect', budget: 8.9 },
  { from: '@posthorn/node', names: 'listen', budget: 27.7 },
  { from: '@posthorn/sockets', names: '*', budget: 2.1 },
  { from: '@posthorn/sockets/cloudflare', names: '*', budget: 2.1 },
  { from: '@posthorn/bridge', names: '*', budget: 4.6 },
  {
    from: '@posthorn/bridge',
    names: 'connectBridge',
    and: [{ from: '@posthorn/smtp', names: 'SmtpClient' }],
    budget: 34.8,
  },
  { from: '@posthorn/bridge/server', names: '*', budget: 2.6 },
  { from: '@posthorn/bridge/edge', names: '*', budget: 10.3 },
  { from: '@posthorn/bridge/redis', names: '*', budget: 0.9 },
  { from: 'posthorn', names: '*', budget: 85.7 },
  { from: '@posthorn/bridge/node', names: '*', budget: 32.3 },
]

/** What must not come along: source files by how their path below `src` begins. */
const BLEED = [
  {
    from: '@posthorn/core',
    names: 'encodeBase64',
    without: ['quoted-printable', 'domain', 'line', 'base64-decode', 'base64-line', 'anomaly'],
  },
  { from: '@posthorn/core', names: 'decodeBase64', without: ['quoted-printable', 'base64-decoder', 'anomaly'] },
  { from: '@posthorn/core', names: 'Base64LineEncoder', without: ['quoted-printable', 'base64-decode', 'error'] },
  {
    from: '@posthorn/core',
    names: 'QuotedPrintableEncoder',
    without: ['base64', 'quoted-printable-decoder', 'anomaly'],
  },
  { from: '@posthorn/reply', names: 'ReplyParser', without: ['status-registry', 'code-registry', 'describe'] },
  { from: '@posthorn/command', names: 'DotStuffer', without: ['command', 'parameter', 'path'] },
  {
    from: '@posthorn/mime',
    names: 'compose',
    without: [
      'text/charset',
      'text/flowed',
      'text/word-',
      'type/content-type',
      'type/disposition',
      'type/parameter-',
      'header/date-items',
      'header/read-date',
      'header/unstructured',
    ],
  },
  { from: '@posthorn/mime', names: '*', without: ['text/legacy'] },
  { from: '@posthorn/mime', names: 'compose', without: ['parse/', 'report/', 'lint/'] },
  { from: '@posthorn/mime', names: 'parseMessage', without: ['compose/', 'report/', 'lint/'] },
  { from: '@posthorn/mime', names: 'lintMessage', without: ['compose', 'report/', 'text/encoded-word'] },
  {
    from: '@posthorn/mime',
    names: 'readReport',
    without: ['compose/', 'lint/', 'report/format-', 'report/build-', 'report/returned-part'],
  },
  {
    from: '@posthorn/mime',
    names: 'deliveryReport',
    without: ['parse/', 'report/read-', 'report/disposition', 'report/feedback'],
  },
  { from: '@posthorn/mime', names: 'readContentType', without: ['compose', 'address', 'header', 'text/encoded-word'] },
  { from: '@posthorn/mime', names: 'readText', without: ['compose', 'address', 'type', 'text/encoded-word'] },
  { from: '@posthorn/mime', names: 'readDate', without: ['compose', 'address', 'type', 'text'] },
  { from: '@posthorn/sasl', names: 'plainClient', without: ['scram', 'select'] },
  {
    from: '@posthorn/smtp',
    names: 'SmtpClient',
    without: ['server', 'scram-server', 'memory', 'describe', 'status-r'],
  },
  { from: '@posthorn/smtp', names: 'serve', without: ['client', 'scram', 'memory', 'describe', 'status-r'] },
  {
    from: '@posthorn/mime',
    names: 'compose',
    without: [
      'address/address-list',
      'address/addr-spec',
      'address/build',
      'address/envelope',
      'address/group',
      'address/parse-list',
      'address/phrase',
      'header/list-header',
      'header/message-id-list',
      'header/received',
      'syntax/character',
      'syntax/defect',
      'syntax/scanner',
      'syntax/token-text',
    ],
  },
  {
    from: '@posthorn/mime',
    names: 'readAddressList',
    without: ['compose', 'header/field', 'header/fold', 'header/list', 'header/message', 'header/received', 'type/'],
  },
  { from: '@posthorn/mime', names: 'readMessageIds', without: ['compose', 'header/list', 'header/received', 'type/'] },
  { from: '@posthorn/mime', names: 'readReceived', without: ['compose', 'header/list', 'header/message', 'type/'] },
  {
    from: '@posthorn/dmarc/report',
    names: 'readAggregateReport',
    without: ['compose/', 'parse/', 'report/collector', 'report/destination', 'report/failure', 'report/format'],
  },
  {
    from: '@posthorn/dmarc/report',
    names: 'formatAggregateReport',
    without: ['compose/', 'parse/', 'text/', 'report/read', 'report/stray', 'report/zip'],
  },
  {
    from: '@posthorn/transcript/write',
    names: '*',
    without: ['replay/', 'formats/', 'framing/', 'payload/roles', 'form/read'],
  },
  {
    from: '@posthorn/transcript/replay',
    names: '*',
    without: ['formats/', 'framing/', 'payload/roles', 'form/', 'client.', 'server-'],
  },
  { from: '@posthorn/transcript', names: '*', without: ['write/', 'replay/'] },
  { from: '@posthorn/policy', names: '*', without: ['bimi/', 'svg/', 'vmc/'] },
  { from: '@posthorn/policy/bimi', names: '*', without: ['svg/', 'vmc/', 'certificate', 'dane-', 'sts-', 'tls-'] },
  { from: '@posthorn/dmarc', names: '*', without: ['public-suffix', 'report/'] },
  { from: '@posthorn/auth', names: 'readTrustedResults', without: ['authenticate', 'budget', 'compose/', 'verify'] },
  { from: '@posthorn/auth', names: 'authenticate', without: ['compose/', 'parse/', 'registry', 'forged'] },
  { from: '@posthorn/dkim', names: 'signDkim', without: ['verify'] },
  { from: '@posthorn/mailer', names: 'createMailer', without: ['delivery', 'dane-', 'sts-', 'tls-', 'parse/'] },
  { from: '@posthorn/mailer/deliver', names: '*', without: ['pool', 'dispatch', 'compose/', 'parse/', 'sign'] },
  { from: '@posthorn/node', names: 'connect', without: ['listen', 'server-', 'dns-', 'message'] },
  {
    from: '@posthorn/node',
    names: 'listen',
    without: ['connect.', 'client-', 'race', 'dial', 'server-resolver', 'dns-'],
  },
  { from: '@posthorn/dkim', names: 'verifyDkim', without: ['sign.', 'compose', 'arc'] },
  { from: '@posthorn/dkim/arc', names: 'validateArc', without: ['sign.', 'sign-options', 'to-sign', 'arc/sealing'] },
  { from: '@posthorn/dkim/arc', names: 'sealArc', without: ['verify', 'arc/validate'] },
]

const findings = new Findings()
const all = packages()
const layers = readLayers()
const here = join(root, 'test/guards/bundle.js')
const manifestOf = (from) =>
  join(all.find(({ name }) => from === name || from.startsWith(`${name}/`)).folder, 'package.json')
const statement = ({ from, names, and = [] }) =>
  [{ from, names }, ...and]
    .map((one) => (one.names === '*' ? `export * from '${one.from}'` : `export { ${one.names} } from '${one.from}'`))
    .join('; ')
const label = ({ from, names }) => (names === '*' ? from : `${names} of ${from}`)

async function tryBundle(row, from) {
  try {
    return await bundle(all, statement(row), { from })
  } catch (error) {
    const text = error.errors?.map((one) => one.text).join('; ') ?? error.message
    findings.add(here, undefined, `${statement(row)}: ${text}`)
    return undefined
  }
}

function rowsToMeasure() {
  const entries = all
    .filter(({ manifest }) => !manifest.private)
    .flatMap(({ name, entries }) => entries.map(({ subpath }) => `${name}${subpath.slice(1)}`))
  const budgeted = new Set(BUDGETS.filter(({ names }) => names === '*').map(({ from }) => from))
  return [...BUDGETS, ...entries.filter((from) => !budgeted.has(from)).map((from) => ({ from, names: '*' }))]
}

async function measure(row) {
  const sizes = await tryBundle(row, 'target')
  if (!sizes) return undefined
  const { min, gzip, later, builtins } = sizes
  const used = gzip / 1000
  if (row.budget === undefined) {
    findings.add(here, undefined, `${row.from} has no budget; today it takes ${used.toFixed(1)} KB`)
  } else if (used > row.budget) {
    findings.add(manifestOf(row.from), undefined, `${row.names} takes ${used.toFixed(2)} KB of ${row.budget} KB`)
  }
  if (later / 1000 > (row.later ?? Infinity)) {
    findings.add(
      manifestOf(row.from),
      undefined,
      `${row.names} loads ${(later / 1000).toFixed(2)} KB of ${row.later} KB later`,
    )
  }
  const short = row.from.split('/')[row.from.startsWith('@') ? 1 : 0]
  if ((layers.get(short)?.layer ?? 0) <= PORTABLE && builtins.length > 0) {
    findings.add(manifestOf(row.from), undefined, `bundles with ${builtins.join(', ')}`)
  }
  return { ...row, min, gzip }
}

async function checkBleed({ from, names, without }) {
  const made = await tryBundle({ from, names }, 'source')
  for (const file of made?.files ?? []) {
    const part = without.find((one) => file.includes(`/src/${one}`))
    if (part) findings.add(join(root, file), undefined, `comes along with ${names} of ${from}`)
  }
}

function printTable(rows) {
  console.log('min octets  gzip octets  budget KB  import')
  for (const { min, gzip, budget = '-', and = [], ...row } of rows) {
    const cells = [String(min).padStart(10), String(gzip).padStart(11), String(budget).padStart(9)]
    console.log(`${cells.join('  ')}  ${[row, ...and].map(label).join(', ')}`)
  }
}

const measured = []
for (const row of rowsToMeasure()) measured.push(await measure(row))
for (const row of BLEED) await checkBleed(row)
const rows = measured.filter((row) => row !== undefined)
printTable(rows)
mkdirSync(join(root, 'test/bench/results'), { recursive: true })
writeFileSync(join(root, 'test/bench/results/bundle.json'), `${JSON.stringify(rows, null, 2)}\n`)
findings.finish('bundle', `${rows.length} imports`)

/** DMARC: a policy that is found by walking up, and what it says of a message. */
import { evaluateDmarc, formatDmarc, parseDmarc } from '@posthorn/dmarc'
import { findRegistrableDomain } from '@posthorn/dmarc/psl'
import {
  aggregateReportMessage,
  encodeAggregateReport,
  readAggregateReport,
  readAggregateReportMessage,
  verifyReportDestinations,
} from '@posthorn/dmarc/report'
import { MemoryZone } from '@posthorn/dns'
import { parseMessage } from '@posthorn/mime'
import { check, equal, fails } from './check.js'

// The first octets of the SHA-256 of the file.
const DIGEST = [0x23, 0x5a, 0xd2, 0xf0]

const REPORT = {
  organizationName: 'Empfänger & Söhne <dmarc@mx.example>',
  email: 'dmarc@mx.example',
  reportId: 'r1',
  begin: 0,
  end: 86_399,
  errors: [],
  version: '1.0',
  policy: { domain: 'example.com', p: 'reject' },
  records: [
    {
      sourceIp: '192.0.2.1',
      count: 3,
      disposition: 'pass',
      dkim: 'pass',
      spf: 'fail',
      reasons: [],
      headerFrom: 'example.com',
      dkimResults: [{ domain: 'example.com', selector: 's1', result: 'pass' }],
      spfResults: [],
      extensions: [],
    },
  ],
  extensions: [],
}

export const dmarc = [
  check('dmarc: a record is read, and written again', async () => {
    const text = 'v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:d@example.com'
    equal(formatDmarc(parseDmarc(text)), text)
    await fails('DMARC_BAD_VERSION', () => parseDmarc('v=dmarc1; p=none'))
  }),
  check('dmarc: verdicts of a domain below the one that has the record', async () => {
    const resolver = new MemoryZone()
      .add('_dmarc.example.com', 'TXT', 'v=DMARC1; p=reject; sp=quarantine')
      .add('news.example.com', 'A', '192.0.2.1')
    const verdictOf = async (domain) => {
      const identities = { authorDomains: ['news.example.com'], dkim: [{ domain, result: 'pass' }] }
      const { result, policy, organizationalDomain } = await evaluateDmarc(identities, { resolver })
      return [result, policy?.applied, organizationalDomain]
    }
    equal(await verdictOf('example.com'), ['pass', 'quarantine', 'example.com'])
    equal(await verdictOf('example.net'), ['fail', 'quarantine', 'example.com'])
  }),
  check('dmarc: a registrable domain by the public suffix list', () => {
    equal(findRegistrableDomain('A.B.Example.CO.UK.'), 'example.co.uk')
    equal(findRegistrableDomain('a.b.project.github.io'), 'project.github.io')
    equal(findRegistrableDomain('a.project.github.io', { privateSuffixes: false }), 'github.io')
    equal(findRegistrableDomain('com'), undefined)
  }),
  check('dmarc: a report is written to the same octets everywhere, and read again', async () => {
    const octets = encodeAggregateReport(REPORT)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', octets))
    equal([...digest.subarray(0, 4)], DIGEST)
    const { report, defects, packing } = readAggregateReport(octets)
    equal([report, defects, packing], [REPORT, [], 'gzip'])
  }),
  check('dmarc: a report that is broken is read as far as it goes, and a bomb is not', async () => {
    const { report, defects } = readAggregateReport('<feedback><report_metadata><org_name>A & B</org_name>')
    equal(report.organizationName, 'A & B')
    equal(defects[0].code, 'unescaped-character')
    await fails('DMARC_REPORT_UNREADABLE', () => readAggregateReport('<!DOCTYPE a><feedback/>'))
    const large = { ...REPORT, organizationName: ' '.repeat(3_000_000) }
    await fails('DMARC_REPORT_TOO_LARGE', () => readAggregateReport(encodeAggregateReport(large)))
  }),
  check('dmarc: a report in a mail, and where it may go', async () => {
    const input = { report: REPORT, receiver: 'mx.example', from: 'dmarc@mx.example', to: 'd@example.com' }
    const context = { now: new Date(0), random: (length) => new Uint8Array(length).fill(7) }
    const { report, fileName } = readAggregateReportMessage(
      parseMessage(aggregateReportMessage(input, context).bytes()),
    )
    equal([report, fileName], [REPORT, 'mx.example!example.com!0!86399!r1.xml.gz'])
    const resolver = new MemoryZone().add('example.com._report._dmarc.b.example', 'TXT', 'v=DMARC1')
    const uris = parseDmarc('v=DMARC1; p=none; rua=mailto:a@b.example,https://c.example/').rua
    const { destinations } = await verifyReportDestinations('example.com', uris, { resolver })
    equal(
      destinations.map(({ status }) => status),
      ['authorized', 'unauthorized'],
    )
  }),
]

/**
 * Aggregate reports, alone and in mail: a report has what is expected of it beside it under the same name. Each is read, and
 * each that is as RFC 9990 has it is written and read again as the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  encodeAggregateReport,
  parseAggregateReport,
  readAggregateReport,
  readAggregateReportMessage,
} from '@posthorn/dmarc/report'
import { parseMessage } from '@posthorn/mime'

export const name = 'dmarc-reports'

/** What is to be told of a report, and why; of any other, nothing. */
const DEFECTS = {
  // Of an early draft: no namespace, extensions by name in none, and elements that nobody knows.
  '001.xml': [
    'missing-namespace ',
    'unknown-element record[0].extensions',
    'unknown-element report_metadata.date_range.unknown-tag1',
    'unknown-element policy_published.unknown-tag1',
    'unknown-element extensions',
  ],
  // gzip under the name of any octets.
  '104.eml': ['wrong-media-type '],
}

/**
 * What is read otherwise than expected, and why.
 * RFC 9990 has no `sampled_out`; it is expected as `other`, and kept here as it is, since the report is of RFC 7489.
 */
const DIFFERENCES = {
  '005.xml': (expected) => {
    expected.record[0].row.policy_evaluated.reason[0].type_ = 'SampledOut'
  },
}

/** Those that RFC 9990 has, word for word, and that are written again. */
const WRITTEN = new Set(['004.xml'])

const pascal = (word) => word.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase())
const wordOf = (word) => (word === undefined ? 'Unspecified' : pascal(word))
const SCOPES = { mfrom: 'MailFrom', helo: 'Helo' }
const MODES = { r: 'Relaxed', s: 'Strict' }
const absent = (value) => value ?? null

// In the words of the expected values, which have a default for whatever is absent.
function shapeOf({ report }) {
  const { policy, extraContactInfo, generator } = report
  return {
    version: Number(report.version ?? 0),
    report_metadata: {
      org_name: report.organizationName,
      email: report.email,
      extra_contact_info: absent(extraContactInfo?.text),
      report_id: report.reportId,
      date_range: { begin: report.begin, end: report.end },
      error: report.errors.map(({ text }) => text),
      generator: absent(generator),
    },
    policy_published: {
      domain: policy.domain,
      version_published: null,
      adkim: MODES[policy.adkim] ?? 'Unspecified',
      aspf: MODES[policy.aspf] ?? 'Unspecified',
      p: wordOf(policy.p),
      sp: wordOf(policy.sp),
      np: wordOf(policy.np),
      testing: policy.testing === 'y',
      discovery_method: wordOf(policy.discoveryMethod),
      fo: absent(policy.fo),
    },
    record: report.records.map(recordOf),
    extensions: extensionsOf(report),
  }
}

function recordOf(record) {
  return {
    row: {
      source_ip: record.sourceIp,
      count: record.count,
      policy_evaluated: {
        disposition: wordOf(record.disposition),
        dkim: wordOf(record.dkim),
        spf: wordOf(record.spf),
        reason: record.reasons.map(({ type, comment }) => ({ type_: wordOf(type), comment: absent(comment?.text) })),
      },
    },
    identifiers: {
      envelope_to: absent(record.envelopeTo),
      envelope_from: record.envelopeFrom ?? '',
      header_from: record.headerFrom,
    },
    auth_results: {
      dkim: record.dkimResults.map(({ selector = '', ...one }) => ({ ...resultOf(one), selector })),
      spf: record.spfResults.map((one) => ({ ...resultOf(one), scope: SCOPES[one.scope] ?? 'Unspecified' })),
    },
    extensions: extensionsOf(record),
  }
}

const resultOf = ({ domain, result, humanResult }) => ({
  domain,
  result: result === 'temperror' ? 'TempError' : result === 'permerror' ? 'PermError' : wordOf(result),
  human_result: absent(humanResult?.text),
})

// What is expected of an extension is its attributes; ours has its content too.
const extensionsOf = ({ extensions }) =>
  extensions
    .flatMap(({ name, children }) => (name === 'extensions' ? children : []))
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ name, value }) => [name, value])))

// Some of the expected values leave out what RFC 9990 added, where there is none of it.
function wantedOf(file, expected) {
  const { report_metadata: metadata, policy_published: policy } = expected
  expected.report_metadata = { generator: null, ...metadata }
  expected.policy_published = { np: 'Unspecified', discovery_method: 'Unspecified', ...policy }
  DIFFERENCES[file]?.(expected)
  return expected
}

const tell = ({ code, path }) => `${code} ${path}`

function failureOf(file, octets, expected) {
  const read = file.endsWith('.eml') ? readAggregateReportMessage(parseMessage(octets)) : readAggregateReport(octets)
  const told = read.defects.map(tell)
  if (!isDeepStrictEqual(told, DEFECTS[file] ?? [])) return `tells ${told.join(', ') || 'nothing'}`
  const shape = shapeOf(read)
  if (!isDeepStrictEqual(shape, wantedOf(file, expected))) return `is read as ${JSON.stringify(shape)}`
  if (!WRITTEN.has(file)) return undefined
  const again = parseAggregateReport(encodeAggregateReport(read.report))
  return isDeepStrictEqual(again, read.report) ? undefined : 'is written as another report'
}

/** @param {string} folder Where the files are. */
export async function run(folder) {
  const failures = []
  const files = readdirSync(folder).filter((file) => /\.(?:eml|xml)$/.test(file))
  for (const file of files) {
    const octets = new Uint8Array(readFileSync(join(folder, file)))
    const expected = JSON.parse(readFileSync(join(folder, file.replace(/(?:eml|xml)$/, 'json')), 'utf8'))
    const failure = failureOf(file, octets, expected)
    if (failure) failures.push(`${file}: ${failure}`)
  }
  return { passed: files.length - failures.length, total: files.length, failures }
}

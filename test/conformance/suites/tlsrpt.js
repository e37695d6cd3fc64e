/**
 * Reports on TLS, alone and in mail: a message has its expected report beside it under the same name, and every expected
 * report is read, and written again where it is as RFC 8460 has it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parseMessage } from '@posthorn/mime'
import { formatTlsReport, readTlsReport } from '@posthorn/policy'

export const name = 'tlsrpt'

/** What is to be told of a report; of any other, nothing. */
const DEFECTS = {
  // Policies without a domain, a sum of failures, and one of a type that does not exist.
  'rpt03.json': [
    'missing policies[0].policy.policy-domain',
    'missing policies[0].summary.total-failure-session-count',
    'unknown-policy-type policies[1].policy.policy-type',
    'missing policies[1].policy.policy-domain',
    'missing policies[1].summary.total-failure-session-count',
  ],
}

/** @param {Uint8Array} octets A message with one report in it. */
function reportIn(octets) {
  const message = parseMessage(new Uint8Array(octets))
  const part = message.root.parts.find(({ contentType }) => contentType.subtype.startsWith('tlsrpt'))
  const content = Buffer.from(message.contentOf(part).bytes)
  return (part.contentType.subtype.endsWith('gzip') ? gunzipSync(content) : content).toString()
}

const shortOf = (one) => [one.policy['policy-type'], one.summary['total-successful-session-count']]

const tell = ({ code, path }) => `${code} ${path}`

function failureOf(file, text, expected) {
  const { report, defects } = readTlsReport(text)
  const wanted = DEFECTS[file] ?? []
  if (!isDeepStrictEqual(defects.map(tell), wanted)) return `tells ${defects.map(tell).join(', ') || 'nothing'}`
  const short = report.policies.map(({ policyType, successfulSessions }) => [policyType, successfulSessions])
  if (!isDeepStrictEqual(short, expected.policies.map(shortOf))) return `is read as ${JSON.stringify(short)}`
  if (wanted.length > 0) return undefined
  return isDeepStrictEqual(JSON.parse(formatTlsReport(report)), expected) ? undefined : 'is written as another report'
}

/** @param {string} folder Where the files are. */
export async function run(folder) {
  const failures = []
  const files = readdirSync(folder).filter((file) => /\.(?:eml|json)$/.test(file))
  for (const file of files) {
    const octets = readFileSync(join(folder, file))
    const text = file.endsWith('.eml') ? reportIn(octets) : octets.toString()
    const expected = JSON.parse(readFileSync(join(folder, file.replace(/eml$/, 'json')), 'utf8'))
    const failure = failureOf(file, text, expected)
    if (failure) failures.push(`${file}: ${failure}`)
  }
  return { passed: files.length - failures.length, total: files.length, failures }
}

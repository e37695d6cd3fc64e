/**
 * Feedback reports with what another library makes of them, for line ends of CRLF and of LF. Its model is mapped to ours, which
 * differs so: a path has no brackets, since they are of SMTP and not of the address; folding is undone, and the blanks in
 * Base64, since they are of the field and not of its value; and what is not there is absent, where it has 1 incident, port 0
 * and a failure that is unspecified.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parseMessage, readReport } from '@posthorn/mime'

export const name = 'arf'

/** What we doubt in each, which the other library says nothing of. */
const DEFECTS = {
  '002.eml': ['obsolete-zone', 'wrong-day Tue'],
  '003.eml': ['missing-field DKIM-Identity', 'missing-field DKIM-Selector'],
  '004.eml': ['missing-brackets', 'missing-field Identity-Alignment'],
  '005.eml': ['missing-brackets'],
}

const words = (text) => text.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
const textOf = (value) => value ?? null
const pathOf = (path) => (path === null ? null : path.replace(/^<(.*)>$/, '$1'))
const unfolded = (text) => text.replace(/\n/g, '')
const withoutBlanks = (text) => (text === null ? null : text.replace(/\s+/g, ''))
// There "unspecified" stands for what is not there.
const failure = (kind) => (kind === 'Unspecified' ? null : kind === 'BodyHash' ? 'bodyhash' : kind.toLowerCase())

function theirs(report) {
  return {
    feedbackType: words(report.feedback_type),
    arrivalDate: report.arrival_date,
    authenticationResults: report.authentication_results.map(unfolded),
    // There it is 1 where it is not there: a report is of one message at least.
    incidents: report.incidents,
    envelopeId: report.original_envelope_id,
    mailFrom: pathOf(report.original_mail_from),
    rcptTo: report.original_rcpt_to === null ? [] : [pathOf(report.original_rcpt_to)],
    reportedDomains: report.reported_domain,
    reportedUris: report.reported_uri,
    reportingMta: report.reporting_mta,
    sourceIp: report.source_ip,
    // There it is 0 where it is not there.
    sourcePort: report.source_port,
    userAgent: report.user_agent,
    version: report.version,
    authFailure: failure(report.auth_failure),
    deliveryResult: failure(report.delivery_result),
    identityAlignment: failure(report.identity_alignment),
    dkimAdspDns: report.dkim_adsp_dns,
    dkimCanonicalizedBody: withoutBlanks(report.dkim_canonicalized_body),
    dkimCanonicalizedHeader: withoutBlanks(report.dkim_canonicalized_header),
    dkimDomain: report.dkim_domain,
    dkimIdentity: report.dkim_identity,
    dkimSelector: report.dkim_selector,
    dkimSelectorDns: report.dkim_selector_dns,
    spfDns: report.spf_dns === null ? [] : [report.spf_dns],
    headers: report.headers,
  }
}

function ours(message, { feedback, original }) {
  const isHeader = original?.contentType.subtype === 'rfc822-headers'
  return {
    feedbackType: feedback.feedbackType,
    arrivalDate: feedback.arrivalDate ? feedback.arrivalDate.getTime() / 1000 : null,
    authenticationResults: feedback.authenticationResults,
    incidents: feedback.incidents ?? 1,
    envelopeId: textOf(feedback.envelopeId),
    mailFrom: textOf(feedback.mailFrom),
    rcptTo: feedback.rcptTo,
    reportedDomains: feedback.reportedDomains,
    reportedUris: feedback.reportedUris,
    reportingMta: textOf(feedback.reportingMta?.name),
    sourceIp: textOf(feedback.sourceIp),
    sourcePort: feedback.sourcePort ?? 0,
    userAgent: feedback.userAgent,
    version: feedback.version,
    authFailure: textOf(feedback.authFailure),
    deliveryResult: textOf(feedback.deliveryResult),
    identityAlignment: textOf(feedback.identityAlignment),
    dkimAdspDns: textOf(feedback.dkimAdspDns),
    dkimCanonicalizedBody: textOf(feedback.dkimCanonicalizedBody),
    dkimCanonicalizedHeader: textOf(feedback.dkimCanonicalizedHeader),
    dkimDomain: textOf(feedback.dkimDomain),
    dkimIdentity: textOf(feedback.dkimIdentity),
    dkimSelector: textOf(feedback.dkimSelector),
    dkimSelectorDns: textOf(feedback.dkimSelectorDns),
    spfDns: feedback.spfDns,
    headers: isHeader ? message.textOf(original) : null,
  }
}

const tell = (defects) => defects.map(({ code, other }) => (other === undefined ? code : `${code} ${other}`))

/** @param {string} folder Where the messages are. */
export async function run(folder) {
  const failures = []
  let total = 0
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.eml'))) {
    const expected = theirs(JSON.parse(readFileSync(join(folder, file.replace('.eml', '.json')), 'utf8')))
    const octets = readFileSync(join(folder, file))
    for (const text of [octets.toString('latin1'), octets.toString('latin1').replace(/\r?\n/g, '\r\n')]) {
      const message = parseMessage(new Uint8Array(Buffer.from(text, 'latin1')))
      const report = readReport(message)
      const found = report?.type === 'feedback' ? { ...ours(message, report), defects: tell(report.defects) } : {}
      const all = { ...expected, defects: DEFECTS[file] ?? [] }
      for (const [key, value] of Object.entries(all)) {
        total++
        if (!isDeepStrictEqual(found[key], value))
          failures.push(`${file} ${key}: ${JSON.stringify(found[key])}, not ${JSON.stringify(value)}`)
      }
    }
  }
  return { passed: total - failures.length, total, failures }
}

/** What is looked for in a record: how much it matters, where it is written, and what to say of it. */

import type { DmarcDefectCode } from './record.ts'

/** How much a finding matters: `error` changes what receivers do, `warning` may, `info` is worth knowing. */
export type DmarcSeverity = 'error' | 'warning' | 'info'

/** What is looked for. */
export type DmarcRule =
  | DmarcDefectCode
  | 'blank-start'
  | 'escaped-semicolon'
  | 'no-effect'
  | 'no-version'
  | 'other-scheme'
  | 'policy-not-second'
  | 'psd-failure-reports'
  | 'quoted'
  | 'repeated-uri'
  | 'tag-case'
  | 'test-without-policy'
  | 'too-long'
  | 'unused-options'
  | 'version-case'
  | 'version-not-first'
  | 'weak-subdomains'

/** @internal */
export interface RuleText {
  readonly severity: DmarcSeverity
  readonly spec: string
  readonly text: string
}

/** @internal */
export const DMARC_RULES: Readonly<Record<DmarcRule, RuleText>> = {
  'bad-policy': {
    severity: 'error',
    spec: 'rfc9989#section-4.10.1',
    text: 'A policy is neither none, quarantine nor reject, so that receivers take all policies of the record for none, or leave it out without an address for reports.',
  },
  'bad-tag': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'This is not a tag of a name, an equals sign and printable US-ASCII, so that receivers leave it out.',
  },
  'bad-uri': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'An address for reports is not a URI such as mailto:reports@example.com, so that no reports go there.',
  },
  'bad-value': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'The tag cannot have this value, so that receivers take the default.',
  },
  'blank-start': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'White space before the version makes this no record for a strict receiver.',
  },
  'empty-tag': {
    severity: 'warning',
    spec: 'rfc9989#section-4.8',
    text: 'There is nothing between two semicolons.',
  },
  'escaped-semicolon': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'The backslashes before semicolons are of a zone file, and must not be in the value itself.',
  },
  'missing-policy': {
    severity: 'warning',
    spec: 'rfc9989#section-4.10.1',
    text: 'Without the tag p the policy is none if there is an address for reports, and else the record asks for nothing.',
  },
  'no-effect': {
    severity: 'warning',
    spec: 'rfc9989#section-4.7',
    text: 'The record asks neither for anything to be done nor for reports, so that nothing comes of it.',
  },
  'no-version': {
    severity: 'error',
    spec: 'rfc9989#section-4.7',
    text: 'A record begins with v=DMARC1, and this is none.',
  },
  'other-scheme': {
    severity: 'warning',
    spec: 'rfc9989#section-4.7',
    text: 'Senders of reports need to know mailto alone, and leave out other schemes.',
  },
  'policy-not-second': {
    severity: 'info',
    spec: 'rfc7489#section-6.3',
    text: 'Receivers that follow RFC 7489 want the tag p right behind the version.',
  },
  'psd-failure-reports': {
    severity: 'warning',
    spec: 'rfc9989#section-10.2',
    text: 'A public suffix below which many organizations register must not ask for failure reports of their mail.',
  },
  quoted: {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'The quotation marks are of a zone file, and must not be in the value itself.',
  },
  'repeated-tag': {
    severity: 'error',
    spec: 'rfc6376#section-3.2',
    text: 'A tag comes twice, so that receivers disagree which counts; here none does.',
  },
  'repeated-uri': {
    severity: 'warning',
    spec: 'rfc9989#section-4.7',
    text: 'The same address for reports is there twice.',
  },
  'retired-size': {
    severity: 'warning',
    spec: 'rfc9989#section-4.8',
    text: 'The size behind an address for reports was removed by RFC 9989, and is ignored.',
  },
  'retired-tag': {
    severity: 'warning',
    spec: 'rfc9989#section-9.3',
    text: 'The tag was removed by RFC 9989, and is ignored.',
  },
  'tag-case': {
    severity: 'error',
    spec: 'rfc6376#section-3.2',
    text: 'The names of tags are in lower case, so that this one is not known.',
  },
  'test-without-policy': {
    severity: 'info',
    spec: 'rfc9989#section-4.7',
    text: 'The tag t has no effect on the policy none.',
  },
  'too-long': {
    severity: 'error',
    spec: 'rfc1035#section-3.3.14',
    text: 'The text is longer than any TXT record.',
  },
  'unknown-tag': {
    severity: 'warning',
    spec: 'rfc9989#section-4.7',
    text: 'The tag is not known, and is ignored.',
  },
  'unused-options': {
    severity: 'info',
    spec: 'rfc9989#section-4.7',
    text: 'The tag fo has no effect without an address for failure reports in ruf.',
  },
  'version-case': {
    severity: 'error',
    spec: 'rfc9989#section-4.8',
    text: 'The version must be v=DMARC1 in exactly this case, or receivers ignore the record.',
  },
  'version-not-first': {
    severity: 'error',
    spec: 'rfc9989#section-4.7',
    text: 'The version must be the first tag, or the record is ignored.',
  },
  'weak-subdomains': {
    severity: 'warning',
    spec: 'rfc9989#section-4.7',
    text: 'Less is asked for subdomains than for the domain, which others may use for that reason.',
  },
}

/** What is looked for in a record of BIMI: how much it matters, where it is written, and what to say of it. */

import { BIMI_DRAFT } from './draft.ts'

/** How much a finding matters: `error` keeps the indicator from being shown, `warning` may, `info` is worth knowing. */
export type BimiSeverity = 'error' | 'warning' | 'info'

/** What is looked for in a record. */
export type BimiRule =
  | 'bad-authority'
  | 'bad-avatar'
  | 'bad-local-part-selectors'
  | 'bad-location'
  | 'bad-tag'
  | 'blank-start'
  | 'comma'
  | 'declined'
  | 'evidence-alone'
  | 'insecure'
  | 'missing-location'
  | 'no-evidence'
  | 'no-version'
  | 'other-format'
  | 'quoted'
  | 'repeated-tag'
  | 'tag-case'
  | 'too-long'
  | 'unknown-tag'
  | 'value-case'
  | 'version-case'
  | 'version-not-first'

/** @internal */
export interface BimiRuleText {
  readonly severity: BimiSeverity
  readonly spec: string
  readonly text: string
}

const RECORD = `${BIMI_DRAFT}#assertion-record-definition`
const FORMATS = `${BIMI_DRAFT}#supported-image-formats-for-l-tag`
const DISCOVERY = `${BIMI_DRAFT}#indicator-discovery`

function rule(severity: BimiSeverity, text: string, spec = RECORD): BimiRuleText {
  return { severity, spec, text }
}

/** @internal */
export const BIMI_RULES: Readonly<Record<BimiRule, BimiRuleText>> = {
  'bad-authority': rule('error', 'Receivers do not ask this address for the evidence, so that they show nothing.'),
  'bad-avatar': rule(
    'warning',
    'The preference is neither brand nor personal, so that brand is taken, or nothing is shown.',
  ),
  'bad-local-part-selectors': rule('warning', 'The value is neither true nor false, so that false is taken.'),
  'bad-location': rule('error', 'Receivers do not ask this address for the indicator, so that they show nothing.'),
  'bad-tag': rule(
    'error',
    'This is no tag of a name, an equals sign and printable US-ASCII, so that the record is no record.',
  ),
  'blank-start': rule('error', 'White space before the version makes this no record.'),
  comma: rule('error', 'A comma in an address must be written %2C.'),
  declined: rule('info', 'The record says that no indicator is to be shown.', `${BIMI_DRAFT}#declination-to-publish`),
  'evidence-alone': rule(
    'error',
    'There is evidence but no indicator, and without an indicator nothing is shown.',
    DISCOVERY,
  ),
  insecure: rule('error', 'Receivers ask by HTTPS alone, so that they show nothing.'),
  'missing-location': rule('error', 'The address of the indicator is missing, so that the record is no record.'),
  'no-evidence': rule('warning', 'There is no evidence, without which large receivers show nothing.', DISCOVERY),
  'no-version': rule('error', 'A record begins with v=BIMI1; this is none.'),
  'other-format': rule(
    'error',
    'The indicator must be an SVG; the name tells of another format, so that nothing is shown.',
    FORMATS,
  ),
  quoted: rule(
    'error',
    'The quotation marks are part of what is published; they belong to the syntax of zone files alone.',
  ),
  'repeated-tag': rule('error', 'A tag comes twice, so that the record is no record.'),
  'tag-case': rule('error', 'Names of tags are in lower case; receivers do not know this one.'),
  'too-long': rule('error', 'The record is longer than the DNS can hold.'),
  'unknown-tag': rule('info', 'No receiver knows this tag.'),
  'value-case': rule('warning', 'The value is in lower case; receivers do not know this one.'),
  'version-case': rule('error', 'The version is written v=BIMI1, in this case; this is no record.'),
  'version-not-first': rule('error', 'The version does not come first, so that this is no record.'),
}

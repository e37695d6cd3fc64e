/** What is wrong with a record, or unwise in it: the codes, how bad each is, and a sentence. */

/** How bad a finding is: `error` breaks the check, `warning` gives away more than was meant, `note` is for tidiness. */
export type SpfSeverity = 'error' | 'warning' | 'note'

/** Every finding; the README has a table. */
export type SpfFindingCode =
  | 'address-as-name'
  | 'bad-term'
  | 'depends-on-mail'
  | 'duplicate-term'
  | 'host-bits'
  | 'include-none'
  | 'incomplete'
  | 'long-record'
  | 'loop'
  | 'mechanism-as-modifier'
  | 'multiple-records'
  | 'no-default'
  | 'no-record'
  | 'no-such-host'
  | 'passes-all'
  | 'ptr'
  | 'redirect-ignored'
  | 'redirect-none'
  | 'too-many-mx'
  | 'too-many-terms'
  | 'too-many-voids'
  | 'unknown-modifier'
  | 'unreachable'
  | 'wide-network'

/** One finding. */
export interface SpfFinding {
  /** What it is. */
  readonly code: SpfFindingCode
  /** How bad it is. */
  readonly severity: SpfSeverity
  /** What it means, in a sentence. */
  readonly message: string
  /** The text of the term at fault; absent when it is the record as a whole. */
  readonly term?: string
  /** Where the term stands in the record, in UTF-16 units. */
  readonly offset?: number
  /** Whose record it is; absent when only a text was looked at. */
  readonly domain?: string
}

const SEVERITIES: Readonly<Record<SpfFindingCode, SpfSeverity>> = {
  'address-as-name': 'error',
  'bad-term': 'error',
  'depends-on-mail': 'note',
  'duplicate-term': 'note',
  'host-bits': 'note',
  'include-none': 'error',
  incomplete: 'warning',
  'long-record': 'note',
  loop: 'error',
  'mechanism-as-modifier': 'warning',
  'multiple-records': 'error',
  'no-default': 'warning',
  'no-record': 'error',
  'no-such-host': 'warning',
  'passes-all': 'warning',
  ptr: 'warning',
  'redirect-ignored': 'warning',
  'redirect-none': 'error',
  'too-many-mx': 'error',
  'too-many-terms': 'error',
  'too-many-voids': 'error',
  'unknown-modifier': 'note',
  unreachable: 'warning',
  'wide-network': 'warning',
}

/** @internal */
export interface FindingPlace {
  readonly term?: string
  readonly offset?: number
  readonly domain?: string
}

/** @internal */
export function finding(code: SpfFindingCode, message: string, place: FindingPlace = {}): SpfFinding {
  return { code, severity: SEVERITIES[code], message, ...place }
}

/** Which elements stand where, and which words they hold: RFC 9990 appendix A, with what RFC 7489 appendix C had. */

import type { DmarcAlignment, DmarcPolicy } from '../record.ts'
import type {
  DkimReportWord,
  OverrideType,
  ReportAlignment,
  ReportDiscovery,
  ReportDisposition,
  SpfReportScope,
  SpfReportWord,
} from './model.ts'

/** @internal The namespace of reports since RFC 9990. */
export const NAMESPACE = 'urn:ietf:params:xml:ns:dmarc-2.0'
/** @internal The namespace that RFC 7489 had, and hardly a report. */
export const OLD_NAMESPACE = 'http://dmarc.org/dmarc-xml/0.1'

/**
 * What one element holds.
 *
 * @internal
 */
export interface Layout {
  /** Its children in order: `?` may be absent, `*` may come often, `+` must come, and may often. */
  readonly children: ReadonlyMap<string, '' | '?' | '*' | '+'>
  /** Whether the order is required. */
  readonly ordered: boolean
}

function layout(text: string, ordered = false): Layout {
  const children = text.split(' ').map((one) => {
    const [, name, often] = /^(\w+)([?*+]?)$/.exec(one)!
    return [name!, often as '' | '?' | '*' | '+'] as const
  })
  return { children: new Map(children), ordered }
}

type LayoutName =
  | 'feedback'
  | 'report_metadata'
  | 'date_range'
  | 'policy_published'
  | 'record'
  | 'row'
  | 'policy_evaluated'
  | 'reason'
  | 'identifiers'
  | 'auth_results'
  | 'record_dkim'
  | 'record_spf'

/** @internal By element; `record_dkim` and `record_spf` are those of `auth_results`. */
export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  feedback: /* @__PURE__ */ layout('version? report_metadata policy_published extension? record+', true),
  report_metadata: /* @__PURE__ */ layout('org_name email extra_contact_info? report_id date_range error* generator?'),
  date_range: /* @__PURE__ */ layout('begin end'),
  policy_published: /* @__PURE__ */ layout('domain p sp? np? adkim? aspf? discovery_method? fo? testing? pct?'),
  record: /* @__PURE__ */ layout('row identifiers auth_results', true),
  row: /* @__PURE__ */ layout('source_ip count policy_evaluated'),
  policy_evaluated: /* @__PURE__ */ layout('disposition dkim spf reason*', true),
  reason: /* @__PURE__ */ layout('type comment?'),
  identifiers: /* @__PURE__ */ layout('header_from envelope_from? envelope_to?'),
  auth_results: /* @__PURE__ */ layout('dkim* spf*', true),
  record_dkim: /* @__PURE__ */ layout('domain selector result human_result?'),
  record_spf: /* @__PURE__ */ layout('domain scope? result human_result?'),
}

/** @internal Elements that RFC 7489 knows and RFC 9990 does not. */
export const RETIRED_ELEMENTS: ReadonlySet<string> = new Set(['pct'])
/** @internal Elements that show a report to be of RFC 9990, whatever its namespace. */
export const NEW_ELEMENTS: ReadonlySet<string> = new Set(['np', 'testing', 'discovery_method', 'generator'])

/**
 * The words of one element.
 *
 * @internal
 */
export interface Words<T extends string> {
  readonly words: ReadonlySet<T>
  /** Words that RFC 7489 knows and RFC 9990 does not. */
  readonly retired: ReadonlySet<string>
  /** What some write in place of a word. */
  readonly aliases: ReadonlyMap<string, T>
}

function words<T extends string>(
  all: readonly T[],
  { retired = [], aliases = [] }: { readonly retired?: readonly T[]; readonly aliases?: readonly [string, T][] } = {},
): Words<T> {
  return { words: new Set(all), retired: new Set(retired), aliases: new Map(aliases) }
}

// RFC 7489 appendix C notes how some name the results of SPF.
const OLD_RESULTS: readonly [string, DkimReportWord][] = [
  ['error', 'permerror'],
  ['hardfail', 'fail'],
  ['permfail', 'permerror'],
  ['tempfail', 'temperror'],
  ['unknown', 'temperror'],
]
const DKIM: readonly DkimReportWord[] = ['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror']

/** @internal */
export const POLICY_WORDS: Words<DmarcPolicy> = /* @__PURE__ */ words(['none', 'quarantine', 'reject'])
/** @internal */
export const ALIGNMENT_MODES: Words<DmarcAlignment> = /* @__PURE__ */ words(['r', 's'])
/** @internal */
export const DISCOVERY_WORDS: Words<ReportDiscovery> = /* @__PURE__ */ words(['psl', 'treewalk'])
/** @internal */
export const TESTING_WORDS: Words<'y' | 'n'> = /* @__PURE__ */ words(['y', 'n'])
/** @internal */
export const DISPOSITION_WORDS: Words<ReportDisposition> = /* @__PURE__ */ words([
  'none',
  'pass',
  'quarantine',
  'reject',
])
/** @internal */
export const RESULT_WORDS: Words<ReportAlignment> = /* @__PURE__ */ words(['pass', 'fail'])
/** @internal */
export const OVERRIDE_WORDS: Words<OverrideType> = /* @__PURE__ */ words(
  ['local_policy', 'mailing_list', 'other', 'policy_test_mode', 'trusted_forwarder', 'forwarded', 'sampled_out'],
  { retired: ['forwarded', 'sampled_out'] },
)
/** @internal */
export const DKIM_WORDS: Words<DkimReportWord> = /* @__PURE__ */ words(DKIM, { aliases: OLD_RESULTS })
/** @internal */
export const SPF_WORDS: Words<SpfReportWord> = /* @__PURE__ */ words([...DKIM, 'softfail'], {
  aliases: OLD_RESULTS,
})
/** @internal */
export const SCOPE_WORDS: Words<SpfReportScope> = /* @__PURE__ */ words(['mfrom', 'helo'], {
  retired: ['helo'],
  aliases: [['mailfrom', 'mfrom']],
})

/** One record of an aggregate report: RFC 9990 section 3.1.1.7 to 3.1.1.14. */

import { known } from '@posthorn/core'
import {
  DISPOSITION_WORDS,
  DKIM_WORDS,
  LAYOUTS,
  OVERRIDE_WORDS,
  RESULT_WORDS,
  SCOPE_WORDS,
  SPF_WORDS,
} from './layout.ts'
import type { AggregateRecord, DkimReportResult, OverrideReason, SpfReportResult } from './model.ts'
import { PartReader, type ReportContext } from './part-reader.ts'
import type { XmlElement } from './xml-tree.ts'

/** @internal */
export function readRecord(element: XmlElement, context: ReportContext): AggregateRecord {
  const reader = new PartReader(element, LAYOUTS.record, context)
  return {
    ...readRow(reader.one('row'), context),
    ...readIdentifiers(reader.one('identifiers'), context),
    ...readResults(reader.one('auth_results'), context),
    extensions: reader.extensions(),
  }
}

type Row = Pick<AggregateRecord, 'sourceIp' | 'count' | 'disposition' | 'dkim' | 'spf' | 'reasons'>

function readRow(element: XmlElement | undefined, context: ReportContext): Row {
  const row = new PartReader(element, LAYOUTS.row, context)
  const sourceIp = row.address('source_ip')
  const count = row.count('count')
  const evaluated = new PartReader(row.one('policy_evaluated'), LAYOUTS.policy_evaluated, context)
  const values = {
    disposition: evaluated.word('disposition', DISPOSITION_WORDS),
    dkim: evaluated.word('dkim', RESULT_WORDS),
    spf: evaluated.word('spf', RESULT_WORDS),
  }
  const reasons = evaluated.all('reason').flatMap((one) => readReason(one, context) ?? [])
  evaluated.refuseOthers()
  row.refuseOthers()
  return { sourceIp, count, ...known(values), reasons }
}

function readReason(element: XmlElement, context: ReportContext): OverrideReason | undefined {
  if (element.children.length === 0 && element.text.trimEnd() === '') {
    context.defects.tell('empty', element.path)
    return undefined
  }
  const reader = new PartReader(element, LAYOUTS.reason, context)
  const reason = known({ type: reader.word('type', OVERRIDE_WORDS), comment: reader.forPeople('comment') })
  reader.refuseOthers()
  return Object.keys(reason).length > 0 ? reason : undefined
}

type Identifiers = Pick<AggregateRecord, 'headerFrom' | 'envelopeFrom' | 'envelopeTo'>

function readIdentifiers(element: XmlElement | undefined, context: ReportContext): Identifiers {
  const reader = new PartReader(element, LAYOUTS.identifiers, context)
  const headerFrom = reader.text('header_from')
  const values = { envelopeFrom: reader.blank('envelope_from'), envelopeTo: reader.optional('envelope_to') }
  reader.refuseOthers()
  return { headerFrom, ...known(values) }
}

type Results = Pick<AggregateRecord, 'dkimResults' | 'spfResults'>

function readResults(element: XmlElement | undefined, context: ReportContext): Results {
  const reader = new PartReader(element, LAYOUTS.auth_results, context)
  const dkimResults = reader.all('dkim').map((one) => readDkim(one, context))
  const spfResults = reader.all('spf').map((one) => readSpf(one, context))
  if (context.isNew && spfResults.length > 1) {
    context.defects.tell('repeated-element', reader.all('spf')[1]!.path)
  }
  reader.refuseOthers()
  return { dkimResults, spfResults }
}

function readDkim(element: XmlElement, context: ReportContext): DkimReportResult {
  const reader = new PartReader(element, LAYOUTS.record_dkim, context)
  const domain = reader.text('domain')
  const values = {
    selector: reader.optional('selector'),
    result: reader.word('result', DKIM_WORDS),
    humanResult: reader.forPeople('human_result'),
  }
  reader.refuseOthers()
  return { domain, ...known(values) }
}

function readSpf(element: XmlElement, context: ReportContext): SpfReportResult {
  const reader = new PartReader(element, LAYOUTS.record_spf, context)
  const domain = reader.text('domain')
  const values = {
    scope: reader.word('scope', SCOPE_WORDS),
    result: reader.word('result', SPF_WORDS),
    humanResult: reader.forPeople('human_result'),
  }
  reader.refuseOthers()
  return { domain, ...known(values) }
}

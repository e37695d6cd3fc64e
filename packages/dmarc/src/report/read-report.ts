/** An aggregate report from its XML, which nobody vouches for: RFC 9990 section 3.1.1, RFC 7489 appendix C. */

import { known } from '@posthorn/core'
import type { AggregateReportDefect, ReportDefects } from './defect.ts'
import { reportFault } from './error.ts'
import {
  ALIGNMENT_MODES,
  DISCOVERY_WORDS,
  LAYOUTS,
  NAMESPACE,
  NEW_ELEMENTS,
  OLD_NAMESPACE,
  POLICY_WORDS,
  TESTING_WORDS,
} from './layout.ts'
import type { AggregateReportLimits } from './limits.ts'
import type { AggregateRecord, AggregateReport, ReportedPolicy } from './model.ts'
import { PartReader, type ReportContext } from './part-reader.ts'
import { readRecord } from './read-record.ts'
import { escapeStray } from './stray.ts'
import { readTree, XmlElement } from './xml-tree.ts'

/** Which standard a report goes by. */
export type AggregateReportForm = 'rfc7489' | 'rfc9990'

/** @internal */
export interface XmlReading {
  readonly report: AggregateReport
  readonly form: AggregateReportForm
  readonly defects: readonly AggregateReportDefect[]
}

/** @internal */
export interface XmlOptions {
  readonly limits: Required<AggregateReportLimits>
  readonly defects: ReportDefects
}

/** @internal */
export function readXmlReport(text: string, { limits, defects }: XmlOptions): XmlReading {
  const reader = new ReportReader({ defects, maxText: limits.maxText, namespace: '', isNew: false })
  if (!readTree(escapeStray(text, defects), { limits, defects, handler: reader })) {
    throw reportFault('DMARC_REPORT_UNREADABLE', 'read report: it has no feedback element', 'rfc9990#section-3.1.1.1')
  }
  const report = reader.finish()
  return { report, form: reader.form, defects: defects.all }
}

type Metadata = Omit<AggregateReport, 'policy' | 'records' | 'extensions' | 'version'>

class ReportReader {
  readonly #context: ReportContext
  #root: XmlElement | undefined
  readonly #records: AggregateRecord[] = []

  constructor(context: ReportContext) {
    this.#context = context
  }

  get form(): AggregateReportForm {
    return this.#context.isNew ? 'rfc9990' : 'rfc7489'
  }

  begin(report: XmlElement): void {
    const { namespace } = report
    this.#root = report
    this.#context.namespace = namespace
    this.#context.isNew = namespace === NAMESPACE
    if (namespace !== '' && namespace !== NAMESPACE && namespace !== OLD_NAMESPACE) {
      this.#context.defects.tell('unknown-namespace', '', namespace)
    }
  }

  part(part: XmlElement): void {
    const isOwn = part.namespace === '' || part.namespace === this.#context.namespace
    if (isOwn && part.name === 'record') {
      this.#records.push(readRecord(part, this.#context))
      this.#place(part)
      return
    }
    if (isOwn && !this.#context.isNew && part.children.some(({ name }) => NEW_ELEMENTS.has(name))) {
      this.#context.isNew = true
      this.#context.defects.tell('missing-namespace', '')
    }
    this.#root!.children.push(part)
  }

  // What has been read of a record is no longer needed; its place among the others is.
  #place({ namespace, index }: XmlElement): void {
    const { children } = this.#root!
    if (children.at(-1)?.name === 'record') return
    const placeholder = new XmlElement({ local: 'record', uri: namespace }, this.#root)
    placeholder.index = index
    children.push(placeholder)
  }

  finish(): AggregateReport {
    const root = new PartReader(this.#root, LAYOUTS.feedback, this.#context)
    const version = root.optional('version')
    const metadata = this.#metadata(root.one('report_metadata'))
    const policy = this.#policy(root.one('policy_published'))
    return {
      ...metadata,
      ...(version !== undefined && { version }),
      policy,
      records: this.#records,
      // RFC 9990 section 5: within one element; some write them beside it.
      extensions: root.extensions(root.all('extension').flatMap(({ children }) => children)),
    }
  }

  #metadata(element: XmlElement | undefined): Metadata {
    const reader = new PartReader(element, LAYOUTS.report_metadata, this.#context)
    const organizationName = reader.text('org_name')
    const email = reader.text('email')
    const extraContactInfo = reader.forPeople('extra_contact_info')
    const reportId = reader.text('report_id')
    const range = new PartReader(reader.one('date_range'), LAYOUTS.date_range, this.#context)
    const [begin, end] = [range.seconds('begin'), range.seconds('end')]
    if (end < begin) this.#context.defects.tell('bad-date', 'report_metadata.date_range', `${begin} to ${end}`)
    range.refuseOthers()
    const errors = reader.all('error').flatMap((one) => reader.peopleText(one) ?? [])
    const generator = reader.optional('generator')
    reader.refuseOthers()
    return {
      organizationName,
      email,
      ...(extraContactInfo && { extraContactInfo }),
      reportId,
      begin,
      end,
      errors,
      ...(generator !== undefined && { generator }),
    }
  }

  #policy(element: XmlElement | undefined): ReportedPolicy {
    const reader = new PartReader(element, LAYOUTS.policy_published, this.#context)
    const domain = reader.text('domain')
    const values = {
      p: reader.word('p', POLICY_WORDS),
      sp: reader.word('sp', POLICY_WORDS),
      np: reader.word('np', POLICY_WORDS),
      adkim: reader.word('adkim', ALIGNMENT_MODES),
      aspf: reader.word('aspf', ALIGNMENT_MODES),
      discoveryMethod: reader.word('discovery_method', DISCOVERY_WORDS),
      fo: reader.optional('fo'),
      testing: reader.word('testing', TESTING_WORDS),
      pct: reader.one('pct') && reader.count('pct'),
    }
    reader.refuseOthers()
    return { domain, ...known(values) }
  }
}

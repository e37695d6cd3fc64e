export { parseAggregateReport, type ReadAggregateReport, readAggregateReport } from './report/aggregate-report.ts'
export {
  AggregateCollector,
  type AggregateCollectorOptions,
  type AggregateReportFacts,
  type CollectedReport,
  type ReportedMessageFacts,
} from './report/collector.ts'
export type { AggregateReportDefect, AggregateReportDefectCode } from './report/defect.ts'
export {
  type ReportDestination,
  type ReportDestinationStatus,
  type ReportDestinations,
  type VerifyDestinationsOptions,
  verifyReportDestinations,
} from './report/destination.ts'
export type { DmarcReportErrorCode } from './report/error.ts'
export {
  type FailureReportInput,
  type FailureReportMessageInput,
  type FailureResults,
  failureFeedback,
  failureReportDue,
  failureReportMessage,
} from './report/failure.ts'
export {
  type EncodeAggregateReportOptions,
  encodeAggregateReport,
  formatAggregateReport,
} from './report/format-report.ts'
export type { AggregateReportLimits } from './report/limits.ts'
export type {
  AggregateRecord,
  AggregateReport,
  DkimReportResult,
  DkimReportWord,
  OverrideReason,
  OverrideType,
  ReportAlignment,
  ReportAttribute,
  ReportDiscovery,
  ReportDisposition,
  ReportElement,
  ReportedPolicy,
  ReportText,
  SpfReportResult,
  SpfReportScope,
  SpfReportWord,
} from './report/model.ts'
export {
  type AggregateReportFile,
  type AggregateReportNames,
  type AggregateReportSubject,
  aggregateReportFileName,
  aggregateReportSubject,
  parseAggregateReportFileName,
  readAggregateReportSubject,
} from './report/names.ts'
export type { AggregateReportForm } from './report/read-report.ts'
export {
  type AggregateReportMail,
  type AggregateReportMessageInput,
  aggregateReportMessage,
  readAggregateReportMessage,
} from './report/report-mail.ts'
export type { ReportPacking } from './report/unpack.ts'

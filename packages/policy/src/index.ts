export { publicKeyOf } from './certificate.ts'
export {
  type DaneAnswers,
  type DaneDecision,
  type DaneDefer,
  type DaneNone,
  type DaneRequired,
  type DaneUnusable,
  decideDane,
  type TlsaNameOptions,
  tlsaHosts,
  tlsaName,
  usableTlsa,
} from './dane-decide.ts'
export {
  type DaneAnchor,
  type DaneEndEntityMatch,
  type DaneMatch,
  type DaneMatchOptions,
  type DaneMismatch,
  type DaneTrustAnchorMatch,
  type DaneVerify,
  matchTlsa,
} from './dane-match.ts'
export {
  type DeferPlan,
  type DeliveryHost,
  type DeliveryPlan,
  type DeliveryPlanOptions,
  type FailPlan,
  isNullMx,
  type LeftOutHost,
  planDelivery,
  type SendPlan,
  type TlsVerification,
} from './delivery-plan.ts'
export type { PolicyErrorCode } from './error.ts'
export type { ExtensionField } from './field-list.ts'
export type { FoundRecord, NoRecord, RecordSelection, UnknownRecord } from './select-record.ts'
export {
  type FetchStsStep,
  type NoStsStep,
  nextStsStep,
  type StsCacheEntry,
  type StsFailure,
  type StsOutcome,
  type StsStep,
  type StsStepOptions,
  settleStsFetch,
  type UseStsStep,
} from './sts-cache.ts'
export { matchesMx } from './sts-match.ts'
export { formatStsPolicy, parseStsPolicy, type StsPolicy } from './sts-policy.ts'
export {
  formatStsRecord,
  parseStsRecord,
  type StsRecord,
  selectStsRecord,
  stsRecordName,
  stsUrl,
} from './sts-record.ts'
export {
  checkStsResponse,
  type FailedStsFetch,
  type FetchedStsPolicy,
  type StsFetchResult,
  type StsResponse,
  type StsResponseOptions,
} from './sts-response.ts'
export {
  TLS_RESULT_TYPES,
  type TlsFailure,
  type TlsPolicyReport,
  type TlsReport,
  type TlsResultType,
} from './tls-report.ts'
export {
  type CollectedTlsReport,
  TlsReportCollector,
  type TlsReportCollectorOptions,
  type TlsReportedPolicy,
  type TlsReportFacts,
  type TlsSessionFacts,
  type TlsSessionFailure,
} from './tls-report-collector.ts'
export {
  formatTlsReport,
  type TlsReportFile,
  type TlsReportNames,
  tlsReportFileName,
  tlsReportSubject,
} from './tls-report-format.ts'
export {
  parseTlsReport,
  type ReadTlsReport,
  readTlsReport,
  type TlsReportDefect,
  type TlsReportLimits,
} from './tls-report-read.ts'
export {
  formatTlsReportRecord,
  parseTlsReportRecord,
  selectTlsReportRecord,
  type TlsReportRecord,
  tlsReportRecordName,
} from './tls-report-record.ts'

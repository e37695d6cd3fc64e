export { type AuditSpfOptions, auditSpf, type SpfAudit } from './audit.ts'
export type { SpfAuditRecord } from './audit-state.ts'
export { type CheckHostOptions, checkHost } from './check-host.ts'
export type { SpfErrorCode } from './error.ts'
export type { SpfFinding, SpfFindingCode, SpfSeverity } from './finding.ts'
export { lintSpf } from './lint.ts'
export type { SpfLimits } from './lookup.ts'
export type { MacroEscape, MacroExpand, MacroLetter, MacroLiteral, MacroPart, MacroString } from './macro.ts'
export { formatSpfStrings } from './publish.ts'
export {
  type FormatReceivedSpfOptions,
  formatReceivedSpf,
  parseReceivedSpf,
  type ReceivedSpf,
  type ReceivedSpfPair,
} from './received-spf.ts'
export { formatSpf, parseSpf, type SpfRecord } from './record.ts'
export type {
  SpfAll,
  SpfHosts,
  SpfMechanism,
  SpfModifier,
  SpfNamedModifier,
  SpfNetwork,
  SpfPtr,
  SpfQualifier,
  SpfReference,
  SpfTerm,
  SpfUnknownModifier,
} from './term.ts'
export type {
  SpfCounts,
  SpfMatch,
  SpfReason,
  SpfResult,
  SpfTraceQuery,
  SpfTraceRecord,
  SpfTraceStep,
  SpfTraceTerm,
  SpfVerdict,
} from './verdict.ts'

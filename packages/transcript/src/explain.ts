export { type ExplainOptions, explain } from './explain/explain.ts'
export type { Finding, FindingSeverity, SessionFindingId } from './explain/finding.ts'
export { explainTranscript } from './explain/transcript.ts'

export {
  type BimiAllowed,
  type BimiDmarcRecord,
  type BimiDmarcVerdict,
  type BimiPolicyOptions,
  type BimiRefusal,
  type BimiRefusalCode,
  type BimiRefused,
  checkBimiPolicy,
} from './bimi/dmarc-gate.ts'
export { type BimiFinding, lintBimi } from './bimi/lint.ts'
export type { BimiRule, BimiSeverity } from './bimi/lint-rules.ts'
export { localPartSelector } from './bimi/local-part.ts'
export {
  type AskBimiStep,
  type BimiSender,
  type BimiStep,
  type FailedBimiStep,
  type FoundBimiStep,
  type NoBimiStep,
  nextBimiStep,
} from './bimi/lookup.ts'
export {
  type BimiDefect,
  type BimiRecord,
  bimiRecordName,
  formatBimiRecord,
  isBimiDeclined,
  type ParsedBimiRecord,
  parseBimiRecord,
  selectBimiRecord,
} from './bimi/record.ts'
export {
  type BimiFetchResult,
  type BimiResponse,
  type BimiResponseOptions,
  checkBimiResponse,
  type FailedBimiFetch,
  type FetchedBimi,
  hashIndicator,
  type RedirectedBimi,
} from './bimi/response.ts'
export {
  type BimiSelectorChoice,
  type BimiSelectorOptions,
  type BimiSignature,
  chooseBimiSelector,
  formatBimiSelector,
  parseBimiSelector,
} from './bimi/selector.ts'
export { type BimiUrlProblem, checkBimiUrl } from './bimi/url.ts'

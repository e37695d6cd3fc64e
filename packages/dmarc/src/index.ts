export {
  type DiscoveredPolicy,
  type DmarcDiscovery,
  type DmarcDiscoveryOptions,
  type DmarcPolicySource,
  discoverPolicy,
  findOrganizationalDomain,
  type OrganizationalDomainFinder,
  type UndiscoveredPolicy,
} from './discovery.ts'
export type { DmarcErrorCode } from './error.ts'
export {
  type DmarcDkimIdentity,
  type DmarcIdentities,
  type DmarcSpfIdentity,
  type EvaluateDmarcOptions,
  evaluateDmarc,
} from './evaluate.ts'
export { type DmarcFinding, lintDmarc } from './lint.ts'
export type { DmarcRule, DmarcSeverity } from './lint-rules.ts'
export type { DmarcQuery, DmarcQueryStatus } from './lookup.ts'
export {
  type DmarcAlignment,
  type DmarcDefect,
  type DmarcDefectCode,
  type DmarcFailureOption,
  type DmarcPolicy,
  type DmarcRecord,
  type DmarcTag,
  formatDmarc,
  type ParsedDmarc,
  parseDmarc,
} from './record.ts'
export type { DmarcMailtoUri, DmarcOtherUri, DmarcUri } from './uri.ts'
export type {
  DmarcAlignmentResult,
  DmarcMechanism,
  DmarcReason,
  DmarcReasonCode,
  DmarcResult,
  DmarcVerdict,
  DmarcVerdictPolicy,
} from './verdict.ts'

export type { DnsErrorCode } from './error.ts'
export { normalizeDnsName } from './name.ts'
export type {
  AbsentAnswer,
  Answer,
  FailedAnswer,
  FoundAnswer,
  MxData,
  RecordData,
  RecordType,
  ResolveOptions,
  Resolver,
  TlsaData,
} from './resolver.ts'
export {
  type DnsQuery,
  type MemoryFailureOptions,
  type MemoryRecordOptions,
  MemoryZone,
  type MemoryZoneOptions,
} from './zone.ts'

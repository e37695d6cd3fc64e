export { type CacheOptions, CachingResolver } from './cache.ts'
export type { DnsErrorCode } from './error.ts'
export { isAtOrBelow, normalizeDnsName } from './name.ts'
export { type RecordedAnswer, type RecordedQuestion, RecordingResolver, ReplayingResolver } from './recording.ts'
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
export { type ParsedZone, type ParseZoneOptions, parseZone } from './zone-file.ts'
export { type ZoneJson, type ZoneJsonEntry, zoneOf } from './zone-json.ts'

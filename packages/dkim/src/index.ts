export type { DkimAlgorithm } from './algorithm.ts'
export { BodyCanonicalizer } from './canonical-body.ts'
export { type Canonicalization, canonicalizeField } from './canonical-field.ts'
export type { DkimErrorCode } from './error.ts'
export {
  type DkimKey,
  exportDkimKey,
  type GenerateDkimKeyOptions,
  type GeneratedDkimKey,
  generateDkimKey,
  importDkimKey,
} from './key.ts'
export { type DkimRecord, formatDkimRecord, parseDkimRecord } from './key-record.ts'
export { type SignDkimOptions, signDkim } from './sign.ts'
export { type DkimSignature, parseDkimSignature } from './signature.ts'
export type { DkimReason, DkimResult, DkimVerdict } from './verdict.ts'
export { type VerifyDkimOptions, verifyDkim } from './verify.ts'

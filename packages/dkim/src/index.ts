export type { DkimAlgorithm } from './algorithm.ts'
export { DkimBodyHasher, type DkimBodyHasherOptions, type DkimBodyHashes } from './body-digest.ts'
export type { BodyHash, BodyHashKind } from './body-hash.ts'
export { BodyCanonicalizer } from './canonical-body.ts'
export { type Canonicalization, canonicalizeField } from './canonical-field.ts'
export type { DkimErrorCode } from './error.ts'
export type { DkimBodyCause } from './explain/body-guess.ts'
export { type DkimExplanation, type DkimHalf, type ExplainDkimOptions, explainDkimFailure } from './explain/explain.ts'
export type { DkimHeaderCause } from './explain/header-guess.ts'
export type { CreateHasher, Hasher } from './hasher.ts'
export {
  type DkimKey,
  exportDkimKey,
  type GenerateDkimKeyOptions,
  type GeneratedDkimKey,
  generateDkimKey,
  importDkimKey,
} from './key.ts'
export { DkimKeyCache } from './key-cache.ts'
export { type DkimKeyFinding, lintDkimRecord } from './key-lint.ts'
export type { DkimKeyRule, DkimSeverity } from './key-lint-rules.ts'
export { type DkimRecord, formatDkimRecord, formatDkimRecordStrings, parseDkimRecord } from './key-record.ts'
export { signDkim, signDkimHeader } from './sign.ts'
export type { SignDkimOptions } from './sign-options.ts'
export { type DkimSignature, parseDkimSignature } from './signature.ts'
export { type ReadSignedOptions, readSigned, type SignedMessage } from './signed-message.ts'
export type { DkimSigner, DkimSigningInput } from './signer.ts'
export type { DkimReason, DkimResult, DkimVerdict } from './verdict.ts'
export { type VerifyDkimOptions, verifyDkim } from './verify.ts'

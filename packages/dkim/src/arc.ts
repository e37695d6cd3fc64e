export type { ArcErrorCode } from './arc/error.ts'
export type { FormatArcOptions } from './arc/field.ts'
export {
  type ArcMessageSignature,
  formatArcMessageSignature,
  parseArcMessageSignature,
} from './arc/message-signature.ts'
export {
  type ArcAuthenticationResults,
  formatArcAuthenticationResults,
  parseArcAuthenticationResults,
} from './arc/results.ts'
export { type ArcSeal, type ChainStatus, formatArcSeal, parseArcSeal } from './arc/seal.ts'
export type { SealArcOptions } from './arc/seal-options.ts'
export { sealArc, sealArcHeader } from './arc/sealing.ts'
export { type ValidateArcOptions, validateArc } from './arc/validate.ts'
export type { ArcFieldKind, ArcReason, ArcSet, ArcVerdict } from './arc/verdict.ts'

export {
  type CertificateAttribute,
  type MarkCertificate,
  type MarkKind,
  readMarkCertificate,
} from './vmc/certificate.ts'
export type { LogotypeHash, MarkLogotype } from './vmc/logotype.ts'
export { parseCertificateChain } from './vmc/pem.ts'
export {
  type MarkProblem,
  type RefusedMark,
  type VerifiedMark,
  type VerifyMarkOptions,
  verifyMark,
} from './vmc/verify.ts'

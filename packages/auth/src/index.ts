export { type AuthenticateOptions, authenticate } from './authenticate.ts'
export type { Authentication, AuthNote, AuthNoteCode } from './authentication.ts'
export {
  type FormatAuthenticationResultsOptions,
  formatAuthenticationResults,
  type ParseAuthenticationResultsOptions,
  parseAuthenticationResults,
} from './authentication-results.ts'
export type { Author, AuthorProblem } from './author.ts'
export type { AuthMechanism, AuthQuery, LimitCode } from './budget.ts'
export type { AuthErrorCode } from './error.ts'
export {
  type RemovedFields,
  type RemovedFromMessage,
  type RemoveForgedResultsOptions,
  removeForgedResults,
  removeForgedResultsFromMessage,
} from './forged-results.ts'
export type { AuthPlatform } from './platform.ts'
export { AUTH_METHODS, type AuthMethod } from './registry.ts'
export type { AuthenticationProperty, AuthenticationResult, AuthenticationResults, ResultDefect } from './results.ts'
export {
  type IgnoredReason,
  type IgnoredResults,
  type ReadTrustedResultsOptions,
  readTrustedResults,
  type TrustedResults,
} from './trusted-results.ts'

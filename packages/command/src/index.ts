export type { ClientAttribute } from './attribute.ts'
export {
  type Capabilities,
  type Capability,
  formatCapabilities,
  parseCapabilities,
  type ServerLimits,
} from './capability.ts'
export { type ChunkPart, ChunkReader, encodeChunk } from './chunk.ts'
export type { Command, CommandAnomaly, Tolerated, Verb } from './command.ts'
export type { CommandErrorCode } from './error.ts'
export { encodeCommand, type FormatCommandOptions, formatCommand, redactCommand } from './format-command.ts'
export { LineEndNormalizer } from './line-ending.ts'
export { commandLineLimit, neededExtensions } from './need.ts'
export type { MailParameters, OtherParameter, RcptParameters } from './parameter.ts'
export type {
  DeliverBy,
  Notify,
  OriginalRecipient,
  RequireRecipientValidSince,
  TrackingCertifier,
} from './parameter-value.ts'
export { type ParseCommandOptions, parseCommand } from './parse-command.ts'
export { type ForwardPath, formatMailbox, isAsciiPath, type Mailbox, parseMailbox, type ReversePath } from './path.ts'
export { redactCommandLine } from './redact-line.ts'
export { DotStuffer, DotUnstuffer, type UnstuffedChunk } from './stuffing.ts'
export { type MessageTraits, TraitScanner } from './traits.ts'
export { decodeXtext, encodeXtext } from './xtext.ts'

export { type Capabilities, type Capability, formatCapabilities, parseCapabilities } from './capability.ts'
export {
  type Command,
  type CommandAnomaly,
  encodeCommand,
  formatCommand,
  type ParseCommandOptions,
  parseCommand,
  redactCommand,
  type Tolerated,
  type Verb,
} from './command.ts'
export type { CommandErrorCode } from './error.ts'
export type { MailParameters, Notify, OtherParameter, RcptParameters } from './parameter.ts'
export { type ForwardPath, formatMailbox, isAsciiPath, type Mailbox, parseMailbox, type ReversePath } from './path.ts'
export { DotStuffer, DotUnstuffer, type UnstuffedChunk } from './stuffing.ts'
export { decodeXtext, encodeXtext } from './xtext.ts'

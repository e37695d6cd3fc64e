export { SmtpClient } from './client.ts'
export type { OutgoingMessage, SmtpClientOptions } from './client-options.ts'
export { ClientSession } from './client-session.ts'
export type { ClientSessionOptions, PipeliningLevel } from './client-session-options.ts'
export type {
  CertificateCheck,
  Connect,
  Connection,
  ConnectionInfo,
  ConnectRequest,
  Endpoint,
  PeerCertificate,
  PresentedCertificates,
  StartTlsOptions,
  TlsInfo,
} from './connection.ts'
export type { AwaitedPhase, Deadline } from './deadline.ts'
export { type Envelope, type ParsedEnvelope, type ParsedRecipient, parseEnvelope, type Recipient } from './envelope.ts'
export type { SmtpErrorCode } from './error.ts'
export type { ClientEvent, ServerEvent } from './event.ts'
export type { Decision, IncomingMessage, MessageDecision, Peer, ServeOptions } from './handler.ts'
export { type MemoryPairOptions, memoryPair } from './memory.ts'
export type { MessageContent, MessageSource, StreamedMessage } from './message-source.ts'
export type { Progress } from './message-writer.ts'
export type { RecipientOutcome, SendOutcome } from './outcome.ts'
export type { Platform } from './platform.ts'
export { type ProxyHeader, readProxyHeader } from './proxy-protocol.ts'
export type { MessageReply } from './recipient-replies.ts'
export type { SendOptions } from './sending.ts'
export { serve } from './server.ts'
export { ServerSession } from './server-session.ts'
export type { OfferedExtension, ServerSessionOptions } from './server-session-options.ts'
export type { Exchange, SessionState } from './state.ts'
export type { Recorder, SessionEnd, TranscriptEntry } from './transcript.ts'
export {
  type Framing,
  planTransmission,
  type Transmission,
  type TransmissionOptions,
  type TransmissionTraits,
} from './transmission.ts'

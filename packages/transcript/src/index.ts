export { type ParseTranscriptOptions, parseTranscript } from './parse.ts'
export { type RedactedText, redact } from './redact.ts'
export type {
  AuthState,
  CloseReason,
  CommandEvent,
  CredentialsEvent,
  Greeting,
  MessageEvent,
  NoteEvent,
  Peer,
  Perspective,
  Phase,
  RecipientOutcome,
  ReplyEvent,
  SourceRange,
  Speaker,
  TlsState,
  Transcript,
  TranscriptEvent,
  TranscriptRecipient,
  TranscriptSession,
  TranscriptTransaction,
} from './session.ts'

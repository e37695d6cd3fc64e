/** What a connection in a worker is asked, and what it answers: a line of JSON each. */
import type { ConnectionInfo, StartTlsOptions } from '@posthorn/smtp'

/** One call of a method. */
export type Call = { readonly id: number } & (
  | { readonly method: 'read' | 'end' | 'close' | 'abort' }
  | { readonly method: 'write'; readonly octets: string }
  | { readonly method: 'startTls'; readonly options: StartTlsOptions }
)

/** What came of it: a value, or the code of its error. */
export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly code?: string
  readonly info: ConnectionInfo
}

/** What a test and the scripted worker say to each other. */
import type { Envelope } from '@posthorn/smtp'

interface Pending {
  /** Whether the next step begins at once; default: when this one is done. */
  readonly pending?: boolean
}

/** What to do with a connection. */
export type Step = Pending &
  (
    | { readonly do: 'read' | 'info' | 'abort' | 'close' }
    | { readonly do: 'write'; readonly text: string }
    | { readonly do: 'flood'; readonly octets: number }
    | { readonly do: 'echo'; readonly octets: number }
    | { readonly do: 'startTls'; readonly serverName?: string }
    | { readonly do: 'pause'; readonly milliseconds: number }
    | {
        readonly do: 'abandon'
        readonly credentials: { readonly username: string; readonly password: string }
        readonly envelope: Envelope
        readonly text: string
      }
  )

/** Where to connect to, and what to do then. */
export interface Script {
  readonly target: {
    readonly host: string
    readonly port: number
    readonly implicitTls?: boolean
    readonly serverName?: string
    readonly timeout?: number
  }
  readonly steps: readonly Step[]
}

/** What came of a step, or of connecting, which is the first: its value, or the code of its error. */
export interface Outcome {
  readonly value?: unknown
  readonly code?: string
}

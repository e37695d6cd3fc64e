/** What a tool is to the maker. */

import type { Dialogue, Mechanism } from './dialogues.ts'
import type { Expectation } from './expectation.ts'
import type { Turn } from './recorder.ts'
import type { Sink } from './sink.ts'

/** What a tool has logged of one session, and what went over the wire meanwhile. */
export interface Log {
  readonly text: string
  /** Absent where our server was the other end: what it recorded. */
  readonly turns?: readonly Turn[]
}

/** One tool, in one of its ways to log. */
export interface Tool {
  readonly name: string
  /** The program that prints its version, for the record. */
  readonly version?: readonly string[]
  /** What `parseTranscript` should call its log. */
  readonly format: string
  readonly perspective: 'client' | 'server' | 'wire' | 'log' | 'report' | 'unknown'
  /** The dialogues that it can have; default all. */
  readonly dialogues?: readonly Dialogue['name'][]
  /** The mechanisms of AUTH that it is asked to log in by, each in a dialogue of its own. */
  readonly mechanisms?: readonly Mechanism[]
  /** Lines that repeat what other lines say. */
  readonly echoes?: RegExp
  /** Whether it hides the exchange of AUTH, and tells in its own words what came of it. */
  readonly tellsLogin?: boolean
  /** Whether it shows octets in rows, so that lines of the log are no lines of the dialogue. */
  readonly rows?: boolean
  /** What a log of deliveries tells of the session. */
  readonly tells?: readonly ('sender' | 'tls' | 'auth')[]
  /** Names of its own to rewrite. */
  readonly rewrites?: readonly (readonly [string | RegExp, string])[]
  /** What should be read from its log, where that is no dialogue. */
  expect?(
    facts: Pick<Expectation, 'tool' | 'version' | 'dialogue' | 'format' | 'perspective'>,
    text: string,
    turns: readonly Turn[],
    tool: Tool,
  ): Expectation
  run(dialogue: Dialogue, sink: Sink): Promise<Log | string>
  /** Ends what it has started. */
  stop?(): Promise<void>
}

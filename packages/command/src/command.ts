/** SMTP commands as values, told apart by their verb: RFC 5321 section 4.1.1 and the extensions that add verbs. */

import type { ClientAttribute } from './attribute.ts'
import type { MailParameters, RcptParameters } from './parameter.ts'
import type { ForwardPath, ReversePath } from './path.ts'

/** A deviation that was tolerated, because an option asked for it. */
export type CommandAnomaly = 'domain-underscore' | 'path-space'

/** What a parsed command tells beside its meaning; nothing of it is sent. */
export interface Tolerated {
  /** What was tolerated; absent when nothing was. */
  readonly anomalies?: readonly CommandAnomaly[]
}

/** A command, told apart by its verb. */
export type Command =
  | ({ readonly verb: 'EHLO' | 'HELO' | 'LHLO'; readonly domain: string } & Tolerated)
  | { readonly verb: 'STARTTLS' | 'DATA' | 'RSET' | 'QUIT' | 'TURN' }
  | { readonly verb: 'AUTH'; readonly mechanism: string; readonly initialResponse?: Uint8Array }
  | ({ readonly verb: 'MAIL'; readonly reversePath: ReversePath; readonly parameters?: MailParameters } & Tolerated)
  | ({ readonly verb: 'RCPT'; readonly forwardPath: ForwardPath; readonly parameters?: RcptParameters } & Tolerated)
  | ({ readonly verb: 'SEND' | 'SOML' | 'SAML'; readonly reversePath: ReversePath } & Tolerated)
  | { readonly verb: 'BDAT'; readonly size: number; readonly last: boolean }
  | { readonly verb: 'BURL'; readonly url: string; readonly last: boolean }
  | { readonly verb: 'NOOP' | 'HELP'; readonly argument?: string }
  | { readonly verb: 'VRFY' | 'EXPN'; readonly argument: string; readonly smtpUtf8?: boolean }
  | { readonly verb: 'ETRN'; readonly node: string }
  | { readonly verb: 'ATRN'; readonly domains: readonly string[] }
  | { readonly verb: 'XCLIENT' | 'XFORWARD'; readonly attributes: readonly ClientAttribute[] }
  | { readonly verb: 'OTHER'; readonly name: string; readonly argument?: string }

/** The word that names a command; `OTHER` stands for every verb that this package has no type for. */
export type Verb = Command['verb']

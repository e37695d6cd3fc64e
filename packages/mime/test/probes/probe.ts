/** What a probe is: a message that readers read in several ways, with the reading taken here; and messages to make them of. */

import type { Reading } from '../probe-reading.ts'

/** A reader that probes are compared with. */
export type Reader = 'postal-mime' | 'mailparser' | 'Python'

/** A message that readers read in several ways. */
export interface Probe {
  readonly name: string
  readonly spec: string
  /** An octet a character. */
  readonly input: string
  /** What is read here, of what the probe asks for. */
  readonly reads: Reading
  /** What is told beside it; nothing where absent. */
  readonly tells?: readonly string[]
  /** Who reads the same; all where absent. */
  readonly alike?: readonly Reader[]
  /** Why it is read so, where not all do. */
  readonly why?: string
}

/** A multipart with these parameters, and these lines for a body. */
export function mixed(parameters: string, ...lines: readonly string[]): string {
  return `Content-Type: multipart/mixed; ${parameters}\r\n\r\n${lines.join('\r\n')}\r\n`
}

/** A multipart of two texts behind the delimiter `--AAA`, whatever its parameters say. */
export function twoParts(parameters: string): string {
  return mixed(parameters, '--AAA', '', 'one', '--AAA', '', 'two', '--AAA--')
}

/** The last field and the body of a part in Base64. */
export function base64(body: string): string {
  return `Content-Transfer-Encoding: base64\r\n\r\n${body}`
}

/** The last field and the body of a part in quoted-printable. */
export function quotedPrintable(body: string): string {
  return `Content-Transfer-Encoding: quoted-printable\r\n\r\n${body}`
}

/** A text of a charset. */
export function labelled(charset: string, body: string): string {
  return `Content-Type: text/plain; charset=${charset}\r\n\r\n${body}`
}

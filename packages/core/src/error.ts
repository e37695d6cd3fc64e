/**
 * The one error class of every Posthorn package.
 * A caller branches on `code`, which is part of the public interface, never on the message.
 */

/** The extra facts an error may carry. */
export interface MailErrorOptions {
  /** The rule that was broken, as `rfc5321#section-4.2`. */
  readonly spec?: string
  /** Where in the input the fault stands, in octets or UTF-16 units as the thrower says. */
  readonly offset?: number
  /** What led to this error. */
  readonly cause?: unknown
}

/**
 * An error with a stable code.
 *
 * @example
 * const error = new MailError('REPLY_BAD_LINE', 'Cannot parse reply "2500 ok"', { spec: 'rfc5321#section-4.2' })
 * error.code // 'REPLY_BAD_LINE'
 * error.spec // 'rfc5321#section-4.2'
 */
export class MailError<Code extends string = string> extends Error {
  /** Always `MailError`. */
  override readonly name = 'MailError'
  /** What went wrong, in upper case; stable across releases. */
  readonly code: Code
  /** The rule that was broken, as `rfc5321#section-4.2`. */
  readonly spec: string | undefined
  /** Where in the input the fault stands. */
  readonly offset: number | undefined

  /**
   * @param code What went wrong.
   * @param message What could not be done, as `Cannot …`; no secret.
   * @param options What more is known.
   */
  constructor(code: Code, message: string, options: MailErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.spec = options.spec
    this.offset = options.offset
  }
}

const CLIP_LENGTH = 60
const PLAIN = /^[ -~]*$/

/**
 * Cuts untrusted text short and escapes its controls, so that it can stand in a message or a log line.
 *
 * @param text What to show.
 * @returns At most 60 UTF-16 units of it, then an ellipsis; controls, line separators and lone surrogates as `\xNN` or
 * `\uNNNN`.
 * @example
 * clip('250 ok\r\n') // '250 ok\\x0d\\x0a'
 */
export function clip(text: string): string {
  if (text.length <= CLIP_LENGTH && PLAIN.test(text)) return text
  const short = text.length > CLIP_LENGTH ? `${text.slice(0, CLIP_LENGTH).replace(/[\ud800-\udbff]$/, '')}…` : text
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Cs}]/gu, (control) => {
    const code = control.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
}

/** What may have been done to a body on its way, undone: each guess is a body that may be the one that was signed. */

import { decodeBase64Body, decodeLatin1, decodeQuotedPrintableBody, encodeLatin1 } from '@posthorn/core'

/** What was done to a body. */
export type DkimBodyCause =
  | {
      /** Lines were added at the end. */
      readonly type: 'lines-appended'
      /** The first of them, counted from 1. */
      readonly line: number
    }
  | {
      /** Lines were added at the start. */
      readonly type: 'lines-prepended'
      /** The first line that was signed, counted from 1. */
      readonly line: number
    }
  | {
      /** Lines end in CRLF now, and ended in LF when they were signed. */
      readonly type: 'line-ends'
    }
  | {
      /** Lines that began with a dot have one more than when they were signed. */
      readonly type: 'dots-doubled'
    }
  | {
      /** The body was encoded for a relay that takes 7 bits, after it was signed. */
      readonly type: 'encoded'
      /** How. */
      readonly encoding: 'quoted-printable' | 'base64'
    }

/** @internal */
export interface BodyGuess {
  readonly cause: DkimBodyCause
  readonly body: Uint8Array
}

const LF = 10

/**
 * Gives the guesses, the likely ones first, until so many octets have been given out.
 *
 * @internal
 * @param encoding The content-transfer-encoding that the message has now, in lower case.
 */
export function* guessBodies(body: Uint8Array, encoding: string, maxOctets: number): Generator<BodyGuess, void> {
  let left = maxOctets
  for (const guess of allGuesses(body, encoding)) {
    left -= guess.body.length
    if (left < 0) return
    yield guess
  }
}

function* allGuesses(body: Uint8Array, encoding: string): Generator<BodyGuess, void> {
  yield* guessForms(body, encoding)
  const starts = lineStarts(body)
  // Footers are short, and so are banners: the ends are tried from the last, the starts from the first, in turn.
  for (let index = 1; index < starts.length; index++) {
    const end = starts.length - index
    yield { cause: { type: 'lines-appended', line: end + 1 }, body: body.subarray(0, starts[end]) }
    yield { cause: { type: 'lines-prepended', line: index + 1 }, body: body.subarray(starts[index]) }
  }
}

function* guessForms(body: Uint8Array, encoding: string): Generator<BodyGuess, void> {
  const text = decodeLatin1(body)
  if (text.includes('\r\n')) {
    yield { cause: { type: 'line-ends' }, body: encodeLatin1(text.replaceAll('\r\n', '\n')) }
  }
  if (/^\.\./m.test(text)) yield { cause: { type: 'dots-doubled' }, body: encodeLatin1(text.replace(/^\.\./gm, '.')) }
  if (encoding === 'quoted-printable') {
    yield { cause: { type: 'encoded', encoding }, body: decodeQuotedPrintableBody(body).bytes }
  }
  if (encoding === 'base64') yield { cause: { type: 'encoded', encoding }, body: decodeBase64Body(body).bytes }
}

function lineStarts(body: Uint8Array): number[] {
  const starts = [0]
  for (let at = body.indexOf(LF); at >= 0 && at + 1 < body.length; at = body.indexOf(LF, at + 1)) starts.push(at + 1)
  return starts
}

import { describe, expect, test } from 'vitest'
import { ServerSession } from '../src/index.ts'
import { codes, output, serveAll } from './drive.ts'

const LINES = {
  EHLO: 'EHLO a.example\r\n',
  MAIL: 'MAIL FROM:<a@b.example>\r\n',
  RCPT: 'RCPT TO:<c@d.example>\r\n',
  DATA: 'DATA\r\n',
  BDAT: 'BDAT 6\r\nQUIT\r\n',
  LAST: 'BDAT 2 LAST\r\n\r\n',
  RSET: 'RSET\r\n',
  NOOP: 'NOOP\r\n',
  AUTH: 'AUTH PLAIN =\r\n',
  HELO: 'HELO a.example\r\n',
  VRFY: 'VRFY a\r\n',
  FOO: 'FOO\r\n',
} as const

type Word = keyof typeof LINES

/**
 * What RFC 5321, 3030 and 4954 say, written apart from the table: whether the client has greeted, authenticated, given
 * MAIL, given RCPT, and begun a message by BDAT.
 */
function oracle(words: readonly Word[]): number[] {
  let [hello, auth, mail, rcpt, chunk] = [false, false, false, false, false]
  const reset = (): number => {
    mail = rcpt = chunk = false
    return 250
  }
  return words.map((word) => {
    switch (word) {
      case 'EHLO':
      case 'HELO':
        hello = true
        return reset()
      case 'MAIL':
        if (!hello || mail) return 503
        mail = true
        return 250
      case 'RCPT':
        if (!mail || chunk) return 503
        rcpt = true
        return 250
      case 'DATA':
        return rcpt && !chunk ? reset() : 503
      case 'BDAT':
        if (!rcpt) return 503
        chunk = true
        return 250
      case 'LAST':
        return rcpt ? reset() : 503
      case 'RSET':
        return reset()
      case 'AUTH':
        if (!hello || mail || auth) return 503
        auth = true
        return 235
      case 'VRFY':
        return 252
      case 'FOO':
        return 500
      default:
        return 250
    }
  })
}

/** What a session answers, a message of nothing behind each 354. */
function answers(words: readonly Word[]): number[] {
  const options = { hostname: 'mx.example', secured: true, mechanisms: [{ name: 'PLAIN' }], maxMistakes: 99 }
  const session = new ServerSession(options)
  serveAll(session, '', 1)
  output(session)
  return words.map((word) => {
    serveAll(session, LINES[word], Number.POSITIVE_INFINITY)
    if (session.state === 'body') {
      output(session)
      serveAll(session, '.\r\n', Number.POSITIVE_INFINITY)
    }
    return codes(output(session))[0]!
  })
}

function explore(vocabulary: readonly Word[], length: number): number {
  const places = Array.from({ length }, (_, place) => vocabulary.length ** place)
  const total = vocabulary.length ** length
  for (let index = 0; index < total; index++) {
    const words = places.map((weight) => vocabulary[Math.floor(index / weight) % vocabulary.length]!)
    const [expected, got] = [oracle(words), answers(words)]
    if (got.join() !== expected.join()) expect({ words, got }).toEqual({ words, got: expected })
  }
  return total
}

describe('ServerSession against an oracle [rfc5321 4.1.4, rfc3030 2, rfc4954 4]', () => {
  test('every sequence of five of the main commands gets the replies that the rules ask for', {
    timeout: 120_000,
  }, () => {
    const main: readonly Word[] = ['EHLO', 'MAIL', 'RCPT', 'DATA', 'BDAT', 'LAST', 'RSET', 'NOOP', 'AUTH']
    expect(explore(main, 5)).toBe(59_049)
  })

  test('every sequence of four of all commands', { timeout: 120_000 }, () => {
    expect(explore(Object.keys(LINES) as Word[], 4)).toBe(20_736)
  })
})

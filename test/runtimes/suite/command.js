/** Commands of a client and the two ways in which a message follows them. */
import {
  ChunkReader,
  DotStuffer,
  DotUnstuffer,
  encodeChunk,
  formatCommand,
  parseCapabilities,
  parseCommand,
  parseMailbox,
  TraitScanner,
} from '@posthorn/command'
import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { check, equal, fails, pieces } from './check.js'

const COMMANDS = [
  'EHLO client.example',
  'AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm',
  'MAIL FROM:<ada@example.org> SIZE=1000 BODY=8BITMIME SMTPUTF8',
  'MAIL FROM:<>',
  'RCPT TO:<"a b"@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a+2Bb@example.net',
  'BDAT 86 LAST',
  'QUIT',
]

function stuff(text, size) {
  const stuffer = new DotStuffer()
  const out = []
  for (const piece of pieces(encodeUtf8(text), size)) out.push(stuffer.push(piece).slice())
  return decodeUtf8(concatBytes([...out, stuffer.end()]))
}

function unstuff(text, size) {
  const unstuffer = new DotUnstuffer()
  const out = []
  for (const piece of pieces(encodeUtf8(text), size)) {
    const { bytes, ended } = unstuffer.push(piece)
    out.push(bytes.slice())
    if (ended) return decodeUtf8(concatBytes(out))
  }
  return undefined
}

export const command = [
  check('command: what is read can be written', () => {
    for (const line of COMMANDS) equal(formatCommand(parseCommand(encodeUtf8(line))), line)
    equal(parseMailbox('"a\\"b"@[IPv6:2001:db8::1]'), { localPart: 'a"b', domain: '[IPv6:2001:db8::1]' })
  }),
  check('command: no argument begins another command', async () => {
    const reversePath = { localPart: 'a', domain: 'b.example>\r\nRSET' }
    await fails('COMMAND_BAD_PATH', () => formatCommand({ verb: 'MAIL', reversePath }))
    await fails('COMMAND_BAD_ARGUMENT', () => formatCommand({ verb: 'NOOP', argument: 'x\r\nRSET' }))
  }),
  check('command: what a server offers', () => {
    const offered = parseCapabilities(['mx.example', 'PIPELINING', 'size 1000', 'AUTH PLAIN SCRAM-SHA-256', 'X-NEW a'])
    equal([offered.pipelining, offered.size, offered.auth], [true, { limit: 1000 }, ['PLAIN', 'SCRAM-SHA-256']])
    equal(offered.list.at(-1), { keyword: 'X-NEW', parameters: ['a'] })
  }),
  check('command: dots are doubled and undone at every split', () => {
    for (const size of [1, 2, 3, 64]) {
      equal(stuff('.\r\n..\nx\r', size), '..\r\n...\r\nx\r\n.\r\n', `by ${size}`)
      equal(unstuff('..\r\n...\r\na.\r\n.\r\nQUIT\r\n', size), '.\r\n..\r\na.\r\n', `by ${size}`)
      equal(unstuff('a\n.\nb\r\n.\nc\r.\r\n', size), undefined, `bare newlines by ${size}`)
    }
  }),
  check('command: chunks are counted, not read', () => {
    const octets = encodeUtf8('.\r\nQUIT\r\n')
    equal(decodeUtf8(encodeChunk(octets, true)), 'BDAT 9 LAST\r\n.\r\nQUIT\r\n')
    const { bytes, ended, rest } = new ChunkReader(3).push(octets)
    equal([decodeUtf8(bytes), ended, decodeUtf8(rest)], ['.\r\n', true, 'QUIT\r\n'])
  }),
  check('command: what a message needs of a server, at every split', () => {
    for (const size of [1, 3, 64]) {
      const scanner = new TraitScanner()
      for (const piece of pieces(encodeUtf8('Subject: gr\u00fcn\r\n\r\nabcdef\nx\r\n'), size)) scanner.push(piece)
      const { eightBit, utf8Header, bareNewline, nul } = scanner.traits
      equal([eightBit, utf8Header, bareNewline, nul], [true, true, true, false], `by ${size}`)
    }
  }),
]

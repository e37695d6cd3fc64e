/** Logs that look as if their lines were not what was said, and are; and others that only hold the words of one. */

import { TRACE } from './framed-samples.ts'
import type { Sample } from './samples.ts'

const lines = (...all: string[]): string => all.join('\n')

/** Logs that look like one of those and are not: what the format is, and what was said. */
export const NEAR_MISSES: readonly (Sample & { readonly name: string })[] = [
  {
    name: 'a trace of HTTP',
    format: 'none',
    text: lines(
      `${TRACE} Data from Socket#611::Send`,
      `${TRACE} 00000000 : 47 45 54 20 2F 20 48 54-54 50 2F 31 2E 31 0D 0A : GET / HTTP/1.1..`,
    ),
    events: [],
  },
  {
    name: 'a dialogue about a sentence of a mail client',
    format: 'swaks',
    text: lines(
      '<-  220 mx.example.net ESMTP',
      ' -> EHLO c.example.com',
      '<-  250 ok',
      ' -> DATA',
      '<-  354 go',
      " -> Server Response: '550 no', Port: 25, Secure(SSL): No",
      ' -> .',
      '<-  250 ok',
    ),
    events: ['220! EHLO 250 DATA 354 @ 250'],
  },
  {
    name: 'a message that is encoded, in a dialogue without marks',
    format: 'plain',
    text: lines(
      '220 mx.example.net ESMTP',
      'EHLO c.example.com',
      '250 ok',
      'DATA',
      '354 go',
      'Content-Type: message/delivery-status',
      'Content-Transfer-Encoding: base64',
      '',
      'SGVsbG8=',
      '.',
      '250 2.0.0 queued',
      'QUIT',
      '221 bye',
    ),
    events: ['220! EHLO 250 DATA 354 @ 250 QUIT 221'],
  },
  {
    name: 'a message whose paragraphs are as wide as those of a mail client',
    format: 'plain',
    text: lines(
      '220 mx.example.net ESMTP',
      'DATA',
      '354 End data with a line that has nothing but a dot, and then wait for it',
      'This is a paragraph that somebody wrote in lines of seventy columns, and',
      'which goes on here in the same way until it has come to what is its end',
      '.',
      '250 2.0.0 queued',
    ),
    events: ['220! DATA 354 @ 250'],
  },
  {
    name: 'rows of columns that are all of one width',
    format: 'exchange-csv',
    text: lines(
      '2026-01-02T03:04:05.3Z,In,08DABC,1,192.0.2.1:25,192.0.2.9:5,>,220 mx,',
      '2026-01-02T03:04:05.4Z,In,08DABC,2,192.0.2.1:25,192.0.2.9:5,<,EHLO c,',
      '2026-01-02T03:04:05.5Z,In,08DABC,3,192.0.2.1:25,192.0.2.9:5,>,250 ok,',
    ),
    events: ['220! EHLO 250'],
  },
  {
    name: 'blocks of which only the header has the word',
    format: 'c-s',
    text: lines('C: EHLO request', 'S: 250 response:', 'C: QUIT', 'S: 221 request:'),
    events: ['EHLO 250 QUIT 221'],
  },
]

/** Names, addresses, ports and paths of the machine, as those of examples: RFC 2606, RFC 5737. */

import { hostname } from 'node:os'
import type { Sink } from './sink.ts'

/** Gives what rewrites a text. */
export function rewriter(
  { port, folder }: Sink,
  more: readonly (readonly [string | RegExp, string])[] = [],
): (text: string) => string {
  const machine = hostname()
  const table: readonly (readonly [string | RegExp, string])[] = [
    ...more,
    [new RegExp(`\\b${port}\\b`, 'g'), '587'],
    [folder, '/home/ann'],
    [process.cwd(), '/home/ann'],
    [/\brunsc\b/g, 'client.example.com'],
    [/(?:::ffff:)?127\.0\.0\.1/g, '192.0.2.1'],
    [/\b(?:ip6-)?localhost(?:\.localdomain)?\b/g, 'mx.example.net'],
    [new RegExp(`\\b${machine.replaceAll('.', '\\.')}\\b`, 'g'), 'relay'],
    ['Posthorn demonstration authority', 'Example authority'],
    [/\r+\n/g, '\n'],
    [/\r/g, ''],
  ]
  return (text) => table.reduce((rewritten, [from, to]) => rewritten.replaceAll(from, to), text)
}

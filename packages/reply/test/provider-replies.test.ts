import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { classifyReply, ReplyParser } from '../src/index.ts'

// A table of replies of many servers, which is not part of the repository: code, status, text, and what each means.
const data = resolve(
  process.env['POSTHORN_PROVIDER_REPLIES'] ??
    join(fileURLToPath(new URL('.', import.meta.url)), '../../../../shared/research/provider-replies.tsv'),
)
const found = existsSync(data)
if (!found) console.warn(`\n!!! SKIPPED replies of providers: no data in ${data} (set POSTHORN_PROVIDER_REPLIES) !!!\n`)

/** What the table calls a class, what of ours it may be, and how much of it must be: the rest are words of one provider. */
const KINDS: readonly (readonly [name: string, categories: readonly string[], share: number])[] = [
  ['account', ['rate', 'policy', 'credentials'], 0.5],
  ['auth-credentials', ['credentials'], 0.9],
  ['auth-policy', ['authentication'], 0.65],
  ['content', ['content'], 0.5],
  ['dns-ptr', ['reverse-dns'], 0.55],
  ['dns-sender', ['sender-address'], 0.7],
  ['greylist', ['greylisting'], 0.85],
  ['loop', ['loop'], 0.65],
  ['mailbox-full', ['mailbox-full'], 0.65],
  ['message-format', ['content'], 0.6],
  ['policy', ['policy'], 0.75],
  ['protocol', ['protocol'], 0.65],
  ['rate', ['rate', 'too-many-recipients'], 0.6],
  ['recipient', ['address'], 0.85],
  ['relay', ['relay'], 0.8],
  ['size', ['size'], 0.9],
  ['system', ['system'], 0.7],
  ['tls', ['tls'], 0.85],
]

const ACTORS: Readonly<Record<string, readonly string[]>> = {
  none: ['nobody', 'client'],
  recipient: ['recipient'],
  'receiver-admin': ['receiver-admin'],
  'sender-admin': ['sender-admin', 'client'],
  'sender-user': ['sender', 'client'],
}

interface Row {
  readonly kind: string
  readonly category: boolean
  readonly retry: boolean
  readonly actor: boolean
}

// `retry` and `backoff` are advice to come back; the others leave a 4xx to be tried again, and a 5xx not.
function rowOf(line: string): Row[] {
  const [code = '', status, match, , , kind = '', advice = '', who = ''] = line.split('\t')
  if (!/^[45]\d\d$/.test(code)) return []
  const parser = new ReplyParser({ tolerate: 'all' })
  parser.push(new TextEncoder().encode(`${[code, status, match].filter(Boolean).join(' ')}\r\n`))
  const event = parser.next()
  if (event?.type !== 'reply') throw new Error(line)
  const { category, retry, actor } = classifyReply(event.reply)
  const again = /^(?:retry|backoff)$/.test(advice) || code.startsWith('4')
  const allowed = KINDS.find(([name]) => name === kind)?.[1] ?? []
  return [
    {
      kind,
      category: allowed.includes(category),
      retry: again === (retry !== 'never'),
      actor: ACTORS[who]?.includes(actor) ?? false,
    },
  ]
}

const shareOf = (rows: readonly Row[], property: 'category' | 'retry' | 'actor'): number =>
  rows.filter((row) => row[property]).length / rows.length

describe.skipIf(!found)('replies of providers', () => {
  const rows = found ? readFileSync(data, 'utf8').split('\n').slice(1).flatMap(rowOf) : []

  test.each(KINDS)('classifyReply: agrees on %s [rfc5321 4.2.1]', (name, _, share) => {
    expect(
      shareOf(
        rows.filter(({ kind }) => kind === name),
        'category',
      ),
    ).toBeGreaterThanOrEqual(share)
  })

  test('classifyReply: agrees on whether to try again, and on who must act [rfc5321 4.2.1]', () => {
    expect(shareOf(rows, 'retry')).toBeGreaterThanOrEqual(0.94)
    expect(shareOf(rows, 'actor')).toBeGreaterThanOrEqual(0.7)
  })
})

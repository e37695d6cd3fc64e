import { decodeUtf8 } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../test/failure.ts'
import { compose, type HeaderInput, type ListInput, type MessageInput } from '../src/index.ts'

const context = { now: new Date(0), random: (length: number) => new Uint8Array(length) }
const headerOf = (message: Partial<MessageInput>) =>
  decodeUtf8(compose({ from: 'a@x.example', ...message }, context).bytes()).split('\r\n\r\n')[0] ?? ''
const fieldsOf = (message: Partial<MessageInput>) => {
  const lines = headerOf(message).split('\r\n')
  return lines.slice(lines.indexOf('MIME-Version: 1.0') + 1, lines.indexOf('Content-Type: text/plain; charset=utf-8'))
}

describe('compose: further headers', () => {
  test('compose: are written by their kind, in order, also twice [rfc5322 3.6]', () => {
    const headers: HeaderInput[] = [
      { name: 'X-A', value: 'é' },
      { name: 'Disposition-Notification-To', addresses: ['Zoë <z@x.example>', { address: 'b@bücher.example' }] },
      { name: 'X-A', value: 'b' },
      { name: 'Supersedes', ids: ['<a@b>'] },
      { name: 'Auto-Submitted', value: 'auto-replied', parameters: [{ name: 'owner-email', value: 'a b' }] },
    ]
    expect(fieldsOf({ headers })).toEqual([
      'X-A: =?utf-8?B?w6k=?=',
      'Disposition-Notification-To: =?utf-8?Q?Zo=C3=AB?= <z@x.example>,',
      ' b@xn--bcher-kva.example',
      'X-A: b',
      'Supersedes: <a@b>',
      'Auto-Submitted: auto-replied; owner-email="a b"',
    ])
  })

  test.each<[HeaderInput, string]>([
    [{ name: 'X-A', addresses: [] }, 'MIME_BAD_HEADER'],
    [{ name: 'X-A\r\nBcc', addresses: ['a@b.example'] }, 'MIME_BAD_HEADER'],
    [{ name: 'X-A', addresses: ['a@b.example, c@d.example'] }, 'MIME_BAD_ADDRESS'],
    [{ name: 'X-A', addresses: ['δ@b.example'] }, 'MIME_NEEDS_SMTPUTF8'],
    [{ name: 'X-A', ids: [] }, 'MIME_BAD_HEADER'],
    [{ name: 'X A', ids: ['<a@b>'] }, 'MIME_BAD_HEADER'],
    [{ name: 'X-A', ids: ['a@b'] }, 'MIME_BAD_ID'],
    [{ name: 'X-A', ids: ['<a@b>\r\nBcc: c'] }, 'MIME_BAD_ID'],
    [{ name: 'X-A', value: 'a b', parameters: [] }, 'MIME_BAD_HEADER'],
    [{ name: 'X-A', value: 'a', parameters: [{ name: 'b', value: '\r\n' }] }, 'MIME_BAD_PARAMETER'],
    [{ name: 'Bcc', addresses: ['a@b.example'] }, 'MIME_BAD_HEADER'],
    [{ name: 'References', ids: ['<a@b>'] }, 'MIME_BAD_HEADER'],
    [{ name: 'Content-Type', value: 'a/b', parameters: [] }, 'MIME_BAD_HEADER'],
  ])('compose: refuses %j [security]', (header, code) => {
    expect(failureOf(() => headerOf({ headers: [header] }))).toBe(code)
  })

  test('compose: identifiers are folded, one or several [rfc5322 3.6.4]', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `<${index}.${'x'.repeat(20)}@x.example>`)
    const header = headerOf({ references: ids, inReplyTo: ids.slice(0, 2) })
    for (const line of header.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
    const unfolded = header.replaceAll('\r\n ', ' ')
    expect(unfolded).toContain(`References: ${ids.join(' ')}\r\n`)
    expect(unfolded).toContain(`In-Reply-To: ${ids[0]} ${ids[1]}\r\n`)
  })
})

describe('compose: mailing lists', () => {
  const UNSUBSCRIBE = ['mailto:leave@x.example', 'https://x.example/leave?a=1']

  test('compose: each field once, in order [rfc2369 3, rfc2919 3, rfc8058 3.1]', () => {
    const list: ListInput = {
      id: { name: 'Größe', id: 'news.x.example' },
      help: 'mailto:help@x.example',
      unsubscribe: UNSUBSCRIBE,
      unsubscribePost: true,
      subscribe: 'https://x.example/join',
      post: 'NO',
      owner: 'mailto:owner@x.example',
      archive: 'https://x.example/archive',
    }
    expect(fieldsOf({ list })).toEqual([
      'List-ID: =?utf-8?B?R3LDtsOfZQ==?= <news.x.example>',
      'List-Help: <mailto:help@x.example>',
      'List-Unsubscribe: <mailto:leave@x.example>, <https://x.example/leave?a=1>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'List-Subscribe: <https://x.example/join>',
      'List-Post: NO',
      'List-Owner: <mailto:owner@x.example>',
      'List-Archive: <https://x.example/archive>',
    ])
    expect(fieldsOf({ list: { id: 'a.b' } })).toEqual(['List-ID: <a.b>'])
    expect(fieldsOf({ list: { post: 'mailto:a@x.example' } })).toEqual(['List-Post: <mailto:a@x.example>'])
  })

  test.each<ListInput>([
    { unsubscribePost: true },
    { unsubscribePost: true, unsubscribe: 'mailto:a@x.example' },
    { unsubscribePost: true, unsubscribe: 'http://x.example/' },
    { unsubscribePost: true, unsubscribe: ['https://x.example/', 'https://y.example/'] },
    { unsubscribePost: true, unsubscribe: ['https://x.example/', 'http://y.example/'] },
    { unsubscribe: [] },
    { unsubscribe: 'leave@x.example' },
    { help: 'https://x.example/a b' },
    { help: 'https://x.example/>,<b:c' },
    { owner: 'mailto:a\r\nBcc: b@x.example' },
    { archive: 'https://bücher.example/' },
    { subscribe: 'https://x.example/\u0085' },
    { id: 'nodots' },
    { id: '<a.b>' },
    { id: { name: 'a\r\nb', id: 'a.b' } },
    { id: 'a.b\u2028' },
    { id: `a.${'b'.repeat(300)}` },
  ])('compose: refuses %j [rfc8058 3.1, rfc2369 2, rfc2919 2]', (list) => {
    expect(failureOf(() => headerOf({ list }))).toBe('MIME_BAD_HEADER')
  })

  test('compose: no further header repeats them [rfc2369 3]', () => {
    const headers = [{ name: 'List-Help', value: '<mailto:a@x.example>' }]
    expect(headerOf({ headers })).toContain('List-Help: <mailto:a@x.example>')
    expect(failureOf(() => headerOf({ headers, list: { id: 'a.b' } }))).toBe('MIME_BAD_HEADER')
  })
})

describe('compose: resent', () => {
  test('compose: blocks stand at the top, the last first, and the envelope is that of the last [rfc5322 3.6.6]', () => {
    const message = compose(
      {
        from: 'a@x.example',
        to: 'b@x.example',
        bcc: 'hidden@x.example',
        date: new Date(1000),
        resent: [
          { from: 'c@x.example', to: ['d@x.example', 'D <d@X.EXAMPLE>'], bcc: 'e@x.example', messageId: '<2@x>' },
          { from: ['b@x.example', 'f@x.example'], sender: 's@x.example', cc: 'c@x.example', date: new Date(2000) },
        ],
      },
      context,
    )
    expect(decodeUtf8(message.bytes()).split('\r\n').slice(0, 12)).toEqual([
      'Resent-Date: Thu, 01 Jan 1970 00:00:00 +0000',
      'Resent-From: c@x.example',
      'Resent-To: d@x.example, D <d@X.EXAMPLE>',
      'Resent-Message-ID: <2@x>',
      'Resent-Date: Thu, 01 Jan 1970 00:00:02 +0000',
      'Resent-From: b@x.example, f@x.example',
      'Resent-Sender: s@x.example',
      'Resent-Cc: c@x.example',
      'Resent-Message-ID: <AAAAAAAAAAAAAAAAAAAA@x.example>',
      'Date: Thu, 01 Jan 1970 00:00:01 +0000',
      'From: a@x.example',
      'To: b@x.example',
    ])
    expect(message.envelope).toEqual({ reversePath: 'c@x.example', forwardPaths: ['d@x.example', 'e@x.example'] })
  })

  test('compose: blind copies are written only in a copy that keeps them [rfc5322 3.6.3, 3.6.6]', () => {
    const message = compose(
      { from: 'a@x.example', bcc: 'one@x.example', resent: { from: 'a@x.example', bcc: 'two@x.example' } },
      context,
    )
    for (const octets of [message.bytes(), message.serialize().bytes()])
      expect(decodeUtf8(octets)).not.toMatch(/bcc|one|two/i)
    const kept = decodeUtf8(message.serialize({ keepBcc: true }).bytes())
    expect(kept.match(/^.*Bcc.*$/gm)).toEqual(['Resent-Bcc: two@x.example', 'Bcc: one@x.example'])
  })

  test('compose: needs an author too, and addresses of US-ASCII [rfc5322 3.6.6]', () => {
    expect(failureOf(() => headerOf({ resent: { from: [] } }))).toBe('MIME_BAD_MESSAGE')
    const message = compose({ from: 'a@x.example', resent: { from: 'a@x.example', bcc: 'δ@x.example' } }, context)
    expect(message.needs.smtpUtf8).toBe(true)
    expect(failureOf(() => message.serialize())).toBe('MIME_NEEDS_SMTPUTF8')
  })
})

describe('compose: groups', () => {
  test('compose: are written as such, and their members are in the envelope [rfc5322 3.4]', () => {
    const message = compose(
      {
        from: 'a@x.example',
        to: [{ name: 'Crew, all', members: [{ address: 'b@x.example' }, { name: 'é', address: 'c@bücher.example' }] }],
        cc: { name: 'Nobody', members: [] },
      },
      context,
    )
    const text = decodeUtf8(message.bytes()).replaceAll('\r\n ', ' ')
    expect(text).toContain(
      'To: "Crew, all": b@x.example, =?utf-8?B?w6k=?= <c@xn--bcher-kva.example>;\r\nCc: Nobody:;\r\n',
    )
    expect(message.envelope.forwardPaths).toEqual(['b@x.example', 'c@xn--bcher-kva.example'])
  })

  test.each(['', 'a\r\nb', '\u2028'])('compose: have no name %j [security]', (name) => {
    expect(failureOf(() => headerOf({ to: { name, members: [] } }))).toBe('MIME_BAD_ADDRESS')
  })
})

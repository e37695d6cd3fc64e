import { MailError } from '@posthorn/core'
import { describe, expect, test } from 'vitest'
import { parseServerUrl } from '../src/index.ts'

describe('parseServerUrl', () => {
  test.each([
    ['smtp://mx.example', { protocol: 'smtp', host: 'mx.example', port: 25, implicitTls: false }],
    ['submission://mx.example/', { protocol: 'smtp', host: 'mx.example', port: 587, implicitTls: false }],
    ['smtps://mx.example', { protocol: 'smtp', host: 'mx.example', port: 465, implicitTls: true }],
    ['lmtp://mx.example', { protocol: 'lmtp', host: 'mx.example', port: 24, implicitTls: false }],
    ['lmtp:///run/a%20b', { protocol: 'lmtp', host: 'localhost', port: 0, path: '/run/a b', implicitTls: false }],
    ['smtp://mx.example:2525', { protocol: 'smtp', host: 'mx.example', port: 2525, implicitTls: false }],
    ['smtp://[::1]:2525', { protocol: 'smtp', host: '::1', port: 2525, implicitTls: false }],
    [
      'smtp://ada%40mx.example:p%3A%2F%20%C3%BC@mx.example',
      {
        protocol: 'smtp',
        host: 'mx.example',
        port: 25,
        implicitTls: false,
        credentials: { username: 'ada@mx.example', password: 'p:/ ü' },
      },
    ],
  ])('%s', (text, expected) => {
    expect(parseServerUrl(text)).toEqual(expected)
  })

  test.each([
    'mx.example',
    'http://mx.example',
    'smtp:mx.example',
    'smtp://',
    'smtps:///run/lmtp',
    'submission:///run/lmtp',
    'smtp://mx.example/path',
    'smtp://mx.example?x=1',
    'smtp://mx.example#x',
    'smtp://mx.example:99999',
    'smtp://mx.example:0',
    'smtp://hunter2%ZZ@mx.example',
    'smtp://ada:hunter2%C3@mx.example',
    'smtp://:hunter2@mx.example',
  ])('%s: MAILER_BAD_URL that does not quote it', (text) => {
    let error: unknown
    try {
      parseServerUrl(text)
    } catch (cause) {
      error = cause
    }
    expect(error).toBeInstanceOf(MailError)
    expect((error as MailError).code).toBe('MAILER_BAD_URL')
    expect(String(error)).not.toContain('hunter2')
  })
})

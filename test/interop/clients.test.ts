import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usedIn } from './lib/conversation.ts'
import { ACCOUNT, ASCII_ACCOUNT, HOSTNAME, type OurServer, startOurServer, TOKEN } from './lib/our-server.ts'
import { run } from './lib/process.ts'

// msmtp, curl, Python's smtplib, nodemailer and Postfix's smtp-source as clients of our server.
let server: OurServer
let lmtp: OurServer
let seen: number
let failed: number

beforeAll(async () => {
  server = await startOurServer()
  lmtp = await startOurServer({ protocol: 'lmtp' })
})
afterAll(() => Promise.all([server.stop(), lmtp.stop()]))
beforeEach(() => {
  seen = server.messages.length
  failed = server.errors.length
})

const MESSAGE =
  'Date: Wed, 25 Nov 2026 20:00:00 +0000\r\nMessage-ID: <1@posthorn.example>\r\nFrom: ada@posthorn.example\r\nTo: bob@posthorn.example\r\nSubject: grüße\r\n\r\n.\r\n..\r\nfin\r\n'
const UNIX = MESSAGE.replaceAll('\r\n', '\n')

describe('msmtp', () => {
  async function msmtp(target: OurServer, settings: readonly string[]): ReturnType<typeof run> {
    const file = join(dirname(target.caFile), 'msmtprc')
    const account = [
      'account default',
      `host ${HOSTNAME}`,
      `port ${target.port}`,
      'from ada@posthorn.example',
      ...settings,
    ]
    writeFileSync(file, `${account.join('\n')}\n`, { mode: 0o600 })
    return run('/usr/bin/msmtp', ['-C', file, 'bob@posthorn.example'], { input: UNIX })
  }

  test.each(['plain', 'login', 'cram-md5', 'scram-sha-1', 'scram-sha-256'])(
    'AUTH %s over STARTTLS',
    async (mechanism) => {
      const { code, stderr } = await msmtp(server, [
        'tls on',
        'tls_starttls on',
        `tls_trust_file ${server.caFile}`,
        `auth ${mechanism}`,
        `user ${ACCOUNT.username}`,
        `passwordeval printf '%s' '${ACCOUNT.password}'`,
      ])
      expect(code, stderr).toBe(0)
      const taken = server.messages.at(-1)!
      expect(taken).toMatchObject({ user: ACCOUNT.username, text: MESSAGE })
      // It groups commands in segments of their own, so that whether they arrive as a group is chance.
      expect(usedIn(taken.conversation)).toEqual(
        expect.arrayContaining([`AUTH ${mechanism.toUpperCase()}`, 'STARTTLS']),
      )
    },
  )

  test('AUTH oauthbearer over STARTTLS', async () => {
    const { code, stderr } = await msmtp(server, [
      'tls on',
      `tls_trust_file ${server.caFile}`,
      'auth oauthbearer',
      `user ${ACCOUNT.username}`,
      `passwordeval printf '%s' '${TOKEN}'`,
    ])
    expect(code, stderr).toBe(0)
    expect(server.messages.at(-1)!.user).toBe(ACCOUNT.username)
  })

  test('DSN parameters reach the handler [rfc3461 4]', async () => {
    const { code, stderr } = await msmtp(server, ['dsn_notify failure,delay', 'dsn_return headers'])
    expect(code, stderr).toBe(0)
    const taken = server.messages.at(-1)!
    expect(taken.parameters.ret).toBe('HDRS')
    expect(taken.recipientParameters).toEqual([{ notify: ['FAILURE', 'DELAY'] }])
  })

  test('LMTP', async () => {
    const { code, stderr } = await msmtp(lmtp, ['protocol lmtp'])
    expect(code, stderr).toBe(0)
    const taken = lmtp.messages.at(-1)!
    expect(taken.text).toBe(MESSAGE)
    expect(usedIn(taken.conversation)).toContain('LMTP')
  })
})

describe('curl', () => {
  async function curl(...args: string[]): ReturnType<typeof run> {
    const file = join(dirname(server.caFile), 'message.eml')
    writeFileSync(file, MESSAGE)
    const envelope = ['--mail-from', 'ada@posthorn.example', '--mail-rcpt', 'bob@posthorn.example', '-T', file]
    return run('/usr/bin/curl', [
      '-sS',
      `smtp://${HOSTNAME}:${server.port}`,
      '--cacert',
      server.caFile,
      ...envelope,
      ...args,
    ])
  }

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('AUTH %s', async (mechanism) => {
    const user = `${ACCOUNT.username}:${ACCOUNT.password}`
    const { code, stderr } = await curl('--ssl-reqd', '-u', user, '--login-options', `AUTH=${mechanism}`)
    expect(code, stderr).toBe(0)
    const taken = server.messages.at(-1)!
    expect(taken).toMatchObject({ user: ACCOUNT.username, text: MESSAGE })
    expect(usedIn(taken.conversation)).toEqual([`AUTH ${mechanism}`, 'SIZE', 'STARTTLS'])
  })

  test.each(['XOAUTH2', 'OAUTHBEARER'])('AUTH %s', async (mechanism) => {
    const token = ['-u', ACCOUNT.username, '--oauth2-bearer', TOKEN, '--login-options', `AUTH=${mechanism}`]
    const { code, stderr } = await curl('--ssl-reqd', ...token)
    expect(code, stderr).toBe(0)
    expect(server.messages.at(-1)!.user).toBe(ACCOUNT.username)
  })
})

const SMTPLIB = `
import json, smtplib, ssl, sys
job = json.loads(sys.stdin.read())
with smtplib.SMTP(job['host'], job['port']) as client:
    client.starttls(context=ssl.create_default_context(cafile=job['ca']))
    client.user, client.password = job['user'], job['password']
    client.ehlo()
    method = job['mechanism'].lower().replace('-', '_')
    client.auth(job['mechanism'], getattr(client, 'auth_' + method))
    refused = client.sendmail('ada@posthorn.example', job['to'], job['message'].encode(), job['options'], job['recipient'])
    print(json.dumps({name: reply[0] for name, reply in refused.items()}))
`

describe("Python's smtplib", () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])(
    'AUTH %s, BODY=8BITMIME, SMTPUTF8, DSN, one recipient refused',
    async (mechanism) => {
      const job = {
        host: HOSTNAME,
        port: server.port,
        ca: server.caFile,
        user: ASCII_ACCOUNT.username,
        password: ASCII_ACCOUNT.password,
        mechanism,
        to: ['bob@posthorn.example', 'nobody@posthorn.example'],
        message: MESSAGE,
        options: ['BODY=8BITMIME', 'SMTPUTF8'],
        recipient: ['NOTIFY=NEVER'],
      }
      const { code, stdout, stderr } = await run('/usr/bin/python3', ['-c', SMTPLIB], { input: JSON.stringify(job) })
      expect(code, stderr).toBe(0)
      expect(JSON.parse(stdout)).toEqual({ 'nobody@posthorn.example': 550 })
      const taken = server.messages.at(-1)!
      expect(taken.text).toBe(MESSAGE)
      expect(taken.parameters).toMatchObject({ body: '8BITMIME', smtpUtf8: true })
      expect(taken.recipientParameters).toEqual([{ notify: [] }])
      expect(taken.user).toBe(ASCII_ACCOUNT.username)
      expect(usedIn(taken.conversation)).toEqual([
        '8BITMIME',
        `AUTH ${mechanism}`,
        'DSN',
        'SIZE',
        'SMTPUTF8',
        'STARTTLS',
      ])
    },
  )
})

describe('nodemailer', () => {
  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])(
    'AUTH %s over STARTTLS, a pool of messages, one recipient refused',
    async (method) => {
      const transport = nodemailer.createTransport({
        pool: true,
        maxConnections: 2,
        host: HOSTNAME,
        port: server.port,
        requireTLS: true,
        authMethod: method,
        auth: { user: ACCOUNT.username, pass: ACCOUNT.password },
        tls: { ca: server.ca },
      } as never)
      const sent = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          transport.sendMail({
            from: 'ada@posthorn.example',
            to: ['bob@posthorn.example', 'nobody@posthorn.example'],
            subject: `m${index}`,
            text: 'Grüße\n.\n',
          }),
        ),
      )
      transport.close()
      expect(sent.map(({ accepted, rejected }) => [accepted, rejected])).toEqual(
        sent.map(() => [['bob@posthorn.example'], ['nobody@posthorn.example']]),
      )
      expect(server.messages).toHaveLength(seen + 6)
      for (const { user, conversation } of server.messages.slice(seen)) {
        expect(user).toBe(ACCOUNT.username)
        expect(usedIn(conversation)).toEqual([`AUTH ${method}`, 'PIPELINING', 'STARTTLS'])
      }
    },
  )

  test('AUTH XOAUTH2, SMTPUTF8 and DSN', async () => {
    const transport = nodemailer.createTransport({
      host: HOSTNAME,
      port: server.port,
      requireTLS: true,
      auth: { type: 'OAuth2', user: ACCOUNT.username, accessToken: TOKEN },
      tls: { ca: server.ca },
    } as never)
    await transport.sendMail({
      envelope: {
        from: 'ada@posthorn.example',
        to: ['δ@posthorn.example'],
        dsn: { id: 'a1', return: 'headers', notify: ['failure', 'delay'], recipient: 'd@posthorn.example' },
      },
      raw: MESSAGE,
    } as never)
    const taken = server.messages.at(-1)!
    expect(taken).toMatchObject({ user: ACCOUNT.username, text: MESSAGE })
    expect(taken.parameters).toMatchObject({ envid: 'a1', ret: 'HDRS', smtpUtf8: true })
    expect(taken.recipientParameters).toMatchObject([{ notify: ['FAILURE', 'DELAY'] }])
    expect(usedIn(taken.conversation)).toEqual(['AUTH XOAUTH2', 'DSN', 'PIPELINING', 'SMTPUTF8', 'STARTTLS'])
  })

  test('LMTP', async () => {
    const transport = nodemailer.createTransport({
      host: HOSTNAME,
      port: lmtp.port,
      lmtp: true,
      ignoreTLS: true,
    } as never)
    await transport.sendMail({ envelope: { from: 'ada@posthorn.example', to: 'bob@posthorn.example' }, raw: MESSAGE })
    const taken = lmtp.messages.at(-1)!
    expect(taken.text).toBe(MESSAGE)
    expect(usedIn(taken.conversation)).toContain('LMTP')
  })
})

test.each([
  ['in one session each', []],
  ['many in a session', ['-d']],
])('smtp-source: 500 messages over 10 connections at once, %s', async (_, options) => {
  const args = [
    ...options,
    '-s',
    '10',
    '-m',
    '500',
    '-l',
    '3000',
    '-f',
    'ada@posthorn.example',
    '-t',
    'bob@posthorn.example',
  ]
  const { code, stderr } = await run('/usr/sbin/smtp-source', ['-4', ...args, `127.0.0.1:${server.port}`])
  expect(code, stderr).toBe(0)
  expect(server.messages).toHaveLength(seen + 500)
  // It opens connections that it has no message left for, and drops them.
  const errors = server.errors.slice(failed)
  expect(errors.length).toBeLessThanOrEqual(10)
  for (const error of errors) expect(error).toMatchObject({ code: 'SMTP_CLOSED' })
})

import { describe, expect, test } from 'vitest'
import { type Command, commandLineLimit, encodeCommand, type MailParameters, neededExtensions } from '../src/index.ts'
import { EXTENSIONS, MAIL_PARAMETERS, RCPT_PARAMETERS } from '../src/registry.ts'

const ADA = { localPart: 'ada', domain: 'mx.example' }
const mail = (parameters: MailParameters): Command => ({ verb: 'MAIL', reversePath: ADA, parameters })

describe('neededExtensions', () => {
  test.each<{ name: string; spec: string; command: Command; needed: string[] }>([
    { name: 'EHLO', spec: 'rfc5321 4.5.1', command: { verb: 'EHLO', domain: 'a' }, needed: [] },
    { name: 'VRFY', spec: 'rfc5321 4.5.1', command: { verb: 'VRFY', argument: 'a' }, needed: [] },
    {
      name: 'VRFY with SMTPUTF8',
      spec: 'rfc6531 3.7.4.2',
      command: { verb: 'VRFY', argument: 'a', smtpUtf8: true },
      needed: ['SMTPUTF8'],
    },
    {
      name: 'EXPN beyond US-ASCII',
      spec: 'rfc6531 3.7.4.2',
      command: { verb: 'EXPN', argument: 'δ' },
      needed: ['SMTPUTF8'],
    },
    { name: 'HELP', spec: 'rfc5321 4.5.1', command: { verb: 'HELP' }, needed: [] },
    { name: 'STARTTLS', spec: 'rfc3207 2', command: { verb: 'STARTTLS' }, needed: ['STARTTLS'] },
    { name: 'BDAT', spec: 'rfc3030 2', command: { verb: 'BDAT', size: 0, last: true }, needed: ['CHUNKING'] },
    { name: 'a plain MAIL', spec: 'rfc5321 4.1.1.2', command: mail({}), needed: [] },
    {
      name: 'SIZE and BODY',
      spec: 'rfc1870 3',
      command: mail({ size: 1, body: '7BIT' }),
      needed: ['SIZE', '8BITMIME'],
    },
    { name: 'BINARYMIME', spec: 'rfc3030 3', command: mail({ body: 'BINARYMIME' }), needed: ['BINARYMIME'] },
    { name: 'RET and ENVID', spec: 'rfc3461 4', command: mail({ ret: 'HDRS', envid: 'a' }), needed: ['DSN'] },
    { name: 'a flag that is off', spec: 'rfc8689 2', command: mail({ requireTls: false }), needed: [] },
    { name: 'others', spec: 'rfc5321 4.1.2', command: mail({ others: [{ keyword: 'X' }] }), needed: [] },
    {
      name: 'another value beyond US-ASCII',
      spec: 'rfc6531 3.3',
      command: mail({ others: [{ keyword: 'X', value: 'δ' }] }),
      needed: ['SMTPUTF8'],
    },
    {
      name: 'SMTPUTF8 for two reasons',
      spec: 'rfc6531 3.4',
      command: { verb: 'MAIL', reversePath: { localPart: 'δ', domain: 'a' }, parameters: { smtpUtf8: true } },
      needed: ['SMTPUTF8'],
    },
    {
      name: 'a recipient beyond US-ASCII',
      spec: 'rfc6531 3.3',
      command: { verb: 'RCPT', forwardPath: { localPart: 'δ', domain: 'a' }, parameters: { notify: [] } },
      needed: ['DSN', 'SMTPUTF8'],
    },
  ])('neededExtensions: $name [$spec]', ({ command, needed }) => {
    expect(neededExtensions(command)).toEqual(needed)
  })
})

describe('commandLineLimit', () => {
  test.each([
    { verb: 'MAIL', offered: [], limit: 512 },
    { verb: 'MAIL', offered: ['SIZE', '8BITMIME', 'X'], limit: 512 + 26 + 17 },
    { verb: 'RCPT', offered: ['SIZE', 'RRVS'], limit: 512 + 33 },
    { verb: 'MAIL', offered: ['BINARYMIME', 'BINARYMIME'], limit: 512 + 16 },
    { verb: 'VRFY', offered: ['SMTPUTF8'], limit: 512 },
    { verb: 'NOOP', offered: EXTENSIONS.map(({ keyword }) => keyword), limit: 512 },
    { verb: 'AUTH', offered: ['AUTH'], limit: 512 },
  ] as const)('commandLineLimit: $verb with $offered [rfc5321 4.5.3.1.4]', ({ verb, offered, limit }) => {
    expect(commandLineLimit(verb, offered)).toBe(limit)
  })

  test('commandLineLimit: the parameters of DSN fit at their longest, and fill it [rfc3461 4]', () => {
    const bare = { verb: 'RCPT', forwardPath: ADA } as const
    const orcpt = { type: 'rfc822', address: 'a'.repeat(500 - 'ORCPT=rfc822;'.length) }
    const rcpt: Command = { ...bare, parameters: { notify: ['SUCCESS', 'FAILURE', 'DELAY'], orcpt } }
    const growth = (long: Command, short: Command): number => encodeCommand(long).length - encodeCommand(short).length
    expect(growth(rcpt, bare)).toBe(commandLineLimit('RCPT', ['DSN']) - 512)
    expect(growth(mail({ ret: 'HDRS', envid: 'a'.repeat(100) }), mail({}))).toBe(
      commandLineLimit('MAIL', ['DSN']) - 512,
    )
  })

  test('commandLineLimit: the longest path with the longest value of every parameter fits [rfc5321 4.5.3.1.4]', () => {
    const reversePath = { localPart: 'a'.repeat(239), domain: 'mx.example.net' }
    const command = mail({
      size: Number.MAX_SAFE_INTEGER,
      body: '8BITMIME',
      smtpUtf8: true,
      ret: 'HDRS',
      envid: 'a'.repeat(100),
      auth: { localPart: 'a'.repeat(239), domain: 'mx.example.net' },
      by: { seconds: -99_999_999, mode: 'notify', trace: true },
      holdUntil: '2026-12-24T18:00:00Z',
      mtPriority: -9,
      requireTls: true,
      solicit: ['a'.repeat(990)],
      conPerm: true,
      prdr: true,
    })
    const octets = encodeCommand({ ...command, reversePath } as Command).length
    expect(octets).toBeLessThanOrEqual(
      commandLineLimit(
        'MAIL',
        EXTENSIONS.map(({ keyword }) => keyword),
      ),
    )
  })
})

describe('the registry', () => {
  test('EXTENSIONS: each keyword stands once, in capitals', () => {
    const keywords = EXTENSIONS.map(({ keyword }) => keyword)
    expect(new Set(keywords).size).toBe(keywords.length)
    for (const keyword of keywords) expect(keyword).toMatch(/^[A-Z0-9][A-Z0-9-]*$/)
  })

  test('MAIL_PARAMETERS and RCPT_PARAMETERS: each belongs to an extension that adds to the length of the line', () => {
    const rows = [
      ...Object.values(MAIL_PARAMETERS).map((row) => ({ row, verb: 'MAIL' as const })),
      ...Object.values(RCPT_PARAMETERS).map((row) => ({ row, verb: 'RCPT' as const })),
    ]
    for (const { row, verb } of rows) {
      const extension = EXTENSIONS.find(({ keyword }) => keyword === row.extension)
      expect({ keyword: row.keyword, adds: (extension?.added?.[verb] ?? 0) > 0 }).toEqual({
        keyword: row.keyword,
        adds: true,
      })
    }
  })
})

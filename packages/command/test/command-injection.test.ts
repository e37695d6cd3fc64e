import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureOf, resultOf } from '../../../test/failure.ts'
import { type Command, formatCommand, type Mailbox, type MailParameters, type RcptParameters } from '../src/index.ts'

const ADA: Mailbox = { localPart: 'ada', domain: 'mx.example' }

// An example of each command with all its arguments.
const FULL: readonly Command[] = [
  { verb: 'EHLO', domain: 'client' },
  { verb: 'HELO', domain: 'client' },
  { verb: 'LHLO', domain: 'client' },
  { verb: 'AUTH', mechanism: 'PLAIN' },
  {
    verb: 'MAIL',
    reversePath: ADA,
    parameters: {
      size: 1,
      body: '7BIT',
      smtpUtf8: true,
      ret: 'FULL',
      envid: 'a',
      auth: ADA,
      by: { seconds: 1, mode: 'return', trace: true },
      holdFor: 1,
      mtPriority: 1,
      requireTls: true,
      solicit: ['a'],
      mtrk: { certifier: 'a', timeout: 1 },
      conPerm: true,
      prdr: true,
      transid: '<a@b>',
      submitter: ADA,
      others: [{ keyword: 'X', value: 'y' }],
    } satisfies Omit<Required<MailParameters>, 'holdUntil'>,
  },
  { verb: 'MAIL', reversePath: null, parameters: { holdUntil: '2026-01-01T00:00:00Z' } },
  {
    verb: 'RCPT',
    forwardPath: ADA,
    parameters: {
      notify: ['SUCCESS'],
      orcpt: { type: 'rfc822', address: 'a' },
      rrvs: { since: '2026-01-01T00:00:00Z', fallback: 'continue' },
      conNeg: true,
      others: [{ keyword: 'X', value: 'y' }],
    } satisfies Required<RcptParameters>,
  },
  { verb: 'NOOP', argument: 'a' },
  { verb: 'HELP', argument: 'a' },
  { verb: 'VRFY', argument: 'a' },
  { verb: 'EXPN', argument: 'a' },
  { verb: 'DATA' },
  { verb: 'SEND', reversePath: ADA },
  { verb: 'BDAT', size: 1, last: true },
  { verb: 'BURL', url: 'imap:a', last: true },
  { verb: 'ETRN', node: 'a' },
  { verb: 'ATRN', domains: ['a'] },
  { verb: 'XCLIENT', attributes: [{ name: 'LOGIN', value: 'a' }] },
  { verb: 'OTHER', name: 'XABC', argument: 'a' },
]

function withPart(value: object, key: string, part: unknown): unknown {
  const copy = { ...value, [key]: part }
  return Array.isArray(value) ? Object.values(copy) : copy
}

// Every string and number in a value, as the path to it and a copy of the value with another string in its place.
function* leavesOf(value: unknown, path = ''): Generator<{ path: string; replaced: (text: string) => unknown }> {
  if (typeof value === 'string' || typeof value === 'number') {
    yield { path, replaced: (text) => text.replace('*', String(value)) }
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    for (const leaf of leavesOf(part, `${path}.${Array.isArray(value) ? '*' : key}`)) {
      const replaced = (text: string): unknown => withPart(value, key, leaf.replaced(text))
      yield { path: leaf.path, replaced }
    }
  }
}

const REFUSED_AS: Readonly<Record<string, string>> = {
  'EHLO.domain': 'COMMAND_BAD_DOMAIN',
  'HELO.domain': 'COMMAND_BAD_DOMAIN',
  'LHLO.domain': 'COMMAND_BAD_DOMAIN',
  'SEND.reversePath.localPart': 'COMMAND_BAD_PATH',
  'SEND.reversePath.domain': 'COMMAND_BAD_PATH',
  'BDAT.size': 'COMMAND_BAD_SYNTAX',
  'BURL.url': 'COMMAND_BAD_SYNTAX',
  'ETRN.node': 'COMMAND_BAD_DOMAIN',
  'ATRN.domains.*': 'COMMAND_BAD_DOMAIN',
  'XCLIENT.attributes.*.name': 'COMMAND_BAD_PARAMETER',
  'XCLIENT.attributes.*.value': 'COMMAND_BAD_ARGUMENT',
  'OTHER.name': 'COMMAND_UNKNOWN',
  'OTHER.argument': 'COMMAND_BAD_ARGUMENT',
  'AUTH.mechanism': 'COMMAND_BAD_SYNTAX',
  'MAIL.reversePath.localPart': 'COMMAND_BAD_PATH',
  'MAIL.reversePath.domain': 'COMMAND_BAD_PATH',
  'MAIL.parameters.size': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.body': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.ret': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.envid': 'COMMAND_BAD_ARGUMENT',
  'MAIL.parameters.auth.localPart': 'COMMAND_BAD_PATH',
  'MAIL.parameters.auth.domain': 'COMMAND_BAD_PATH',
  'MAIL.parameters.by.mode': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.by.seconds': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.holdFor': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.holdUntil': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.mtPriority': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.solicit.*': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.mtrk.certifier': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.mtrk.timeout': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.transid': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.submitter.localPart': 'COMMAND_BAD_PATH',
  'MAIL.parameters.submitter.domain': 'COMMAND_BAD_PATH',
  'MAIL.parameters.others.*.keyword': 'COMMAND_BAD_PARAMETER',
  'MAIL.parameters.others.*.value': 'COMMAND_BAD_PARAMETER',
  'RCPT.forwardPath.localPart': 'COMMAND_BAD_PATH',
  'RCPT.forwardPath.domain': 'COMMAND_BAD_PATH',
  'RCPT.parameters.notify.*': 'COMMAND_BAD_PARAMETER',
  'RCPT.parameters.orcpt.type': 'COMMAND_BAD_PARAMETER',
  'RCPT.parameters.orcpt.address': 'COMMAND_BAD_ARGUMENT',
  'RCPT.parameters.rrvs.fallback': 'COMMAND_BAD_PARAMETER',
  'RCPT.parameters.rrvs.since': 'COMMAND_BAD_PARAMETER',
  'RCPT.parameters.others.*.keyword': 'COMMAND_BAD_PARAMETER',
  'RCPT.parameters.others.*.value': 'COMMAND_BAD_PARAMETER',
  'NOOP.argument': 'COMMAND_BAD_ARGUMENT',
  'HELP.argument': 'COMMAND_BAD_ARGUMENT',
  'VRFY.argument': 'COMMAND_BAD_ARGUMENT',
  'EXPN.argument': 'COMMAND_BAD_ARGUMENT',
}

const LEAVES = FULL.flatMap((command) => [...leavesOf(command, command.verb)])
const INJECTIONS = [
  '\r\nRSET',
  '\r',
  '\n',
  '\0',
  '\t',
  '\u001b',
  '\u007f',
  '\u0080',
  '\u0085',
  '\u2028',
  '\u2029',
  '\ud800',
]

describe('formatCommand: no argument can begin another command', () => {
  test('formatCommand: the table names every argument of every command', () => {
    const paths = LEAVES.map(({ path }) => path).filter((path) => !path.endsWith('.verb'))
    expect(paths.sort()).toEqual(Object.keys(REFUSED_AS).sort())
  })

  test.each(LEAVES)('formatCommand: $path refuses controls [rfc5321 4.1.2]', ({ path, replaced }) => {
    expect(failureOf(() => formatCommand(replaced('*') as Command))).toBe('none')
    for (const control of INJECTIONS) {
      for (const text of [`*${control}`, `${control}*`, control, `*${control}*`]) {
        const code = failureOf(() => formatCommand(replaced(text) as Command))
        expect({ path, text, code }).toEqual({ path, text, code: REFUSED_AS[path] ?? 'COMMAND_UNKNOWN' })
      }
    }
  })

  test('formatCommand: whatever the arguments are, one line comes out or an error', () => {
    const text = fc.oneof(
      fc.constantFrom(...INJECTIONS).map((control) => `*${control}`),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((codes) => String.fromCharCode(...codes)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...LEAVES), text, ({ replaced }, value) => {
        const line = resultOf(() => formatCommand(replaced(value) as Command))
        if (line.startsWith('COMMAND_')) return
        expect(line).toMatch(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u)
      }),
      { numRuns: 5000 },
    )
  })
})

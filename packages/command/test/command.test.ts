import { decodeUtf8 } from '@posthorn/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Command,
  encodeCommand,
  formatCommand,
  type Mailbox,
  type MailParameters,
  type RcptParameters,
  type Verb,
} from '../src/index.ts'
import { COMMANDS, parse, parseAny } from './commands.ts'

// With the parameters that a parsed MAIL or RCPT always has.
function filled(command: Command): Command {
  return command.verb === 'MAIL' || command.verb === 'RCPT' ? ({ parameters: {}, ...command } as Command) : command
}

test.each(COMMANDS)('formatCommand and parseCommand: $line [$spec]', ({ line, command }) => {
  expect(formatCommand(command)).toBe(line)
  expect(parseAny(line)).toEqual(filled(command))
  expect(decodeUtf8(encodeCommand(command))).toBe(`${line}\r\n`)
})

test('formatCommand and parseCommand: the table above has every verb', () => {
  const verbs: Record<Verb, true> = {
    EHLO: true,
    HELO: true,
    LHLO: true,
    BDAT: true,
    BURL: true,
    ETRN: true,
    ATRN: true,
    TURN: true,
    SEND: true,
    SOML: true,
    SAML: true,
    XCLIENT: true,
    XFORWARD: true,
    OTHER: true,
    STARTTLS: true,
    AUTH: true,
    MAIL: true,
    RCPT: true,
    DATA: true,
    RSET: true,
    VRFY: true,
    EXPN: true,
    HELP: true,
    NOOP: true,
    QUIT: true,
  }
  expect(new Set(COMMANDS.map(({ command }) => command.verb))).toEqual(new Set(Object.keys(verbs)))
})

const MAILBOX: fc.Arbitrary<Mailbox> = fc.record({
  localPart: fc.oneof(
    fc.stringMatching(/^[ -~]{1,12}$/),
    fc.string({ unit: fc.constantFrom('a', '"', '@', 'é', '>') }),
  ),
  domain: fc.constantFrom('mx.example', '[192.0.2.1]', '[IPv6:::1]', 'bücher.example'),
})
const WORD = fc.stringMatching(/^[!-~](?:[ -~]{0,10}[!-~])?$/)
const OTHERS = fc.uniqueArray(
  fc.record(
    { keyword: fc.stringMatching(/^X[A-Z0-9-]{0,5}$/), value: fc.stringMatching(/^[!-<>-~]{1,6}$/) },
    { requiredKeys: ['keyword'] },
  ),
  { selector: ({ keyword }) => keyword, minLength: 1, maxLength: 3 },
)
const MAIL_PARAMETERS: fc.Arbitrary<MailParameters> = fc.record(
  {
    size: fc.maxSafeNat(),
    body: fc.constantFrom('7BIT', '8BITMIME', 'BINARYMIME'),
    ret: fc.constantFrom('FULL', 'HDRS'),
    by: fc.record(
      {
        seconds: fc.integer({ min: 1, max: 999_999_999 }),
        mode: fc.constantFrom('return', 'notify'),
        trace: fc.constant(true),
      },
      { requiredKeys: ['seconds', 'mode'] },
    ),
    holdFor: fc.integer({ min: 1, max: 999_999_999 }),
    mtPriority: fc.integer({ min: -9, max: 9 }),
    requireTls: fc.constant(true),
    solicit: fc.array(fc.stringMatching(/^[a-z][a-z.:_-]{0,5}$/), { minLength: 1, maxLength: 3 }),
    mtrk: fc.record(
      { certifier: fc.stringMatching(/^[A-Za-z0-9+/]{1,8}$/), timeout: fc.nat(999_999_999) },
      { requiredKeys: ['certifier'] },
    ),
    conPerm: fc.constant(true),
    prdr: fc.constant(true),
    transid: fc.stringMatching(/^<[a-z]{1,8}@[a-z]{1,8}>$/),
    submitter: MAILBOX,
    envid: fc.stringMatching(/^[ -~]{1,30}$/),
    auth: fc.option(MAILBOX),
    others: OTHERS,
    smtpUtf8: fc.constant(true),
  },
  { requiredKeys: ['smtpUtf8'] },
)
const RCPT_PARAMETERS: fc.Arbitrary<RcptParameters> = fc.record(
  {
    notify: fc.subarray(['SUCCESS', 'FAILURE', 'DELAY']),
    orcpt: fc.oneof(
      fc.record({ type: fc.constantFrom('rfc822', 'X-A'), address: fc.stringMatching(/^[ -~]{0,20}$/) }),
      fc.record({ type: fc.constant('utf-8'), address: fc.stringMatching(/^[ -~é€𝄞]{1,20}$/u) }),
    ),
    rrvs: fc.record(
      { since: fc.constant('2026-01-01T00:00:00Z'), fallback: fc.constantFrom('continue', 'refuse') },
      { requiredKeys: ['since'] },
    ),
    conNeg: fc.constant(true),
    others: OTHERS,
  },
  { requiredKeys: [] },
)
const COMMAND: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ verb: fc.constantFrom('EHLO', 'HELO'), domain: fc.constantFrom('a', 'mx.example', '[IPv6:::1]') }),
  fc.record({ verb: fc.constantFrom('STARTTLS', 'DATA', 'RSET', 'QUIT') }),
  fc.record(
    { verb: fc.constant('AUTH'), mechanism: fc.stringMatching(/^[A-Z0-9_-]{1,20}$/), initialResponse: fc.uint8Array() },
    { requiredKeys: ['verb', 'mechanism'] },
  ),
  fc.record({ verb: fc.constant('MAIL'), reversePath: fc.option(MAILBOX), parameters: MAIL_PARAMETERS }),
  fc.record({
    verb: fc.constant('RCPT'),
    forwardPath: fc.oneof(MAILBOX, fc.constant('postmaster' as const)),
    parameters: RCPT_PARAMETERS,
  }),
  fc.record({ verb: fc.constantFrom('NOOP', 'HELP'), argument: WORD }, { requiredKeys: ['verb'] }),
  fc.record({ verb: fc.constantFrom('VRFY', 'EXPN'), argument: WORD }),
) as fc.Arbitrary<Command>

test('formatCommand: parseCommand inverts it', () => {
  fc.assert(
    fc.property(COMMAND, (command) => {
      expect(parse(formatCommand(command))).toEqual(command)
    }),
    { numRuns: 3000 },
  )
})

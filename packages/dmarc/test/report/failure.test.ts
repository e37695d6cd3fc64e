import { type DmarcIdentities, type DmarcVerdict, evaluateDmarc } from '@posthorn/dmarc'
import {
  type FailureReportMessageInput,
  type FailureResults,
  failureFeedback,
  failureReportDue,
  failureReportMessage,
} from '@posthorn/dmarc/report'
import { MemoryZone } from '@posthorn/dns'
import { parseMessage, readReport } from '@posthorn/mime'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../test/failure.ts'

const RUF = 'ruf=mailto:f@example.com'
const verdictOf = (record: string, identities: Partial<DmarcIdentities> = {}): Promise<DmarcVerdict> => {
  const resolver = new MemoryZone().add('_dmarc.example.com', 'TXT', record).fail('_dmarc.slow.example.com', 'timeout')
  return evaluateDmarc({ authorDomains: ['example.com'], ...identities }, { resolver })
}
const PASS = 'pass'
const dkim = (domain: string, result = PASS) => ({ dkim: [{ domain, result }] })
const spf = (domain: string, result = PASS) => ({ spf: [{ identity: 'mailfrom' as const, domain, result }] })

describe('failureReportDue: by ruf and fo [rfc9989 4.7]', () => {
  const both = { ...dkim('example.com'), ...spf('example.com') }
  test.each<[string, Partial<DmarcIdentities>, FailureResults, string[]]>([
    [`p=none; ${RUF}`, {}, {}, ['0']],
    [`p=none; ${RUF}`, dkim('example.com'), { dkim: ['pass'], spf: 'fail' }, []],
    [`p=none; fo=1; ${RUF}`, dkim('example.com'), { dkim: ['pass'] }, ['1']],
    [`p=none; fo=1; ${RUF}`, both, { dkim: ['pass'], spf: 'pass' }, []],
    [`p=none; fo=0; ${RUF}`, dkim('example.net'), { dkim: ['pass'] }, ['0']],
    [`p=none; fo=d; ${RUF}`, both, { dkim: ['pass', 'fail'], spf: 'pass' }, ['d']],
    [`p=none; fo=d; ${RUF}`, {}, { dkim: ['none', 'neutral', 'temperror'] }, []],
    [`p=none; fo=s; ${RUF}`, both, { dkim: ['fail'], spf: 'softfail' }, ['s']],
    [`p=none; fo=s; ${RUF}`, {}, { spf: 'none' }, []],
    [`p=none; fo=s:d:1; ${RUF}`, {}, { dkim: ['permerror'], spf: 'permerror' }, ['s', 'd', '1']],
    ['p=none; fo=1', {}, {}, []],
    [`p=none; psd=y; ${RUF}`, {}, {}, []],
    [`p=none; ${RUF}`, dkim('slow.example.com'), { dkim: ['pass'] }, []],
  ])('%s %j %j', async (record, identities, results, due) => {
    expect(failureReportDue(await verdictOf(`v=DMARC1; ${record}`, identities), results)).toEqual(due)
  })

  test('nothing without a policy', async () => {
    const resolver = new MemoryZone()
    expect(failureReportDue(await evaluateDmarc({ authorDomains: ['example.com'] }, { resolver }))).toEqual([])
  })
})

const ORIGINAL =
  'From: a@example.com\r\nTo: b@mx.example\r\nSubject: Secret\r\nMessage-ID: <1@example.com>\r\n\r\nBody\r\n'
const CONTEXT = { now: new Date(0), random: (length: number): Uint8Array => new Uint8Array(length).fill(7) }
const inputOf = (verdict: DmarcVerdict, more: Partial<FailureReportMessageInput> = {}): FailureReportMessageInput => ({
  verdict,
  authenticationResults: 'mx.example; dmarc=fail header.from=example.com',
  original: ORIGINAL,
  userAgent: 'Posthorn/0.1',
  from: 'reports@mx.example',
  to: 'f@example.com',
  ...more,
})

describe('failureReportMessage, read by readReport [rfc9991 4]', () => {
  const read = (input: FailureReportMessageInput) => {
    const message = parseMessage(failureReportMessage(input, CONTEXT).bytes())
    const report = readReport(message)
    if (report?.type !== 'feedback') throw new Error('no feedback')
    return { message, ...report }
  }

  test('what is told, and the header alone', async () => {
    const verdict = await verdictOf(`v=DMARC1; p=reject; ${RUF}`)
    const { message, feedback, defects, text, original } = read(
      inputOf(verdict, {
        sourceIp: '192.0.2.1',
        sourcePort: 4321,
        mailFrom: '',
        rcptTo: ['b@mx.example'],
        deliveryResult: 'reject',
        arrivalDate: new Date(86_400_000),
        reportingMta: { type: 'dns', name: 'mx.example' },
      }),
    )
    expect(defects).toEqual([])
    expect(feedback).toMatchObject({
      feedbackType: 'auth-failure',
      userAgent: 'Posthorn/0.1',
      version: 1,
      authFailure: 'dmarc',
      identityAlignment: ['dkim', 'spf'],
      authenticationResults: ['mx.example; dmarc=fail header.from=example.com'],
      reportedDomains: ['example.com'],
      sourceIp: '192.0.2.1',
      sourcePort: 4321,
      mailFrom: '',
      rcptTo: ['b@mx.example'],
      deliveryResult: 'reject',
      arrivalDate: new Date(86_400_000),
    })
    expect(message.subject).toBe('DMARC failure report for example.com')
    expect(message.header.text('auto-submitted')).toBe('auto-generated')
    expect(text).toBe('A message from example.com was not authenticated for that domain by dkim and spf.\n')
    expect(original?.contentType.subtype).toBe('rfc822-headers')
    expect(new TextDecoder().decode(failureReportMessage(inputOf(verdict), CONTEXT).bytes())).not.toContain('Body')
  })

  test('all of the message, where that is asked for, and what failed in it', async () => {
    const verdict = await verdictOf(`v=DMARC1; p=reject; fo=1; ${RUF}`, spf('example.com'))
    const signature = { dkimDomain: 'example.com', dkimSelector: 's1' }
    const spfDns = [{ type: 'txt', domain: 'example.com', record: 'v=spf1 -all' }] as const
    const subject = 'FW: Secret'
    const { message, feedback, defects, original } = read(
      inputOf(verdict, { returned: 'full', signature, spfDns, subject, text: 'Look\n' }),
    )
    expect(defects).toEqual([])
    expect(feedback).toMatchObject({
      identityAlignment: ['dkim'],
      dkimDomain: 'example.com',
      dkimSelector: 's1',
      dkimIdentity: '@example.com',
      spfDns,
    })
    expect(message.subject).toBe(subject)
    expect(original?.contentType.type).toBe('message')
  })

  test.each<[string, Partial<DmarcIdentities>]>([
    ['both passed', { ...dkim('example.com'), ...spf('example.com') }],
    ['there is no author domain', { authorDomains: [] }],
  ])('not where %s', async (_, identities) => {
    const input = inputOf(await verdictOf(`v=DMARC1; p=reject; ${RUF}`, identities))
    expect(failureOf(() => failureFeedback(input))).toBe('DMARC_REPORT_NOT_DUE')
    expect(failureOf(() => failureReportMessage(input, CONTEXT))).toBe('DMARC_REPORT_NOT_DUE')
  })

  test('values that cannot stand there', async () => {
    const verdict = await verdictOf(`v=DMARC1; p=reject; ${RUF}`)
    for (const change of [{ authenticationResults: 'a\r\nBcc: b' }, { sourceIp: 'x' }, { userAgent: '' }]) {
      expect(failureOf(() => failureReportMessage(inputOf(verdict, change), CONTEXT))).toBe('MIME_BAD_REPORT')
    }
  })
})

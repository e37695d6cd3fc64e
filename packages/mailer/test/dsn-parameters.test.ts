import type { Envelope } from '@posthorn/smtp'
import { expect, test } from 'vitest'
import { withoutDsn } from '../src/dsn-parameters.ts'

const NOTIFY = { notify: ['SUCCESS'] } as const
const PLAIN: Envelope = { reversePath: 'a@example.org', forwardPaths: ['b@example.net'] }

test('withoutDsn: what asks for no reports stays as it is', () => {
  const envelope: Envelope = {
    ...PLAIN,
    parameters: { requireTls: true },
    recipientParameters: {},
    forwardPaths: ['b@example.net', { forwardPath: 'c@example.net', parameters: {} }, 'postmaster'],
  }
  expect(withoutDsn(envelope)).toEqual({ envelope, isChanged: false })
  expect(withoutDsn(envelope).envelope).toBe(envelope)
})

test('withoutDsn: parameters of the message, of all recipients and of one are left off, others stay [rfc3461 5.2.2]', () => {
  const other = { orcpt: { type: 'rfc822', address: 'x@example.net' } }
  const envelope: Envelope = {
    reversePath: 'a@example.org',
    parameters: { ret: 'FULL', envid: 'x', requireTls: true },
    recipientParameters: NOTIFY,
    forwardPaths: ['b@example.net', { forwardPath: 'c@example.net', parameters: other }],
  }
  expect(withoutDsn(envelope)).toEqual({
    envelope: {
      reversePath: 'a@example.org',
      parameters: { requireTls: true },
      recipientParameters: {},
      forwardPaths: ['b@example.net', { forwardPath: 'c@example.net', parameters: {} }],
    },
    isChanged: true,
  })
})

test.each([
  [{ parameters: { ret: 'HDRS' } }],
  [{ parameters: { envid: 'x' } }],
  [{ recipientParameters: NOTIFY }],
  [{ forwardPaths: [{ forwardPath: 'b@example.net', parameters: NOTIFY }] }],
] as const)('withoutDsn: each alone asks for reports: %j [rfc3461 4]', (more) => {
  expect(withoutDsn({ ...PLAIN, ...more }).isChanged).toBe(true)
})

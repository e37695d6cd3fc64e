import { describe, expect, test } from 'vitest'
import { type SessionState, stateAfter, TRANSITIONS, type Trigger } from '../src/state.ts'

const STATES = Object.keys(TRANSITIONS) as SessionState[]

describe('TRANSITIONS', () => {
  test.each<[string, string[]]>([
    ['connected', []],
    ['refused', ['QUIT']],
    ['greeted', ['EHLO', 'EXPN', 'HELO', 'HELP', 'NOOP', 'QUIT', 'RSET', 'STARTTLS', 'VRFY']],
    ['ready', ['AUTH', 'EHLO', 'EXPN', 'HELO', 'HELP', 'MAIL', 'NOOP', 'QUIT', 'RSET', 'STARTTLS', 'VRFY']],
    ['challenged', []],
    ['upgrading', []],
    ['mail', ['EHLO', 'EXPN', 'HELO', 'HELP', 'NOOP', 'QUIT', 'RCPT', 'RSET', 'VRFY']],
    ['rcpt', ['DATA', 'EHLO', 'EXPN', 'HELO', 'HELP', 'NOOP', 'QUIT', 'RCPT', 'RSET', 'VRFY']],
    ['body', []],
    ['sent', []],
    ['closed', []],
  ])('state %s: takes exactly its commands [rfc5321 4.1.4]', (state, verbs) => {
    const all = [
      'AUTH',
      'DATA',
      'EHLO',
      'EXPN',
      'HELO',
      'HELP',
      'MAIL',
      'NOOP',
      'QUIT',
      'RCPT',
      'RSET',
      'STARTTLS',
      'VRFY',
    ]
    const taken = all.filter((verb) => stateAfter(state as SessionState, verb as 'NOOP') !== undefined)
    expect(taken).toEqual(verbs)
  })

  test('every state: can be reached, and can reach the end', () => {
    const reachedFrom = (start: SessionState): Set<SessionState> => {
      const reached = new Set<SessionState>([start])
      for (const state of reached) for (const next of Object.values(TRANSITIONS[state])) reached.add(next)
      return reached
    }
    expect([...reachedFrom('connected')].sort()).toEqual([...STATES].sort())
    for (const state of STATES) expect(reachedFrom(state)).toContain('closed')
  })

  test('every transition: leads to a state of the table', () => {
    for (const state of STATES) {
      for (const next of Object.values(TRANSITIONS[state])) expect(STATES).toContain(next)
    }
  })

  test.each<[SessionState, Trigger, SessionState]>([
    ['mail', 'EHLO ok', 'ready'],
    ['rcpt', 'EHLO ok', 'ready'],
    ['rcpt', 'RSET ok', 'ready'],
    ['greeted', 'RSET ok', 'greeted'],
    ['upgrading', 'handshake ok', 'greeted'],
    ['sent', 'message no', 'ready'],
  ])('state %s: "%s" leads to %s [rfc5321 4.1.4, rfc3207 4.2]', (state, trigger, next) => {
    expect(TRANSITIONS[state][trigger]).toBe(next)
  })
})

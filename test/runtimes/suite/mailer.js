/** A mailer to servers in memory: messages composed and sent over sessions that it keeps, in any runtime. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { createMailer, parseServerUrl, requireAccepted } from '@posthorn/mailer'
import { memoryPair, serve } from '@posthorn/smtp'
import { check, equal, fails } from './check.js'

const MAIL = { from: 'Ada <ada@example.org>', to: 'b@example.net', subject: 'Grüße', text: 'Hello\n' }

async function readAll(content) {
  const chunks = []
  for await (const chunk of content) chunks.push(chunk.slice())
  return decodeUtf8(concatBytes(chunks))
}

/** A mailer, and what its servers took; `sessions` has the messages of each. */
function lab({ serving, fail = () => false, ...options } = {}) {
  const [sessions, events] = [[], []]
  const connect = async () => {
    const taken = []
    const session = sessions.push(taken)
    const [near, far] = memoryPair()
    if (fail(session)) far.abort(new Error('gone'))
    serve(far, {
      hostname: 'mx.example',
      onRecipient: (path) => (path.localPart === 'no' ? { code: 550, lines: ['No such user'] } : undefined),
      onMessage: async ({ content }) => {
        taken.push(await readAll(content))
      },
      ...serving,
    })
    return near
  }
  const onEvent = ({ type, reason }) => events.push(reason ? `${type}: ${reason}` : type)
  return { mailer: createMailer('smtp://localhost', { connect, onEvent, ...options }), sessions, events }
}

export const mailer = [
  check('mailer: a message is composed and sent, and close ends the session', async () => {
    const { mailer: one, sessions, events } = lab()
    const outcome = requireAccepted(await one.send(MAIL))
    await one.close()
    equal(
      [outcome.attempts, outcome.recipients.map(({ status, retry }) => [status, retry])],
      [1, [['accepted', 'never']]],
    )
    const [text] = sessions[0]
    equal(/^Subject: (.*)\r$/m.exec(text)?.[1], '=?utf-8?B?R3LDvMOfZQ==?=')
    equal(/^Message-ID: <?(.*?)>?\r$/m.exec(text)?.[1], outcome.messageId?.replace(/^<|>$/g, ''))
    equal(events, ['session-opened', 'sent', 'session-ended: closed'])
    await fails('MAILER_CLOSED', () => one.send(MAIL))
  }),
  check('mailer: a refused recipient beside one that is accepted', async () => {
    const { mailer: one } = lab()
    const outcome = await one.send({ ...MAIL, to: ['b@example.net', 'no@example.net'] })
    await one.close()
    equal([outcome.type, outcome.recipients.map(({ status }) => status)], ['partial', ['accepted', 'rejected']])
    await fails('MAILER_NOT_ACCEPTED', () => requireAccepted(outcome))
  }),
  check('mailer: ten messages over a pool of two, closed at once', async () => {
    const { mailer: one, sessions } = lab({ pool: { maxConnections: 2 } })
    const sending = Array.from({ length: 10 }, (_, index) => one.send({ ...MAIL, subject: `No. ${index}` }))
    const outcomes = await Promise.all(sending)
    await one.close()
    equal(
      outcomes.map(({ type }) => type),
      outcomes.map(() => 'accepted'),
    )
    const subjects = sessions.flat().map((text) => /^Subject: No\. (\d)\r$/m.exec(text)?.[1])
    equal([sessions.length, subjects.sort().join('')], [2, '0123456789'])
  }),
  check('mailer: close waits for the messages that it has', async () => {
    const { mailer: one, sessions } = lab({ pool: { maxConnections: 1 } })
    const raw = encodeUtf8('Subject: raw\r\n\r\nx\r\n')
    const envelope = { reversePath: 'ada@example.org', forwardPaths: ['b@example.net'] }
    const sending = [1, 2, 3].map(() => one.send({ raw, envelope }))
    while (one.load.queued + one.load.sessions === 0) await Promise.resolve()
    await one.close()
    equal(
      (await Promise.all(sending)).map(({ type }) => type),
      ['accepted', 'accepted', 'accepted'],
    )
    equal(sessions, [[decodeUtf8(raw), decodeUtf8(raw), decodeUtf8(raw)]])
  }),
  check('mailer: a server that is gone is tried once more', async () => {
    const { mailer: one, sessions, events } = lab({ fail: (session) => session === 1 })
    equal((await one.send(MAIL)).type, 'accepted')
    await one.close()
    equal([sessions.map(({ length }) => length), events[0]], [[0, 1], 'session-failed'])
  }),
  check('mailer: a signal gives a message up while it waits', async () => {
    const { mailer: one } = lab({ fail: () => true })
    const controller = new AbortController()
    const sending = one.send(MAIL, { signal: controller.signal })
    while (one.load.queued === 0) await new Promise((resolve) => setTimeout(resolve, 0))
    controller.abort()
    const { type, error, recipients } = await sending
    equal([type, error?.code, recipients[0].status], ['refused', 'MAILER_ABORTED', 'deferred'])
    await one.close()
  }),
  check('mailer: the URL of a server, and one that is none', async () => {
    const { host, port, implicitTls, credentials } = parseServerUrl('smtps://a%40b:p%C3%A9@[2001:db8::1]')
    equal([host, port, implicitTls, credentials], ['2001:db8::1', 465, true, { username: 'a@b', password: 'pé' }])
    await fails('MAILER_BAD_URL', () => parseServerUrl('http://mx.example'))
  }),
]

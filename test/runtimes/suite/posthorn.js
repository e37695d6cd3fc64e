/** The mailer of `posthorn` over sockets to a sink of `@posthorn/node`: in the clear, with TLS at once, and after STARTTLS. */
import { createSink } from '@posthorn/node/sink'
import { createMailer } from 'posthorn'
import { HOSTNAME } from '../../compliance/hostname.js'
import { check, equal } from './check.js'

const ACCOUNTS = { ada: 'péncil' }
const MAIL = { from: 'ada@example.org', to: 'b@example.net', subject: 'Hi', text: 'Hello\n' }
const statuses = ({ recipients }) => recipients.map(({ status }) => status)

/** A sink, and a mailer to it; `work` has both, and all is closed afterwards. */
async function lab({ sink: options = {}, ...client }, work) {
  const sink = await createSink(options)
  const mailer = createMailer(sink.url, client)
  try {
    await work({ sink, mailer })
  } finally {
    await mailer.close()
    await sink.close()
  }
}

/**
 * @param {import('../../compliance/node-ends.js').Certificate} certificate That of the sink.
 * @returns {import('./check.js').Check[]}
 */
export const posthorn = ({ ca, cert, key }) => [
  check('posthorn: a message over TCP', () =>
    lab({}, async ({ sink, mailer }) => {
      const outcome = await mailer.send(MAIL)
      const { from, to, content } = await sink.next()
      equal([outcome.type, from, to], ['accepted', 'ada@example.org', ['b@example.net']])
      equal(/^Subject: Hi\r\n/m.test(new TextDecoder().decode(content)), true)
    }),
  ),
  check('posthorn: a message after STARTTLS and AUTH', () => {
    const sink = { tls: { cert, key }, accounts: ACCOUNTS, requireTls: true, requireAuth: true }
    const credentials = { username: 'ada', password: ACCOUNTS.ada }
    return lab({ sink, ca, serverName: HOSTNAME, credentials }, async (one) => {
      equal((await one.mailer.send(MAIL)).type, 'accepted')
      const { peer } = await one.sink.next()
      equal([peer.connection.tls !== undefined, peer.identity?.authenticationId], [true, 'ada'])
    })
  }),
  check('posthorn: a message in TLS at once', () => {
    const sink = { tls: { cert, key }, implicitTls: true, requireTls: true }
    return lab({ sink, ca, serverName: HOSTNAME }, async ({ mailer }) => {
      equal((await mailer.send(MAIL)).type, 'accepted')
    })
  }),
  check('posthorn: a certificate that is not trusted, and nothing is sent', () => {
    const sink = { tls: { cert, key } }
    const client = { tls: 'required', serverName: HOSTNAME, pool: { attempts: 1 } }
    return lab({ sink, ...client }, async (one) => {
      const { type, error } = await one.mailer.send(MAIL)
      equal([type, error !== undefined, one.sink.messages.length], ['refused', true, 0])
    })
  }),
  check('posthorn: twenty messages over a pool of two', () => {
    const events = []
    const options = { pool: { maxConnections: 2 }, onEvent: ({ type }) => events.push(type) }
    return lab(options, async ({ sink, mailer }) => {
      const sending = Array.from({ length: 20 }, (_, index) => mailer.send({ ...MAIL, to: `u${index}@example.net` }))
      const outcomes = await Promise.all(sending)
      equal(outcomes.filter(({ type }) => type === 'accepted').length, 20)
      equal(new Set(sink.messages.flatMap(({ to }) => to)).size, 20)
      equal(events.filter((type) => type === 'session-opened').length, 2)
    })
  }),
  check('posthorn: a refused recipient beside one that is accepted', () =>
    lab({ sink: { behaviour: { refuseRecipients: '@nowhere.example' } } }, async ({ sink, mailer }) => {
      const outcome = await mailer.send({ ...MAIL, to: ['a@nowhere.example', 'b@example.net'] })
      equal([outcome.type, statuses(outcome)], ['partial', ['rejected', 'accepted']])
      equal((await sink.next()).to, ['b@example.net'])
    }),
  ),
  check('posthorn: close sends what waits, and ends the sessions', () =>
    lab({ pool: { maxConnections: 1 } }, async ({ sink, mailer }) => {
      const sending = [1, 2, 3].map(() => mailer.send(MAIL))
      while (mailer.load.queued + mailer.load.sessions === 0) await new Promise((resolve) => setTimeout(resolve, 0))
      await mailer.close()
      equal(mailer.load, { queued: 0, sessions: 0 })
      equal((await Promise.all(sending)).map(({ type }) => type).join(), 'accepted,accepted,accepted')
      equal([sink.messages.length, sink.transcripts.length], [3, 1])
    }),
  ),
  check('posthorn: a session that the server cuts off is followed by another, and nobody has the message twice', () => {
    const faults = [{ at: 'MAIL', do: 'drop', times: 1 }]
    const options = { sink: { behaviour: { faults } }, transmission: { chunking: 'never' }, pipelining: 'none' }
    return lab(options, async ({ sink, mailer }) => {
      const outcome = await mailer.send(MAIL)
      equal([outcome.type, outcome.attempts, sink.messages.length], ['accepted', 2, 1])
    })
  }),
]

/** A client and a server over connections in memory: promises, streams, timers and signals of the runtime at work. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { deriveScramCredentials, scramServer } from '@posthorn/sasl'
import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { check, counted, equal, fails, random } from './check.js'

const CREDENTIALS = { username: 'ada', password: 'pe\u0301ncil' }
const ENVELOPE = { reversePath: 'ada@example.org', forwardPaths: ['b@example.net', 'no@example.net', 'postmaster'] }
const SHORT = encodeUtf8('Subject: hi\r\n\r\n.dot\r\n..\r\n')

async function mechanisms() {
  const stored = await deriveScramCredentials('p\u00e9ncil', { salt: counted(16), iterations: 4096 })
  const lookup = (username) => (username === 'ada' ? stored : undefined)
  return [scramServer({ lookup, random, plus: true }), scramServer({ lookup, random })]
}

async function readAll(content) {
  const chunks = []
  for await (const chunk of content) chunks.push(chunk.slice())
  return concatBytes(chunks)
}

/** Both ends, the client opened; `messages` fills with what the server takes. */
async function lab({ chunkSize, client: calling, server: serving } = {}) {
  const [near, far] = memoryPair(chunkSize === undefined ? {} : { chunkSize })
  const [messages, entries] = [[], []]
  const served = serve(far, {
    hostname: 'mx.example',
    tls: true,
    onRecipient: (path) => (path.localPart === 'no' ? { code: 550, lines: ['No such user'] } : undefined),
    onMessage: async ({ content }) => {
      messages.push(await readAll(content))
    },
    ...serving,
  })
  const client = new SmtpClient(near, { record: (entry) => entries.push(entry), ...calling })
  const close = async () => {
    await client.quit()
    await served
  }
  await client.open().catch(async (error) => {
    await close()
    throw error
  })
  return { client, messages, entries, close }
}

const commandsOf = (entries) => entries.filter(({ type }) => type === 'command').map(({ text }) => text)

/** A stream of lines that is made as the message is sent, so that nobody holds the whole of it. */
function streamOf(count) {
  const chunk = encodeUtf8(`${'z'.repeat(62)}\r\n`.repeat(1024))
  let left = count
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk.slice())
      else controller.close()
    },
  })
}

export const conversation = [
  check('smtp: STARTTLS, SCRAM bound to the channel, and a message for three', async () => {
    for (const chunkSize of [1, 3, undefined]) {
      const server = { mechanisms: await mechanisms(), requireTls: true, requireAuth: true }
      const one = await lab({ chunkSize, client: { credentials: CREDENTIALS }, server })
      const outcome = await one.client.send(ENVELOPE, SHORT)
      await one.close()
      equal(
        [outcome.type, outcome.recipients.map(({ status }) => status)],
        ['partial', ['accepted', 'rejected', 'accepted']],
      )
      equal(one.messages.map(decodeUtf8), [decodeUtf8(SHORT)])
      equal(
        commandsOf(one.entries).some((text) => /^AUTH SCRAM-SHA-256-PLUS \*+$/.test(text)),
        true,
      )
    }
  }),
  check('smtp: a wrong password is refused, and stands nowhere', async () => {
    const [entries, password] = [[], 'not the password']
    const client = { credentials: { username: 'ada', password }, record: (entry) => entries.push(entry) }
    const opening = lab({ client, server: { mechanisms: await mechanisms() } })
    await fails('SMTP_AUTH_FAILED', () => opening)
    equal([entries.length > 5, JSON.stringify(entries).includes(password)], [true, false])
  }),
  check('smtp: DATA and BDAT at every level of pipelining', async () => {
    for (const pipelining of ['none', 'envelope', 'data', 'messages']) {
      for (const chunking of ['never', 'auto']) {
        const one = await lab({ chunkSize: 7, client: { tls: 'none', pipelining } })
        for (const text of ['one\r\n.\r\n', 'two']) {
          const outcome = await one.client.send(ENVELOPE, encodeUtf8(`Subject: x\r\n\r\n${text}`), { chunking })
          equal(outcome.type, 'partial')
        }
        await one.close()
        equal(one.messages.map(decodeUtf8), ['Subject: x\r\n\r\none\r\n.\r\n', 'Subject: x\r\n\r\ntwo\r\n'])
        equal(
          commandsOf(one.entries).some((text) => text.startsWith('BDAT')),
          chunking === 'auto',
        )
      }
    }
  }),
  check('smtp: messages laced into each other', async () => {
    const one = await lab({ client: { tls: 'none', pipelining: 'messages' } })
    const messages = Array.from({ length: 20 }, (_, index) => ({
      envelope: { reversePath: null, forwardPaths: ['b@example.net'] },
      message: encodeUtf8(`Subject: ${index}\r\n\r\n${'x'.repeat(index)}\r\n`),
    }))
    const outcomes = []
    for await (const { type } of one.client.sendAll(messages)) outcomes.push(type)
    await one.close()
    equal(
      outcomes,
      messages.map(() => 'accepted'),
    )
    equal(
      one.messages.map(decodeUtf8),
      messages.map(({ message }) => decodeUtf8(message)),
    )
  }),
  check('smtp: octets, a Blob, a stream, an iterable and a function are sources', async () => {
    async function* generated() {
      yield SHORT.subarray(0, 5)
      yield SHORT.subarray(5)
    }
    const one = await lab({ client: { tls: 'none' } })
    const sources = [SHORT, new Blob([SHORT]), new Blob([SHORT]).stream(), generated(), () => generated()]
    for (const source of sources) equal((await one.client.send(ENVELOPE, source)).type, 'partial')
    await one.close()
    equal(
      one.messages.map(decodeUtf8),
      sources.map(() => decodeUtf8(SHORT)),
    )
  }),
  check('smtp: eight megabytes from a stream, told of as they go', async () => {
    let taken = 0
    const onMessage = async ({ content }) => {
      for await (const chunk of content) taken += chunk.length
    }
    const one = await lab({ client: { tls: 'none' }, server: { onMessage } })
    for (const chunking of ['auto', 'never']) {
      const told = []
      const onProgress = ({ octets }) => told.push(octets)
      const message = { content: streamOf(128), eightBit: false }
      const outcome = await one.client.send(ENVELOPE, message, { chunking, onProgress })
      equal([outcome.type, told.length > 10], ['partial', true])
    }
    await one.close()
    equal(taken, 2 * 8_388_608)
  }),
  check('smtp: a server that says nothing is given up, and a signal ends all', async () => {
    const waiting = new SmtpClient(memoryPair()[0], { deadline: () => 10 })
    await fails('SMTP_TIMEOUT', () => waiting.open())
    const controller = new AbortController()
    const stopped = new SmtpClient(memoryPair()[0], { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await fails('SMTP_ABORTED', () => stopped.open())
  }),
]

/** Both sessions against each other without I/O, cut at every size: the same dialogue in every runtime. */
import { concatBytes, decodeLatin1, decodeUtf8, encodeUtf8 } from '@posthorn/core'
import { ClientSession, ServerSession } from '@posthorn/smtp'
import { check, equal, pieces } from './check.js'

const SIZES = [1, 3, Number.POSITIVE_INFINITY]
const MESSAGE = encodeUtf8('Subject: hi\r\n\r\n.dot\r\n..\r\nGrüße\r\n')
const ASKS = new Set(['connect', 'auth', 'auth-response', 'mail', 'rcpt', 'message-end'])
const NO_USER = { code: 550, enhanced: { class: 5, subject: 1, detail: 1 }, lines: ['No such user'] }

const MAIL = { verb: 'MAIL', reversePath: { localPart: 'a', domain: 'b.example' }, parameters: { body: '8BITMIME' } }
const RCPT = (localPart) => ({ verb: 'RCPT', forwardPath: { localPart, domain: 'd.example' } })

/** Carries what either end writes to the other in pieces of one size, until neither has more to say. */
class Wire {
  client = new ClientSession()
  server
  told = []
  body = []
  dialogue = ''
  #size

  constructor(size, options) {
    this.#size = size
    this.server = new ServerSession({ hostname: 'mx.example', tls: true, ...options })
  }

  run() {
    do {
      this.#pullServer()
      this.#carry(this.server, this.client, () => this.#pullClient())
      this.#carry(this.client, this.server, () => this.#pullServer())
    } while (this.#hasMore())
    return this
  }

  send(...commands) {
    for (const command of commands) this.client.send(command)
    return this.run()
  }

  #carried = false
  #hasMore() {
    const more = this.#carried
    this.#carried = false
    return more
  }

  #carry(from, to, pull) {
    const octets = from.takeOutput()
    if (octets.length > 0) this.#carried = true
    this.dialogue += decodeLatin1(octets)
    for (const piece of pieces(octets, Math.min(this.#size, octets.length || 1))) {
      to.receive(piece)
      pull()
    }
  }

  #pullClient() {
    for (let event = this.client.nextEvent(); event; event = this.client.nextEvent()) {
      this.told.push(event.error ? event.error.code : `${event.type} ${event.reply.code}`)
    }
  }

  #pullServer() {
    for (let event = this.server.nextEvent(); event; event = this.server.nextEvent()) this.#answer(event)
  }

  #answer(event) {
    if (event.type === 'body') this.body.push(event.bytes.slice())
    if (event.type === 'rcpt' && event.forwardPath.localPart === 'no') this.server.reply(NO_USER)
    else if (ASKS.has(event.type)) this.server.accept()
  }
}

const open = (size, options) => new Wire(size, options).run().send({ verb: 'EHLO', domain: 'client.example' })

export const session = [
  check('smtp: DATA with dots, laced commands and a refused recipient, at every split', () => {
    const dialogues = SIZES.map((size) => {
      const wire = open(size)
      wire.send(MAIL, RCPT('c'), RCPT('no'), { verb: 'DATA' })
      for (const piece of pieces(MESSAGE, Math.min(size, MESSAGE.length))) wire.client.sendBody(piece)
      wire.client.endBody()
      wire.run().send({ verb: 'QUIT' })
      const replies = ['reply 250', 'reply 250', 'reply 550', 'send-body 354', 'message-reply 250', 'reply 221']
      equal(wire.told, ['greeting 220', 'reply 250', ...replies], `by ${size}`)
      equal(decodeUtf8(concatBytes(wire.body)), decodeUtf8(MESSAGE), `by ${size}`)
      return wire.dialogue
    })
    equal(dialogues[0].includes('\r\n..dot\r\n...\r\n'), true)
    for (const dialogue of dialogues) equal(dialogue, dialogues[0])
  }),
  check('smtp: BDAT, whose chunks are not read', () => {
    for (const size of SIZES) {
      const wire = open(size).send(MAIL, RCPT('c'))
      wire.client.sendChunk(encodeUtf8('Subject: x\r\n\r\n.\r\nQUIT\r\n'), false)
      wire.client.sendChunk(encodeUtf8('.\r\n'), true)
      wire.run()
      equal(wire.told.slice(-2), ['reply 250', 'message-reply 250'], `by ${size}`)
      equal(decodeUtf8(concatBytes(wire.body)), 'Subject: x\r\n\r\n.\r\nQUIT\r\n.\r\n', `by ${size}`)
    }
  }),
  check('smtp: after a handshake nothing is known that came before it', () => {
    for (const size of SIZES) {
      const wire = open(size).send({ verb: 'STARTTLS' })
      equal([wire.told.at(-1), wire.client.state, wire.server.state], ['upgrade-tls 220', 'upgrading', 'upgrading'])
      wire.client.tlsEstablished()
      wire.server.tlsEstablished()
      equal(wire.client.capabilities.list, [])
      wire.send({ verb: 'EHLO', domain: 'client.example' })
      equal([wire.client.capabilities.startTls, wire.server.secured], [false, true])
    }
  }),
  check('smtp: octets behind the reply to STARTTLS end it', () => {
    for (const size of SIZES) {
      const client = open(size).client
      client.send({ verb: 'STARTTLS' })
      client.receive(encodeUtf8('220 go\r\n250 injected\r\n'))
      equal(client.nextEvent().error.code, 'SMTP_TLS_INJECTION')
    }
  }),
  check('smtp: a bare newline is refused, wherever it is cut', () => {
    for (const size of SIZES) {
      const server = new ServerSession({ hostname: 'mx.example' })
      const text = 'EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n'
      const smuggled = 'x\r\n.\nMAIL FROM:<e@f.example>\r\n.\r\n'
      const octets = encodeUtf8(text + smuggled)
      for (const piece of pieces(octets, Math.min(size, octets.length))) {
        server.receive(piece)
        for (let event = server.nextEvent(); event; event = server.nextEvent())
          if (ASKS.has(event.type)) server.accept()
      }
      for (let event = server.nextEvent(); event; event = server.nextEvent()) if (ASKS.has(event.type)) server.accept()
      const codes = [...decodeLatin1(server.takeOutput()).matchAll(/^(\d{3}) /gm)].map(([, code]) => Number(code))
      equal(codes, [220, 250, 250, 250, 354, 554], `by ${size}`)
    }
  }),
]

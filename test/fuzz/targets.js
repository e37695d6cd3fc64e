/**
 * Everything that takes octets or text from the other end, each driven by one input: it must come to events or a
 * `MailError`, whatever the input is, and to the same ones however the input is split.
 */
import { gzipSync } from 'node:zlib'
import {
  ChunkReader,
  DotUnstuffer,
  decodeXtext,
  formatCommand,
  LineEndNormalizer,
  parseCapabilities,
  parseCommand,
  parseMailbox,
  TraitScanner,
} from '@posthorn/command'
import { decodeLatin1, decodeUtf8, MailError } from '@posthorn/core'
import { formatAggregateReport, readAggregateReport, readAggregateReportMessage } from '@posthorn/dmarc/report'
import {
  CharsetDecoder,
  decodeFlowed,
  encodeFlowed,
  envelopeAddress,
  formatDeliveryStatus,
  formatDispositionNotification,
  formatFeedbackReport,
  lintMessage,
  oneClickUrl,
  parseAddressList,
  parseMessage,
  readAddressList,
  readContentType,
  readDate,
  readDeliveryStatus,
  readDisposition,
  readDispositionNotification,
  readFeedbackReport,
  readListId,
  readListUrls,
  readMessageIds,
  readPhrases,
  readReceived,
  readReport,
  readTransferEncoding,
  readWords,
  safeFilename,
  readText as textOf,
} from '@posthorn/mime'
import { legacyCharsets } from '@posthorn/mime/charsets'
import { classifyReply, describeReply, encodeReply, ReplyParser } from '@posthorn/reply'
import { ClientSession, ServerSession } from '@posthorn/smtp'
import { authentication } from './authentication.js'
import { CHAIN_TARGETS } from './chains.js'
import { RECORD_TARGETS } from './records.js'
import { TRANSCRIPT_TARGETS } from './transcripts.js'

/** Runs what may throw a MailError and nothing else; gives its code. */
function codeOf(work) {
  try {
    work()
    return 'none'
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

function feed(parts, take) {
  const told = []
  for (const part of parts) told.push(...take(part))
  return told
}

function readReplies(options) {
  return (parts) => {
    const parser = new ReplyParser(options)
    return feed(parts, (part) => {
      parser.push(part)
      const told = []
      for (let event = parser.next(); event; event = parser.next()) {
        if (event.type === 'reply') {
          classifyReply(event.reply, { answers: 'RCPT' })
          describeReply(event.reply)
          codeOf(() => encodeReply(event.reply))
        }
        told.push(event.type === 'reply' ? JSON.stringify(event.reply) : event.error.code)
      }
      return told
    })
  }
}

function readCommand(parts) {
  const line = Buffer.concat(parts)
  const options = { tolerate: ['path-space', 'domain-underscore'], keepUnknown: true }
  return [codeOf(() => formatCommand(parseCommand(line, options)))]
}

function readText(parts) {
  const text = decodeLatin1(Buffer.concat(parts))
  parseCapabilities(text.split('\r\n'))
  return [codeOf(() => parseMailbox(text)), codeOf(() => decodeXtext(text))]
}

function readFields(parts) {
  const text = decodeUtf8(Buffer.concat(parts))
  const { entries, defects } = readAddressList(text, { encodedAddresses: true })
  for (const entry of entries.flatMap((one) => one.members ?? one)) checkEnvelope(entry)
  oneClickUrl(text, text)
  const others = [readMessageIds, readListUrls, readListId, readPhrases, readReceived].map((read) => read(text))
  return [JSON.stringify([entries, defects, others]), codeOf(() => parseAddressList(text))]
}

function readValues(parts) {
  const text = decodeUtf8(Buffer.concat(parts))
  const options = { decoder: legacyCharsets }
  const readings = [readContentType, readDisposition, readTransferEncoding, readWords, textOf, readDate].map((read) =>
    read(text, options),
  )
  for (const { start, end } of readings.flatMap(({ defects }) => defects)) {
    if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`a defect from ${start} to ${end}`)
  }
  const name = safeFilename(text)
  if (name !== undefined && /[/\\\p{Cc}]|^\.|\.$/u.test(name)) throw new Error(`no safe name: ${name}`)
  const paragraphs = decodeFlowed(encodeFlowed(decodeFlowed(text)))
  return [JSON.stringify([readings, paragraphs])]
}

const CODECS = [
  { read: (content) => readDeliveryStatus(content, { utf8: true }).status, format: formatDeliveryStatus },
  {
    read: (content) => readDispositionNotification(content, { utf8: true }).notification,
    format: formatDispositionNotification,
  },
  { read: (content) => readFeedbackReport(content).feedback, format: formatFeedbackReport },
]

// What was read, and can be written, is read again as the same.
function readReports(parts) {
  const octets = new Uint8Array(Buffer.concat(parts))
  const report = readReport(parseMessage(octets))
  for (const { start, end } of report?.defects ?? []) {
    if (!(start >= 0 && start <= end && end <= octets.length)) throw new Error(`a defect from ${start} to ${end}`)
  }
  const codes = CODECS.map(({ read, format }) => {
    const value = read(octets)
    let written
    const code = codeOf(() => {
      written = format(value, { utf8: true })
    })
    const again = written === undefined ? value : read(written)
    if (JSON.stringify(again) !== JSON.stringify(value)) throw new Error(`${JSON.stringify(value)} as ${written}`)
    return code
  })
  return [JSON.stringify(report?.defects), ...codes]
}

const [BEFORE, BETWEEN, BEHIND] = [
  '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata><email>a@b</email><report_id>1</report_id>' +
    '<date_range><begin>1</begin><end>2</end></date_range><org_name>A',
  '</org_name></report_metadata><policy_published><domain>a.example</domain><p>none</p></policy_published><record><row>' +
    '<source_ip>::1</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim>' +
    '<spf>fail</spf></policy_evaluated></row><identifiers><header_from>a</header_from></identifiers><auth_results/>',
  '</record></feedback>',
].map((text) => Buffer.from(text))

// As XML, within a report, as gzip, and as a mail; what was read, and can be written, is read again as the same.
function readAggregates(parts) {
  // It takes the whole at once, so that parts would be the same again.
  if (parts.length > 1) return []
  const octets = new Uint8Array(Buffer.concat(parts))
  const read = (input) => codeOf(() => checkAggregate(readAggregateReport(input)))
  return [
    read(octets),
    read(new Uint8Array(Buffer.concat([BEFORE, octets, BETWEEN, BEHIND]))),
    read(new Uint8Array(Buffer.concat([BEFORE, BETWEEN, octets, BEHIND]))),
    read(new Uint8Array(gzipSync(octets))),
    codeOf(() => readAggregateReportMessage(parseMessage(octets))),
  ]
}

// Whatever the order of the properties.
const sorted = (report) => JSON.stringify(Object.entries(report).sort(([a], [b]) => (a < b ? -1 : 1)))

function checkAggregate({ report }) {
  let written
  codeOf(() => {
    written = formatAggregateReport(report)
  })
  if (written === undefined) return
  const { report: again, defects } = readAggregateReport(written)
  const [was, is] = [{ ...report, version: '1.0' }, again].map((one) => sorted(one))
  if (was !== is || defects.length > 0) throw new Error(`${was} as ${is}, ${JSON.stringify(defects)}`)
}

const LINTED = ['From', 'Message-ID', 'Date', 'Subject', 'Received', 'List-Unsubscribe', 'Content-Type', 'X-A']

// As fields of each kind, and as a body.
function lint(parts) {
  const input = Buffer.concat(parts)
  const fields = LINTED.map((name) => Buffer.concat([Buffer.from(`${name}: `), input, Buffer.from('\r\n')]))
  const octets = new Uint8Array(Buffer.concat([...fields, Buffer.from('\r\n'), input]))
  const findings = lintMessage(octets)
  for (const { rule, start, end } of findings) {
    if (!(start >= 0 && start <= end && end <= octets.length)) throw new Error(`${rule} from ${start} to ${end}`)
  }
  return [JSON.stringify(findings)]
}

const LABELS = [
  'utf-8',
  'utf-16',
  'windows-1252',
  'big5',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'iso-2022-jp',
  'shift_jis',
  'hz',
]

function readCharsets(parts) {
  const decoders = LABELS.map((label) => new CharsetDecoder(label, { decoder: legacyCharsets }))
  return decoders.map((decoder) => {
    const text = parts.map((part) => decoder.push(part)).join('') + decoder.end()
    return JSON.stringify([text, decoder.defects])
  })
}

// What is given for an envelope is what SMTP takes, and the same mailbox there.
function checkEnvelope({ type, localPart, domain }) {
  for (const smtpUtf8 of [false, true]) {
    const address = type === 'mailbox' ? envelopeAddress({ localPart, domain }, { smtpUtf8 }) : undefined
    if (address === undefined) continue
    const mailbox = parseMailbox(address)
    if (mailbox.localPart !== localPart) throw new Error(`${address} is of ${mailbox.localPart}`)
  }
}

function readBody(parts) {
  const [unstuffer, lines, traits, chunk] = [
    new DotUnstuffer(),
    new LineEndNormalizer(),
    new TraitScanner(),
    new ChunkReader(20),
  ]
  let [body, mended, ended] = ['', '', false]
  for (const part of parts) {
    const unstuffed = unstuffer.push(part)
    body += decodeLatin1(unstuffed.bytes)
    ended = unstuffed.ended
    mended += decodeLatin1(lines.push(part))
    traits.push(part)
    chunk.push(part)
  }
  mended += decodeLatin1(lines.end())
  return [body, mended, String(ended), JSON.stringify(traits.traits), String(unstuffer.bareNewline)]
}

const ANSWERS = new Set(['connect', 'auth', 'auth-response', 'xclient', 'mail', 'rcpt', 'message-end'])

function serve(parts) {
  const session = new ServerSession({
    hostname: 'mx.example',
    tls: true,
    unsafePlaintextAuth: true,
    unsafeTrustedProxy: true,
    mechanisms: [{ name: 'PLAIN' }],
    maxSize: 200,
  })
  let output = ''
  const pull = () => {
    for (let event = session.nextEvent(); event; event = session.nextEvent())
      if (ANSWERS.has(event.type)) session.accept()
    output += decodeLatin1(session.takeOutput())
    return []
  }
  pull()
  feed(parts, (part) => {
    session.receive(part)
    return pull()
  })
  session.end()
  pull()
  // Whether plaintext behind STARTTLS comes before or after its reply, the session ends; the reply may be out already.
  return [output.replace('220 2.0.0 Ready to start TLS\r\n', ''), session.state]
}

function call(parts) {
  const session = new ClientSession({ pipelining: 'messages' })
  const told = []
  const pull = () => {
    for (let event = session.nextEvent(); event; event = session.nextEvent()) {
      told.push(event.type === 'error' ? event.error.code : `${event.type} ${event.reply.code}`)
      codeOf(() => step(session, event))
    }
    session.takeOutput()
    return []
  }
  feed(parts, (part) => {
    session.receive(part)
    return pull()
  })
  session.end()
  pull()
  return told
}

function step(session, event) {
  if (event.type === 'challenge') session.respond(new Uint8Array(3))
  else if (event.type === 'send-body') {
    session.sendBody(new Uint8Array(9))
    session.endBody()
  } else if (session.state === 'greeted') session.send({ verb: 'EHLO', domain: 'c.example' })
  else if (session.state === 'ready') {
    session.send({ verb: 'MAIL', reversePath: null })
    session.send({ verb: 'RCPT', forwardPath: 'postmaster' })
    session.send({ verb: 'DATA' })
  }
}

/** By name: what takes an input in parts, gives what it came to, and whether that may not depend on the parts. */
export const TARGETS = {
  'replies, strict': { run: readReplies({}), kind: 'server', splits: true },
  'replies, tolerant': { run: readReplies({ tolerate: 'all' }), kind: 'server', splits: true },
  command: { run: readCommand, kind: 'line', splits: true },
  text: { run: readText, kind: 'line', splits: true },
  'header field': { run: readFields, kind: 'field', splits: true },
  'header value': { run: readValues, kind: 'value', splits: true },
  report: { run: readReports, kind: 'report', splits: true },
  'aggregate report': { run: readAggregates, kind: 'aggregate', splits: false },
  lint: { run: lint, kind: 'value', splits: true },
  charsets: { run: readCharsets, kind: 'value', splits: true },
  body: { run: readBody, kind: 'client', splits: true },
  'server session': { run: serve, kind: 'client', splits: true },
  'client session': { run: call, kind: 'server', splits: false },
  authentication: { run: authentication, kind: 'authentication', splits: true },
  ...RECORD_TARGETS,
  ...CHAIN_TARGETS,
  ...TRANSCRIPT_TARGETS,
}

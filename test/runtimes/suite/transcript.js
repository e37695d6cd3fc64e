/** Logs of SMTP as sessions, what went wrong in them, and either end once more. */

import { memoryPair, SmtpClient, serve } from '@posthorn/smtp'
import { parseTranscript } from '@posthorn/transcript'
import { explainTranscript } from '@posthorn/transcript/explain'
import { replayClient, replayServer } from '@posthorn/transcript/replay'
import { formatMarkdown, formatSwaks, TranscriptRecorder } from '@posthorn/transcript/write'
import { check, equal } from './check.js'

const LOG = [
  '=== Connected to 192.0.2.1.',
  '<-  220 mx.example.net ESMTP',
  ' -> EHLO client.example.com',
  '<-  250 mx.example.net',
  ' -> AUTH PLAIN AHVzZXIAaHVudGVyMg==',
  '<** 535 5.7.8 No',
  ' -> QUIT',
  '<-  221 2.0.0 Bye',
].join('\n')

export const transcript = [
  check('transcript: who said what, and no password', () => {
    const { sessions, secrets } = parseTranscript(LOG)
    const said = sessions[0].events.map((event) => event.verb ?? event.reply?.code ?? event.kind)
    equal(said, ['connected', 220, 'EHLO', 250, 'AUTH', 535, 'QUIT', 221])
    equal(
      secrets.map(({ start, end }) => LOG.slice(start, end)),
      ['AHVzZXIAaHVudGVyMg=='],
    )
    equal(JSON.stringify(sessions).includes('AHVz'), false)
  }),
  check('transcript: what went wrong, by parts that are loaded when they are needed', async () => {
    const [findings] = await explainTranscript(parseTranscript(LOG))
    equal(
      findings.map(({ id, severity }) => `${severity} ${id}`),
      ['error reply/535/credentials', 'error credentials-visible'],
    )
    equal(findings[0].what, 'The server refused the login: 535 5.7.8')
    equal(findings[1].places.length, 1)
  }),
  check('transcript: both ends record a session, which is written, and replayed without a difference', async () => {
    const [ours, theirs] = [[], []]
    const to = (lines) => new TranscriptRecorder({ now: () => 0, write: (line) => lines.push(line) }).record
    const [near, far] = memoryPair()
    const served = serve(far, { hostname: 'mx.example', recorder: () => to(theirs), onMessage: () => undefined })
    const client = new SmtpClient(near, { tls: 'none', record: to(ours) })
    await client.open()
    const envelope = { reversePath: 'a@a.example', forwardPaths: ['b@b.example'] }
    await client.send(envelope, new TextEncoder().encode('Subject: hi\r\n\r\nHello\r\n'))
    await client.quit()
    await served
    equal(ours.slice(1), theirs.slice(1))
    const [session] = parseTranscript(ours.join('\n')).sessions
    equal(session.transactions[0].recipients[0].outcome, 'accepted')
    equal(parseTranscript(formatSwaks(session)).sessions[0].transactions, session.transactions)
    equal(formatMarkdown(session, { anonymize: true }).includes('b.example'), false)
    const { connection, done } = replayServer(session)
    equal(await replayClient(session, connection), { differences: [], complete: true })
    await done
  }),
]

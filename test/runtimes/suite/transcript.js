/** Logs of SMTP as sessions, and what went wrong in them. */
import { parseTranscript } from '@posthorn/transcript'
import { explainTranscript } from '@posthorn/transcript/explain'
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
]

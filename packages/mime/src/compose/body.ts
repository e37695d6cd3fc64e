/**
 * The body of a message from its texts, its invitation and its attachments: RFC 2046 section 5.1.3 and 5.1.4, RFC 2387.
 * Attachments stand in `mixed` after the body, which is `alternative` for text, AMP, HTML and an invitation, the plainest
 * first; the HTML stands in `related` with what it shows.
 */

import { clip, MailError } from '@posthorn/core'
import type { MimeErrorCode } from '../error.ts'
import { toCrlf } from './encoding.ts'
import { leafPart, textPart } from './leaf.ts'
import type { Attachment, CalendarInput, MessageInput } from './message.ts'
import { multipart } from './multipart.ts'
import { nodeOf, type Part } from './part.ts'

const METHOD = /^METHOD:(.*)$/im
const TOKEN = /^[A-Z0-9-]{1,40}$/

/**
 * Makes the one part that is the body, which is empty text when there is nothing else.
 *
 * @internal
 */
export function makeBody(message: MessageInput): Part {
  if (message.body) return givenBody(message.body, message)
  const { text, html, amp, calendar, attachments = [] } = message
  const shown = attachments.filter((one) => isShown(one, html))
  const rest = attachments.filter((one) => !isShown(one, html))
  const files = rest.map((one) => leafPart(one, one.disposition ?? 'attachment'))
  if (calendar?.filename !== undefined) files.push(calendarFile(calendar))
  const alternatives: Part[] = []
  if (text !== undefined) alternatives.push(textPart(text, 'text/plain'))
  if (amp !== undefined) alternatives.push(textPart(amp, 'text/x-amp-html'))
  if (html !== undefined) alternatives.push(related(textPart(html, 'text/html'), shown))
  if (calendar) alternatives.push(calendarPart(calendar))
  const bodies = alternatives.length < 2 ? alternatives : [multipart('alternative', alternatives)]
  if (files.length > 0) return multipart('mixed', [...bodies, ...files])
  return bodies[0] ?? textPart('', 'text/plain')
}

function givenBody(body: Part, { text, html, amp, calendar, attachments }: MessageInput): Part {
  if ([text, html, amp, calendar, attachments].every((one) => one === undefined)) {
    nodeOf(body)
    return body
  }
  throw new MailError<MimeErrorCode>('MIME_BAD_MESSAGE', 'Cannot compose message: its body is given twice')
}

function related(html: Part, shown: readonly Attachment[]): Part {
  if (shown.length === 0) return html
  return multipart('related', [html, ...shown.map((one) => leafPart(one, 'inline'))])
}

function isShown(attachment: Attachment, html: string | undefined): boolean {
  return html !== undefined && attachment.contentId !== undefined && attachment.disposition !== 'attachment'
}

function calendarPart({ method, content }: CalendarInput): Part {
  return textPart(content, 'text/calendar', [{ name: 'method', value: checkMethod(method, content) }])
}

function calendarFile({ filename, content }: CalendarInput): Part {
  return leafPart({ filename: filename!, content: toCrlf(content), contentType: 'application/ics' }, 'attachment')
}

// RFC 6047 section 2.4: the parameter and the property are the same.
function checkMethod(method: string, content: string): string {
  const upper = method.toUpperCase()
  const stated = METHOD.exec(content)?.[1]?.trim().toUpperCase()
  if (TOKEN.test(upper) && stated === upper) return upper
  throw new MailError<MimeErrorCode>(
    'MIME_BAD_MESSAGE',
    `Cannot compose invitation: its METHOD is "${clip(stated ?? '')}", not "${clip(method)}"`,
    { spec: 'rfc6047#section-2.4' },
  )
}

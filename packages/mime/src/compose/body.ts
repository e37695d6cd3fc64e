/**
 * The body of a message from its text, HTML and attachments: RFC 2046 section 5.1.3 and 5.1.4, RFC 2387.
 * Attachments stand in `mixed` after the body, which is `alternative` for text and HTML; the HTML stands in `related`
 * with what it shows.
 */

import type { RandomOctets } from '@posthorn/core'
import { attachmentPart } from './attachment.ts'
import type { Attachment, MessageInput } from './message.ts'
import { drawBoundary, multipart } from './multipart.ts'
import { type Part, textPart } from './part.ts'

const UTF8 = [{ name: 'charset', value: 'utf-8' }]
const PLAIN = { value: 'text/plain', parameters: UTF8 }
const HTML = { value: 'text/html', parameters: UTF8 }

/**
 * Makes the one part that is the body, which is empty text when there is nothing else.
 *
 * @internal
 */
export function makeBody(message: MessageInput, random: RandomOctets): Part {
  const { text, html, attachments = [] } = message
  const shown = attachments.filter((one) => isShown(one, html)).map((one) => attachmentPart(one, 'inline'))
  const files = attachments
    .filter((one) => !isShown(one, html))
    .map((one) => attachmentPart(one, one.disposition ?? 'attachment'))
  const plain = text === undefined ? [] : [textPart(text, PLAIN)]
  const rich = html === undefined ? [] : [textPart(html, HTML)]
  const leaves = [...plain, ...rich, ...shown, ...files]
  if (leaves.length === 0) return textPart('', PLAIN)
  if (leaves.length === 1 && files.length === 0) return leaves[0]!
  const boundary = drawBoundary(leaves, random)
  const related =
    shown.length === 0
      ? rich
      : [multipart('multipart/related', [...rich, ...shown], { boundary: `${boundary}_3`, type: HTML.value })]
  const alternatives = [...plain, ...related]
  const body =
    alternatives.length < 2
      ? alternatives
      : [multipart('multipart/alternative', alternatives, { boundary: `${boundary}_2` })]
  return files.length === 0
    ? body[0]!
    : multipart('multipart/mixed', [...body, ...files], { boundary: `${boundary}_1` })
}

function isShown(attachment: Attachment, html: string | undefined): boolean {
  return html !== undefined && attachment.contentId !== undefined && attachment.disposition !== 'attachment'
}

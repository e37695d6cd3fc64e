/** Disposition notifications as they are received: RFC 8098 section 3.2. */

import { readMessageIds } from '../header/message-id-list.ts'
import { withoutComments } from '../syntax/comment.ts'
import {
  DISPOSITION_TYPES,
  type DispositionNotification,
  type DispositionNotificationReading,
  type MessageDisposition,
} from './disposition-notification.ts'
import type { ReadReportOptions } from './field-block.ts'
import { readPlainText } from './field-group.ts'
import { readFlatGroup } from './flat-group.ts'
import { defined } from './optional.ts'
import { type Doubt, readTypedAddress } from './typed-value.ts'

// disposition-mode ";" disposition-type [ "/" disposition-modifier *( "," disposition-modifier ) ]
const DISPOSITION =
  /^(manual|automatic)-action *\/ *mdn-sent-(manually|automatically) *; *([a-z0-9-]+) *(?:\/([a-z0-9- ,]*))?$/

/**
 * Reads the content of a part of type `message/disposition-notification` or `message/global-disposition-notification`.
 * Nothing in it is an error: what lacks is absent, what is doubtful is a defect, and all fields are there as they stand.
 *
 * @param content The content, its transfer encoding undone; a string is taken as UTF-8.
 * @param options Limits, and whether UTF-8 is right in it.
 * @returns What it says, its fields, and the defects; of a field that is there twice the first counts.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8098#section-3.1 | RFC 8098 section 3.1}
 * @example
 * const { notification } = readDispositionNotification(
 *   'Final-Recipient: rfc822; b@c.example\nOriginal-Message-ID: <1@a.example>\n' +
 *     'Disposition: manual-action/MDN-sent-manually; displayed\n',
 * )
 * notification.originalMessageId // '<1@a.example>'
 * notification.disposition // { action: 'manual', sending: 'manual', type: 'displayed', modifiers: [] }
 */
export function readDispositionNotification(
  content: Uint8Array | string,
  options: ReadReportOptions = {},
): DispositionNotificationReading {
  const { group, fields, defects } = readFlatGroup(content, options)
  const errors = group.all('Error')
  const notification = defined<DispositionNotification>({
    reportingUa: group.read(group.once('Reporting-UA'), readProduct),
    gateway: group.mta('MDN-Gateway'),
    originalRecipient: group.address('Original-Recipient'),
    finalRecipient: group.read(group.required('Final-Recipient'), readTypedAddress),
    originalMessageId: group.read(group.once('Original-Message-ID'), readId),
    disposition: group.read(group.required('Disposition'), readDisposition),
    errors: errors.map(({ value }) => readPlainText(value)).filter((text) => text !== ''),
    extensions: group.rest(),
  })
  const { disposition } = notification
  // RFC 8098 section 3.2.7:
  if (errors[0] && disposition && !disposition.modifiers.includes('error')) {
    defects.add('error-without-modifier', errors[0])
  }
  return { notification, fields, defects: defects.list }
}

// reporting-ua-field = "Reporting-UA" ":" ua-name [ ";" ua-product ]
function readProduct(text: string, doubt: Doubt): { name: string; product?: string } {
  const written = withoutComments(text)
  const semicolon = written.indexOf(';')
  const name = (semicolon < 0 ? written : written.slice(0, semicolon)).trim()
  const product = semicolon < 0 ? '' : written.slice(semicolon + 1).trim()
  if (name === '') doubt('bad-value')
  return { name, ...(product !== '' && { product }) }
}

function readId(text: string, doubt: Doubt): string | undefined {
  const { ids, defects } = readMessageIds(text)
  for (const { code, other } of defects) doubt(code, other)
  if (ids.length === 0) doubt('bad-id')
  return ids[0]
}

function readDisposition(text: string, doubt: Doubt): MessageDisposition | undefined {
  const match = DISPOSITION.exec(withoutComments(text).toLowerCase())
  if (!match) {
    doubt('bad-disposition')
    return undefined
  }
  const [, action, sending, type, modifiers = ''] = match
  if (!DISPOSITION_TYPES.includes(type!)) doubt('bad-disposition')
  return {
    action: action as 'manual' | 'automatic',
    sending: sending === 'manually' ? 'manual' : 'automatic',
    type: type!,
    modifiers: modifiers
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  }
}

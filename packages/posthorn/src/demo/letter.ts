/** The message that the demonstration sends, and who gets it. */

import type { MessageInput } from '@posthorn/mime'

/** Who writes to whom. */
export interface Correspondents {
  /** The address of the sender. */
  readonly from: string
  /** The addresses of the recipients. */
  readonly recipients: readonly string[]
}

/** The correspondents of a server that the demonstration starts itself; the second one it refuses. */
export const OWN_CORRESPONDENTS: Correspondents = {
  from: 'zoe@posthorn.example',
  recipients: ['yamada@posthorn.example', 'nobody@posthorn.example'],
}

const SENDER_NAME = 'Zoë Ångström'
const NAMES = ['山田 太郎', 'Αλέξης Ζορμπάς']

const TEXT = `Dear reader,

this message was composed, signed, sent, received and verified by Posthorn.
Its names are not all US-ASCII: Zoë, 山田, Αλέξης. Its attachment is Base64.

.
The line above is a lone dot, which would have ended the message early
if it had not been doubled on its way.

Yours, Zoë
`

const HTML = `<!doctype html>
<p>Dear reader,</p>
<p>this message was <b>composed, signed, sent, received and verified</b> by Posthorn.
Its names are not all US-ASCII: Zoë, 山田, Αλέξης. Its attachment is Base64.</p>
<p>Yours, Zoë</p>
`

/** Writes the letter. */
export function writeLetter(
  correspondents: Correspondents,
  attachment: { name: string; content: Uint8Array },
): MessageInput {
  return {
    from: { name: SENDER_NAME, address: correspondents.from },
    to: correspondents.recipients.map((address, index) => ({ name: NAMES[index % NAMES.length]!, address })),
    subject: 'A first letter by post horn: grüße, χαιρετίσματα, ご挨拶',
    text: TEXT,
    html: HTML,
    attachments: [{ filename: attachment.name, content: attachment.content }],
  }
}

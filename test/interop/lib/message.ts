/** A message that is hard to carry, and what a mailbox must hold of it. */

/** A body with everything that a transport may spoil. */
const BODY = [
  '.',
  '..',
  '.x',
  ' . ',
  'From here',
  'y'.repeat(998),
  'grüße ✉',
  'trailing blanks  \t',
  '',
  '.',
  '',
  '',
].join('\r\n')

/** The fields that servers would add if they lacked. */
export function header(subject: string): string {
  const fields = [
    'From: alice <alice@posthorn.example>',
    'To: bob <bob@posthorn.example>',
    `Subject: ${subject}`,
    'Date: Wed, 25 Nov 2026 20:00:00 +0000',
    `Message-ID: <${subject.replaceAll(/\W/g, '.')}@posthorn.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return `${fields.join('\r\n')}\r\n\r\n`
}

/** The hard message, in wire form. */
export function hardMessage(subject = 'test'): Uint8Array {
  return encode(header(subject) + BODY)
}

/** UTF-8. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A message as a maildir has it, in wire form again. */
export function wireForm(stored: Uint8Array): string {
  return new TextDecoder().decode(stored).replaceAll('\n', '\r\n')
}

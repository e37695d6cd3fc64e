/**
 * Small messages of every kind, whose octets stand as files in packages/mime/test/golden, and by their digests here: each
 * runtime writes the same.
 */
import { encodeBase64 } from '@posthorn/core'
import { compose, entityPart, messagePart, multipart, part } from '@posthorn/mime'
import { check, counted, equal } from './check.js'
import { DIGESTS } from './golden-digests.js'

const CONTEXT = { now: new Date('2026-11-29T12:00:00Z'), random: counted, boundary: 'golden' }
const ADA = { from: 'Ada Lovelace <ada@example.org>', to: 'b@example.net' }
const PNG = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)
const EVENT = 'BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n'
const SCRIPTS = 'Grüße, 山田 and Анна\n'
const EAI = {
  from: 'Аня <аня@почта.example>',
  to: { name: '山田', address: 'b@bücher.example' },
  subject: 'é',
  text: SCRIPTS,
}

/** @type {readonly (readonly [name: string, input: object, form?: import('@posthorn/mime').SerializeOptions])[]} */
export const GOLDEN = [
  ['plain', { ...ADA, subject: 'Notes', text: 'See below.\n.\nFrom here on\n' }],
  [
    'subject',
    {
      ...ADA,
      cc: { name: 'Zoë "Z" Ångström', address: 'z@example.com' },
      subject: `${SCRIPTS.trim()} ${'📫'.repeat(30)}`,
      text: SCRIPTS,
    },
  ],
  ['alternative', { ...ADA, subject: 'Two', text: 'Hi\n', html: '<p>Hi</p>\n' }],
  [
    'related',
    {
      ...ADA,
      text: 'Hi\n',
      html: '<img src="cid:logo">\n',
      attachments: [{ contentId: 'logo', contentType: 'image/png', content: PNG }],
    },
  ],
  [
    'files',
    {
      ...ADA,
      text: 'Files\n',
      attachments: [
        { filename: `${'long '.repeat(20)}name.txt`, content: 'one\n' },
        { filename: 'naïve 山田.bin', content: PNG },
        { filename: `${'ж'.repeat(60)}.csv`, contentType: 'text/csv', content: 'a,é\n' },
      ],
    },
  ],
  ['calendar', { ...ADA, text: 'Come\n', calendar: { method: 'REQUEST', content: EVENT, filename: 'invite.ics' } }],
  ['amp', { ...ADA, text: 'Hi\n', amp: '<html amp4email></html>\n', html: '<p>Hi</p>\n' }],
  [
    'list',
    {
      ...ADA,
      text: 'News\n',
      list: {
        id: { name: 'Nachrichten für alle', id: 'news.example.org' },
        unsubscribe: ['https://example.org/u', 'mailto:u@example.org'],
        unsubscribePost: true,
        post: 'NO',
      },
    },
  ],
  [
    'resent',
    {
      ...ADA,
      text: 'Hi\n',
      resent: [
        { from: 'c@example.com', to: 'd@example.com', bcc: 'e@example.com' },
        { from: 'b@example.net', to: 'c@example.com' },
      ],
    },
    { keepBcc: true },
  ],
  [
    'groups',
    {
      ...ADA,
      to: [
        { name: 'Crew, all', members: [{ name: 'Zoë', address: 'z@example.com' }, { address: '"a b"@example.com' }] },
        { name: 'Undisclosed', members: [] },
      ],
      text: 'Hi\n',
    },
  ],
  [
    'thread',
    {
      ...ADA,
      sender: 's@example.org',
      replyTo: 'r@example.org',
      bcc: 'x@example.com',
      inReplyTo: '<a@example.net>',
      references: ['<1@example.net>', '<2@example.net>'],
      headers: [
        {
          name: 'Auto-Submitted',
          value: 'auto-replied',
          parameters: [{ name: 'owner-email', value: 'ada@example.org' }],
        },
      ],
      text: '',
    },
  ],
  ['smtputf8', EAI, { encoding: '8bit', smtpUtf8: true }],
  ['smtputf8-fallback', { ...EAI, from: 'Аня <anya@почта.example>' }],
  ['8bit', { ...ADA, subject: 'é', text: SCRIPTS, html: `<p>${SCRIPTS}</p>\n` }, { encoding: '8bit' }],
  [
    'binary',
    { ...ADA, text: SCRIPTS, attachments: [{ content: PNG, contentType: 'image/png' }] },
    { encoding: 'binary' },
  ],
  [
    'tree',
    {
      ...ADA,
      body: multipart('mixed', [
        multipart(
          'signed',
          [
            part({ content: 'é \nFrom here\n' }),
            entityPart(new TextEncoder().encode('Content-Type: application/pgp-signature\r\n\r\nsig')),
          ],
          { protocol: 'application/pgp-signature', micalg: 'pgp-sha256' },
        ),
        messagePart(compose({ ...ADA, subject: 'Inner', text: SCRIPTS }, CONTEXT)),
      ]),
    },
  ],
]

/**
 * The octets of one.
 *
 * @param {typeof GOLDEN[number]} one
 */
export const bytesOf = ([, input, form]) => compose(input, CONTEXT).serialize(form).bytes()

/** The digest of octets, as the table has it. */
export const digestOf = async (bytes) => encodeBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

export const golden = [
  check('mime: the messages that stand as files are the same octets in every runtime', async () => {
    for (const one of GOLDEN) equal(await digestOf(bytesOf(one)), DIGESTS[one[0]], one[0])
    equal(Object.keys(DIGESTS).length, GOLDEN.length)
  }),
]

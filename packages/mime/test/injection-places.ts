/** Every place of a message where text goes in, how it is read back, and texts that try to leave it. */

import { decodeUtf8 } from '@posthorn/core'
import {
  type AddressEntry,
  type AddressHeader,
  type CalendarInput,
  entityPart,
  findParameter,
  type IdHeader,
  type ListInput,
  type MessageInput,
  type MimePart,
  messagePart,
  multipart,
  type ParameterHeader,
  type ParsedMessage,
  type PartInput,
  part,
  type ResentInput,
  readAddressList,
  readDisposition,
  readListId,
  readListUrls,
  readText,
  type TextHeader,
  toUnicodeDomain,
} from '../src/index.ts'

/** One place. */
export interface Place {
  readonly name: string
  readonly message: (text: string) => Partial<MessageInput>
  /** What stands there once the message is read. */
  readonly read: (message: ParsedMessage) => string | undefined
  /** What should, of a text without lone surrogates; default: the text. */
  readonly wanted?: (text: string) => string
  /** Whether it takes any text, as bodies do; what it takes else is one line. */
  readonly isBody?: boolean
  /** Whether it takes no text at all. */
  readonly isClosed?: boolean
}

/** Places of every property of a type, so that a property without one is an error; none where it takes no text. */
type PlacesOf<Input> = Readonly<Record<keyof Required<Input>, readonly Place[]>>

const nameOf = (entries: readonly AddressEntry[]): string | undefined => entries[0]?.name
const addressOf = (entries: readonly AddressEntry[]): string | undefined =>
  entries[0]?.type === 'mailbox' ? entries[0].address : undefined
const domainOf = (entries: readonly AddressEntry[]): string | undefined =>
  entries[0]?.type === 'mailbox' ? toUnicodeDomain(entries[0].domain).toLowerCase() : undefined
const addresses = (message: ParsedMessage, field: string): readonly AddressEntry[] =>
  readAddressList(message.header.value(field) ?? '').entries
const boundaryless = ({ parts }: MimePart): MimePart => parts[0]!
const leaves = (root: MimePart): readonly MimePart[] => (root.parts.length > 0 ? root.parts.flatMap(leaves) : [root])
const textIn = (message: ParsedMessage, at: number): string | undefined => {
  const leaf = leaves(message.root)[at]
  return leaf && decodeUtf8(message.contentOf(leaf).bytes)
}
const lines = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n')

/** The places of a field of addresses. */
function people(field: string, make: (one: { name?: string; address: string }) => Partial<MessageInput>): Place[] {
  return [
    {
      name: `the name of ${field}`,
      message: (text) => make({ name: `a${text}b`, address: 'a@x.example' }),
      read: (message) => nameOf(addresses(message, field)),
      wanted: (text) => `a${text}b`,
    },
    {
      name: `the local part of ${field}`,
      message: (text) => make({ address: `a${text}b@x.example` }),
      read: (message) => addressOf(addresses(message, field)),
      wanted: (text) => `a${text}b@x.example`,
    },
    {
      name: `the quoted local part of ${field}`,
      message: (text) => make({ address: `"a${text.replace(/["\\]/g, '\\$&')}b"@x.example` }),
      read: (message) =>
        addressOf(addresses(message, field))
          ?.replace(/^"?(.*?)"?@x.example$/s, '$1')
          .replace(/\\(.)/gs, '$1'),
      wanted: (text) => `a${text}b`,
    },
    {
      name: `the domain of ${field}`,
      message: (text) => make({ address: `a@x${text}y.example` }),
      read: (message) => domainOf(addresses(message, field)),
      wanted: (text) => `x${text}y.example`.toLowerCase(),
    },
  ]
}

/** The same as text that is parsed, and the names of groups. */
function listed(field: string, make: (entry: MessageInput['to']) => Partial<MessageInput>): Place[] {
  return [
    ...people(field, (one) => make([one])),
    {
      name: `${field}, as text`,
      message: (text) => make(`"a${text.replace(/["\\]/g, '\\$&')}b" <a@x.example>`),
      read: (message) => nameOf(addresses(message, field)),
      wanted: (text) => `a${text}b`,
    },
    {
      name: `the name of a group of ${field}`,
      message: (text) => make([{ name: `a${text}b`, members: [{ address: 'a@x.example' }] }]),
      read: (message) => nameOf(addresses(message, field)),
      wanted: (text) => `a${text}b`,
    },
    {
      name: `the name of a member of a group of ${field}`,
      message: (text) => make([{ name: 'G', members: [{ name: `a${text}b`, address: 'a@x.example' }] }]),
      read: (message) => {
        const [group] = addresses(message, field)
        return group?.type === 'group' ? nameOf(group.members) : undefined
      },
      wanted: (text) => `a${text}b`,
    },
  ]
}

function identifier(field: string, make: (id: string) => Partial<MessageInput>): Place[] {
  return [
    {
      name: field,
      message: (text) => make(`<a${text}b@x.example>`),
      read: (message) => message.header.value(field),
      wanted: (text) => `<a${text}b@x.example>`,
    },
    {
      name: `${field}, behind it`,
      message: (text) => make(`<a@x.example>${text}`),
      read: (message) => message.header.value(field),
      wanted: (text) => `<a@x.example>${text}`,
      isClosed: true,
    },
  ]
}

const HEADER_KINDS: {
  readonly text: PlacesOf<TextHeader>
  readonly addresses: PlacesOf<AddressHeader>
  readonly ids: PlacesOf<IdHeader>
  readonly parameters: PlacesOf<ParameterHeader>
} = {
  text: {
    name: [
      {
        name: 'the name of a further field',
        message: (text) => ({ headers: [{ name: `X-A${text}`, value: 'a' }] }),
        read: (message) => message.root.fields.find(({ name }) => name.startsWith('X-'))?.name,
        wanted: (text) => `X-A${text}`,
      },
    ],
    value: [
      {
        name: 'the value of a further field',
        message: (text) => ({ headers: [{ name: 'X-A', value: `a${text}b` }] }),
        read: (message) => message.header.text('x-a'),
        wanted: (text) => `a${text}b`,
      },
    ],
  },
  addresses: {
    name: [
      {
        name: 'the name of a further field of addresses',
        message: (text) => ({ headers: [{ name: `X-A${text}`, addresses: ['a@x.example'] }] }),
        read: (message) => message.root.fields.find(({ name }) => name.startsWith('X-'))?.name,
        wanted: (text) => `X-A${text}`,
      },
    ],
    addresses: people('X-A', (one) => ({ headers: [{ name: 'X-A', addresses: [one] }] })),
  },
  ids: {
    name: [
      {
        name: 'the name of a further field of identifiers',
        message: (text) => ({ headers: [{ name: `X-A${text}`, ids: ['<a@x.example>'] }] }),
        read: (message) => message.root.fields.find(({ name }) => name.startsWith('X-'))?.name,
        wanted: (text) => `X-A${text}`,
      },
    ],
    ids: identifier('X-A', (id) => ({ headers: [{ name: 'X-A', ids: [id] }] })),
  },
  parameters: {
    name: [
      {
        name: 'the name of a further field of a value',
        message: (text) => ({ headers: [{ name: `X-A${text}`, value: 'a', parameters: [] }] }),
        read: (message) => message.root.fields.find(({ name }) => name.startsWith('X-'))?.name,
        wanted: (text) => `X-A${text}`,
      },
    ],
    value: [
      {
        name: 'the value of a further field of a value',
        message: (text) => ({ headers: [{ name: 'X-A', value: `a${text}b`, parameters: [] }] }),
        read: (message) => message.header.value('x-a'),
        wanted: (text) => `a${text}b`,
      },
    ],
    parameters: [
      {
        name: 'the name of a parameter',
        message: (text) => ({ headers: [{ name: 'X-A', value: 'a', parameters: [{ name: `b${text}`, value: 'c' }] }] }),
        read: (message) => readDisposition(message.header.value('x-a') ?? '').parameters[0]?.name,
        wanted: (text) => `b${text}`,
      },
      {
        name: 'the value of a parameter',
        message: (text) => ({
          headers: [{ name: 'X-A', value: 'a', parameters: [{ name: 'b', value: `c${text}d` }] }],
        }),
        read: (message) => findParameter(readDisposition(message.header.value('x-a') ?? '').parameters, 'b'),
        wanted: (text) => `c${text}d`,
      },
    ],
  },
}

const url = (field: string, make: (url: string) => ListInput): Place => ({
  name: field,
  message: (text) => ({ list: make(`https://x.example/${text}`) }),
  read: (message) => readListUrls(message.header.value(field) ?? '').urls[0]?.url,
  wanted: (text) => `https://x.example/${text}`,
})

const LIST: PlacesOf<ListInput> = {
  id: [
    {
      name: 'List-ID',
      message: (text) => ({ list: { id: `a${text}b.example` } }),
      read: (message) => readListId(message.header.value('list-id') ?? '').id,
      wanted: (text) => `a${text}b.example`,
    },
    {
      name: 'the name of List-ID',
      message: (text) => ({ list: { id: { name: `a${text}b`, id: 'a.example' } } }),
      read: (message) => readListId(message.header.value('list-id') ?? '').name,
      wanted: (text) => `a${text}b`,
    },
  ],
  help: [url('List-Help', (help) => ({ help }))],
  unsubscribe: [url('List-Unsubscribe', (unsubscribe) => ({ unsubscribe }))],
  unsubscribePost: [url('List-Unsubscribe', (unsubscribe) => ({ unsubscribe, unsubscribePost: true }))],
  subscribe: [url('List-Subscribe', (subscribe) => ({ subscribe }))],
  post: [url('List-Post', (post) => ({ post }))],
  owner: [url('List-Owner', (owner) => ({ owner }))],
  archive: [url('List-Archive', (archive) => ({ archive }))],
}

const resent = (more: Partial<ResentInput>): Partial<MessageInput> => ({ resent: { from: 'r@x.example', ...more } })

const RESENT: PlacesOf<ResentInput> = {
  from: people('Resent-From', (one) => ({ resent: { from: one } })),
  sender: people('Resent-Sender', (one) => resent({ sender: one })),
  to: listed('Resent-To', (to) => resent({ to: to! })),
  cc: listed('Resent-Cc', (cc) => resent({ cc: cc! })),
  bcc: listed('Resent-Bcc', (bcc) => resent({ bcc: bcc! })),
  date: [],
  messageId: identifier('Resent-Message-ID', (messageId) => resent({ messageId })),
}

const CALENDAR: PlacesOf<CalendarInput> = {
  method: [
    {
      name: 'the method of an invitation',
      message: (text) => ({ calendar: { method: `REQUEST${text}`, content: `METHOD:REQUEST${text}` } }),
      read: ({ root }) => findParameter(root.contentType.parameters, 'method'),
      wanted: (text) => `REQUEST${text}`.toUpperCase(),
    },
  ],
  content: [
    {
      name: 'an invitation',
      message: (text) => ({ calendar: { method: 'REQUEST', content: `METHOD:REQUEST\r\n${text}` } }),
      read: (message) => textIn(message, 0),
      wanted: (text) => lines(`METHOD:REQUEST\r\n${text}`),
      isBody: true,
    },
  ],
  filename: [
    {
      name: 'the file name of an invitation',
      message: (text) => ({ calendar: { method: 'REQUEST', content: 'METHOD:REQUEST', filename: `a${text}b` } }),
      read: (message) => message.attachments.at(-1)?.filename,
      wanted: (text) => `a${text}b`,
    },
  ],
}

const attached = (more: Partial<PartInput>): Partial<MessageInput> => ({ attachments: [{ content: 'x', ...more }] })
const attachment = (message: ParsedMessage): MimePart => boundaryless(message.root)
const fieldOf = (one: MimePart, name: string): string | undefined =>
  one.fields.find((field) => field.name.toLowerCase() === name)?.value

const PART: PlacesOf<PartInput> = {
  content: [
    {
      name: 'an attached text',
      message: (text) => attached({ content: `a${text}b` }),
      read: (message) => textIn(message, 0),
      wanted: (text) => lines(`a${text}b`),
      isBody: true,
    },
    {
      name: 'an attached message',
      message: (text) => attached({ content: `X: y\r\n\r\na${text}b`, contentType: 'message/rfc822' }),
      read: (message) => decodeUtf8(message.bodyOf(attachment(message).parts[0]!)),
      wanted: (text) => lines(`a${text}b`),
      isBody: true,
    },
  ],
  size: [],
  contentType: [
    {
      name: 'the type of a file',
      message: (text) => attached({ contentType: `a/b${text}` }),
      read: (message) => {
        const { type, subtype, parameters } = attachment(message).contentType
        return [`${type}/${subtype}`, ...parameters.map(({ name, value }) => `${name}=${value}`)].join(';')
      },
      wanted: (text) => `a/b${text}`.replace('; ', ';').toLowerCase(),
    },
    {
      name: 'a parameter of the type of a file',
      message: (text) => attached({ contentType: `a/b; c="d${text.replace(/["\\]/g, '\\$&')}e"` }),
      read: (message) => findParameter(attachment(message).contentType.parameters, 'c'),
      wanted: (text) => `d${text}e`,
    },
    {
      name: 'the name of a parameter of the type of a file',
      message: (text) => attached({ contentType: `a/b; c${text}=d` }),
      read: (message) => attachment(message).contentType.parameters[0]?.name,
      wanted: (text) => `c${text}`,
    },
  ],
  filename: [
    {
      name: 'the name of a file',
      message: (text) => attached({ filename: `a${text}b` }),
      read: (message) => message.attachments[0]?.filename,
      wanted: (text) => `a${text}b`,
    },
    {
      name: 'the name of a file in its type',
      message: (text) => attached({ filename: `a${text}b`, contentType: 'a/b' }),
      read: (message) => findParameter(attachment(message).contentType.parameters, 'name'),
      wanted: (text) => `a${text}b`,
    },
  ],
  contentId: [
    {
      name: 'the identifier of a part',
      message: (text) => attached({ contentId: `a${text}b` }),
      read: (message) => attachment(message).contentId,
      wanted: (text) => `a${text}b`,
    },
  ],
  disposition: [
    {
      name: 'the disposition of a file',
      message: (text) => attached({ disposition: `inline${text}` as 'inline' }),
      read: (message) => attachment(message).disposition?.type,
      wanted: (text) => `inline${text}`,
    },
  ],
  nameInType: [],
  opaque: [
    {
      name: 'what is never encoded',
      message: (text) => attached({ content: `a${text}b`, opaque: true }),
      read: (message) => decodeUtf8(message.bodyOf(attachment(message))),
      wanted: (text) => `a${text}b`,
      isBody: true,
    },
  ],
  headers: [
    {
      name: 'the name of a field of a part',
      message: (text) => attached({ headers: [{ name: `Content-A${text}`, value: 'a' }] }),
      read: (message) => attachment(message).fields.find(({ name }) => name.startsWith('Content-A'))?.name,
      wanted: (text) => `Content-A${text}`,
    },
    {
      name: 'a field of a part',
      message: (text) => attached({ headers: [{ name: 'Content-A', value: `a${text}b` }] }),
      read: (message) => readText(fieldOf(attachment(message), 'content-a') ?? '').text,
      wanted: (text) => `a${text}b`,
    },
  ],
}

const TREE: readonly Place[] = [
  {
    name: 'the subtype of a multipart',
    message: (text) => ({ body: multipart(`mixed${text}`, [part({ content: 'x' })]) }),
    read: ({ root }) => root.contentType.subtype,
    wanted: (text) => `mixed${text}`,
  },
  {
    name: 'the name of a parameter of a multipart',
    message: (text) => ({ body: multipart('mixed', [part({ content: 'x' })], { [`c${text}`]: 'd' }) }),
    read: ({ root }) => root.contentType.parameters[0]?.name,
    wanted: (text) => `c${text}`,
  },
  {
    name: 'the value of a parameter of a multipart',
    message: (text) => ({ body: multipart('mixed', [part({ content: 'x' })], { c: `d${text}e` }) }),
    read: ({ root }) => findParameter(root.contentType.parameters, 'c'),
    wanted: (text) => `d${text}e`,
  },
  {
    name: 'the file name of a message within',
    message: (text) => ({
      body: multipart('mixed', [messagePart('X: y\r\n\r\nx', { filename: `a${text}b`, disposition: 'attachment' })]),
    }),
    read: (message) => message.attachments[0]?.filename,
    wanted: (text) => `a${text}b`,
  },
  {
    name: 'an entity',
    message: (text) => ({
      body: multipart('mixed', [entityPart(new TextEncoder().encode(`Content-A: b\r\n\r\na${text}b`))]),
    }),
    read: (message) => decodeUtf8(message.bodyOf(attachment(message))),
    wanted: (text) => `a${text}b`,
    isBody: true,
  },
]

const MESSAGE: PlacesOf<MessageInput> = {
  from: people('From', (one) => ({ from: one })),
  sender: people('Sender', (one) => ({ sender: one })),
  replyTo: listed('Reply-To', (replyTo) => ({ replyTo: replyTo! })),
  to: listed('To', (to) => ({ to: to! })),
  cc: listed('Cc', (cc) => ({ cc: cc! })),
  bcc: listed('Bcc', (bcc) => ({ bcc: bcc! })),
  subject: [
    {
      name: 'Subject',
      message: (text) => ({ subject: `a${text}b` }),
      read: ({ subject }) => subject,
      wanted: (text) => `a${text}b`,
    },
    {
      name: 'Subject, from its begin to its end',
      message: (subject) => ({ subject }),
      read: ({ subject }) => subject ?? '',
    },
  ],
  date: [],
  messageId: identifier('Message-ID', (messageId) => ({ messageId })),
  inReplyTo: identifier('In-Reply-To', (inReplyTo) => ({ inReplyTo })),
  references: identifier('References', (id) => ({ references: [id] })),
  resent: Object.values(RESENT).flat(),
  list: Object.values(LIST).flat(),
  headers: Object.values(HEADER_KINDS).flatMap((kind) => Object.values(kind).flat()),
  text: [
    {
      name: 'text',
      message: (text) => ({ text: `a${text}b` }),
      read: (message) => textIn(message, 0),
      wanted: (text) => lines(`a${text}b`),
      isBody: true,
    },
  ],
  html: [
    {
      name: 'html',
      message: (html) => ({ html: `a${html}b` }),
      read: (message) => textIn(message, 0),
      wanted: (text) => lines(`a${text}b`),
      isBody: true,
    },
  ],
  amp: [
    {
      name: 'amp',
      message: (amp) => ({ amp: `a${amp}b` }),
      read: (message) => textIn(message, 0),
      wanted: (text) => lines(`a${text}b`),
      isBody: true,
    },
  ],
  calendar: Object.values(CALENDAR).flat(),
  attachments: Object.values(PART).flat(),
  body: TREE,
}

export const PLACES: readonly Place[] = Object.values(MESSAGE).flat()

/** Controls that end a line, or a field, for some reader; none may stand in a line of a header. */
export const CONTROLS: readonly string[] = [
  ...['\r\n', '\r', '\n', '\0', '\u000b', '\f', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029'],
  '\r\n ',
  '\r\nBcc: victim@x.example',
  '\r\n\r\n<body>',
  '\nBcc: victim@x.example\n\n',
  '\rBcc: victim@x.example\r\r',
  '\u0085Bcc: victim@x.example',
]

/** Texts that have no control, but look like syntax, or become some where an octet is cut off or decoded. */
export const LOOKALIKES: readonly string[] = [
  // Code points whose low octet is CR, LF, NUL, a quote, a comma, a bracket, an at-sign.
  ...[
    '\u760d\u760aBcc: victim@x.example',
    '\u010d',
    '\u010a',
    '\u0100',
    '\u0122',
    '\u012c',
    '\u013c',
    '\u013e',
    '\u0140',
  ],
  ...['\u7600', '\u7622', '\u762c', '\u763c', '\u763e', '\u7640', '\u{1f60d}\u{1f60a}', '\uff0d\uff0a'],
  ...['\uff1c\uff1e', '\uff0c', '\uff20', '\uff02', '\u3002', '\u00ad', '\u200b', '\u202e', '\ufeff'],
  ...['\ud800', '\udc0a', '\udc0d', 'a\ud83d', '\ude00a'],
  ...['=?utf-8?Q?=0D=0ABcc:_victim=40x.example?=', '=?utf-8?B?DQpCY2M6IHY=?=', '%0D%0ABcc: v', '\\r\\nBcc: v'],
  ...['"', '\\', '\\"', '",', '" <v@x.example>, "', ',', ';', ':', '<', '>', '<v@x.example>', '@', '(', ')', '(c)'],
  ...[';v=w', '; filename=v', '*', "'", "utf-8''v", '%', '=', '?=', '=?', '_', '/', '..', ' ', '  ', '\t', '--', '.'],
]

/** What the writer has of a text: lone surrogates are none. */
export function repaired(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

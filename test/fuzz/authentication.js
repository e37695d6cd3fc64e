/** Authentication-Results that anyone may have written, and messages with an envelope of anyone's. */
import {
  authenticate,
  formatAuthenticationResults,
  parseAuthenticationResults,
  readTrustedResults,
  removeForgedResults,
  removeForgedResultsFromMessage,
} from '@posthorn/auth'
import { decodeLatin1, decodeUtf8, MailError } from '@posthorn/core'
import { MemoryZone } from '@posthorn/dns'
import { splitMessage } from '@posthorn/mime'

export const AUTHENTICATION = [
  ...[
    'mx.example',
    'a.example',
    '"mx.example"',
    ';',
    '; ',
    ' ',
    '=',
    '(',
    ')',
    '"',
    '\\',
    '@',
    '/',
    '.',
    ' 1',
    '\r\n ',
  ],
  ...[
    'none',
    'spf',
    'dkim',
    'dmarc',
    '=pass',
    '=fail',
    ' reason=',
    ' smtp.mailfrom=',
    ' header.d=',
    ' policy.a=',
    'x@a.example',
  ],
  ...[
    '"x y"@a.example',
    '; spf=pass smtp.helo=a',
    '(a (b) c)',
    '\r\nFrom: x@a.example',
    '\r\nFrom: ',
    '\r\nReceived: x',
  ],
  ...[
    '\r\nDKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA',
    '\r\n\r\n',
    '\r\nAuthentication-Results: ',
  ],
]

const MINE = ['mx.example']

function codeOf(work) {
  try {
    return JSON.stringify(work())
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
}

function readAgain(text) {
  const value = parseAuthenticationResults(text)
  const field = formatAuthenticationResults(value, { unicode: true })
  const again = parseAuthenticationResults(field.slice('Authentication-Results:'.length))
  if (JSON.stringify(again) !== JSON.stringify(value)) throw new Error(field)
  return value
}

// What is believed of one's own must be among what is removed.
function removeOwn(message) {
  const { fields } = splitMessage(message)
  const { trusted } = readTrustedResults(fields, { trusted: MINE })
  const left = removeForgedResultsFromMessage(message, { ids: MINE }).message
  const again = splitMessage(left).fields
  const rest = removeForgedResults(again, { ids: MINE })
  if (readTrustedResults(again, { trusted: MINE }).trusted.length + rest.removed.length > 0)
    throw new Error('left over')
  return [trusted, left.length]
}

/** Gives what is read, removed and found of an input. */
export async function authentication(parts) {
  const octets = new Uint8Array(Buffer.concat(parts))
  const text = decodeUtf8(octets)
  const message = new Uint8Array([
    ...Buffer.from('Authentication-Results: '),
    ...octets,
    ...Buffer.from('\r\n\r\nbody\r\n'),
  ])
  const told = [text, `mx.example; spf=pass ${text}`].map((one) => codeOf(() => readAgain(one)))
  told.push(codeOf(() => removeOwn(message)))
  // A whole message takes much longer than a field.
  return octets.length % 4 === 0 ? [...told, await tell(message, { octets, inChunks: parts.length > 1 })] : told
}

async function tell(message, { octets, inChunks }) {
  const resolver = new MemoryZone()
    .add('a.example', 'TXT', 'v=spf1 ip4:192.0.2.1 -all')
    .add('_dmarc.a.example', 'TXT', 'v=DMARC1; p=reject')
  const line = decodeLatin1(octets)
  const envelope = { clientAddress: '192.0.2.1', helo: line, reversePath: line.slice(1) }
  const found = await authenticate(inChunks ? [message] : message, {
    ...envelope,
    resolver,
    now: 0,
    authservId: 'mx.example',
  })
  const field = formatAuthenticationResults(found.authenticationResults)
  if (splitMessage(Buffer.from(`${field}${found.receivedSpf}\r\n`)).fields.length !== 2) throw new Error(field)
  const again = parseAuthenticationResults(field.slice('Authentication-Results:'.length))
  if (JSON.stringify(again) !== JSON.stringify(found.authenticationResults)) throw new Error(field)
  if (found.queries.length > 200) throw new Error(`${found.queries.length} questions`)
  return field
}

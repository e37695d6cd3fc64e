/**
 * Messages with what another parser makes of them, for line ends of CRLF and of LF: which entities there are, where each
 * header and body stands, and what each leaf says.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMessage } from '@posthorn/mime'

export const name = 'mime-messages'

const FOLDERS = ['rfc', 'legacy', 'malformed']

/** Where we read a message in another way, and why. */
const KNOWN = {
  'rfc/000': 'Base64 that is none is decoded as far as it goes, with its anomalies; the other gives it undecoded',
  'rfc/008': 'message/external-body holds no message, so it is a leaf (RFC 2046 section 5.2.3)',
  'legacy/001': 'UTF-7 is refused: markup would hide from who looks at the octets',
  'legacy/005': 'UTF-7 is refused: markup would hide from who looks at the octets',
  'legacy/009': 'lines of format=flowed are joined (RFC 3676)',
  'legacy/034': 'UTF-7 is refused: markup would hide from who looks at the octets',
  'legacy/049': 'its last octet is a CR without LF, which is content',
  'malformed/000': 'a delimiter ends a header too, so the parts behind it are not lost',
  'malformed/001': 'a line is a delimiter only when the whole of it is',
  'malformed/004': 'a line is a delimiter only when the whole of it is',
  'malformed/007': 'a delimiter ends a header too',
  'malformed/008': 'the delimiter of an outer multipart ends the inner one (RFC 2046 section 5.1.2)',
  'malformed/009': 'the delimiter of an outer multipart ends the inner one (RFC 2046 section 5.1.2)',
  'malformed/011': 'the delimiter of an outer multipart ends the inner one (RFC 2046 section 5.1.2)',
  'malformed/012': 'the delimiter of an outer multipart ends the inner one (RFC 2046 section 5.1.2)',
  'malformed/016': 'the delimiter of an outer multipart ends the inner one (RFC 2046 section 5.1.2)',
  'malformed/019': 'octets that are not UTF-8, as their label says, become U+FFFD; the other guesses a charset',
  'malformed/020': 'of two types in one header the first counts, so it is a multipart',
  'malformed/021': 'of two types in one header the first counts, so it is a multipart',
  'malformed/022': 'a message within is not encoded (RFC 2045 section 6.4), so it is parsed as it stands',
}

const toLf = (text) => text.replace(/\r\n?/g, '\n')
const placeOf = (start, body, end) => ({ start, body, end })

function ours(message, part) {
  const { type, subtype } = part.contentType
  const place = placeOf(part.header.start, part.body.start, part.body.end)
  const parts = part.parts.map((one) => ours(message, one))
  if (parts.length > 0) return { ...place, kind: type === 'multipart' ? 'multipart' : 'message', parts }
  // A multipart that has no parts is shown as the text that it is.
  if (type === 'multipart')
    return { ...place, kind: 'text', text: toLf(new TextDecoder().decode(message.bodyOf(part))) }
  if (type === 'text') return { ...place, kind: subtype === 'html' ? 'html' : 'text', text: message.textOf(part) }
  return { ...place, kind: 'binary', text: Buffer.from(message.contentOf(part).bytes).toString('hex') }
}

function theirs(message, index = 0) {
  const { body, offset_header, offset_body, offset_end } = message.parts[index]
  const place = placeOf(offset_header, offset_body, offset_end)
  const [[kind, value]] = Object.entries(body)
  if (kind === 'Multipart') return { ...place, kind: 'multipart', parts: value.map((one) => theirs(message, one)) }
  if (kind === 'Message') return { ...place, kind: 'message', parts: [theirs(value)] }
  if (kind === 'Text' || kind === 'Html') return { ...place, kind: kind.toLowerCase(), text: toLf(value) }
  return { ...place, kind: 'binary', text: Buffer.from(value).toString('hex') }
}

function differs(file, lineEnd, expected) {
  const octets = Buffer.from(readFileSync(file, 'latin1').replace(/\r?\n/g, lineEnd), 'latin1')
  const message = parseMessage(new Uint8Array(octets))
  return JSON.stringify(ours(message, message.root)) !== JSON.stringify(theirs(expected))
}

/** @param {string} folder Where the folders of messages are. */
export async function run(folder) {
  const [failures, known] = [[], new Set()]
  let total = 0
  for (const group of FOLDERS) {
    for (const file of readdirSync(join(folder, group)).filter((one) => one.endsWith('.eml'))) {
      const id = `${group}/${file.slice(0, -'.eml'.length)}`
      for (const [suffix, lineEnd] of Object.entries({ '.json': '\n', '.crlf.json': '\r\n' })) {
        const answer = join(folder, `${id}${suffix}`)
        if (!existsSync(answer)) continue
        total++
        if (!differs(join(folder, group, file), lineEnd, JSON.parse(readFileSync(answer, 'utf8')))) continue
        if (KNOWN[id]) known.add(id)
        else failures.push(`${id}${suffix}: is read in another way`)
      }
    }
  }
  for (const id of Object.keys(KNOWN)) if (!known.has(id)) failures.push(`${id}: is known to differ, and does not`)
  const notes = Array.from(known, (id) => `${id} differs: ${KNOWN[id]}`)
  return { passed: total - failures.length, total, failures, notes }
}

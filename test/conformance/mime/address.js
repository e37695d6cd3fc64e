/** Lists of addresses, and of URLs. */
import { readAddressList, readListUrls } from '@posthorn/mime'

export const table = 'address'

/** @param {string} header A field's value, its lines ended by LF. */
export function read(header) {
  const text = unfolded(header)
  if (/:\/\/|mailto:|^NO/.test(text)) return { List: readListUrls(text).urls.map(urlOf) }
  const entries = readAddressList(text).entries
  if (entries.every(({ type }) => type !== 'group')) return { List: entries.map(addressOf) }
  const groups = []
  for (const entry of entries) {
    if (entry.type === 'group') groups.push({ name: entry.name, addresses: entry.members.map(addressOf) })
    else if (groups.at(-1)?.name === null) groups.at(-1).addresses.push(addressOf(entry))
    else groups.push({ name: null, addresses: [addressOf(entry)] })
  }
  return { Group: groups }
}

/** @param {string} header A field's value, its lines ended by LF, and what follows the field. */
export function unfolded(header) {
  const end = header.search(/\r?\n(?![ \t])/)
  return header.slice(0, end < 0 ? undefined : end).replace(/\r?\n/g, '\r\n')
}

const addressOf = ({ name, address, text }) => ({ name: name ?? null, address: address ?? text })
const urlOf = ({ url, comments = [] }) => ({ name: comments.join(' ') || null, address: url })

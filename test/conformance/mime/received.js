/** Trace fields, without what the table says of dates and of the words in comments. */
import { readReceived } from '@posthorn/mime'
import { unfolded } from './address.js'

export const table = 'received'

const hostOf = (name) => {
  const literal = /^\[(?:IPv6:)?(.*)\]$/.exec(name)?.[1] ?? name
  return /^\d+\.[\d.]+$|:/.test(literal) ? { IpAddr: literal } : { Name: literal }
}

/** @param {string} header A field's value, its lines ended by LF. */
export function read(header) {
  const { from, by, ...texts } = readReceived(unfolded(header))
  const value = {}
  if (from?.name) value.from = hostOf(from.name)
  if (from?.address) value.from_ip = from.address
  if (from?.host) value.from_iprev = from.host
  if (from?.helo) value.helo = hostOf(from.helo)
  if (by?.name) value.by = hostOf(by.name)
  if (texts.via) value.via = texts.via
  if (texts.with) value.with = texts.with.toUpperCase()
  if (texts.id) value.id = texts.id
  if (texts.for) value.for_ = texts.for
  return value
}

const TOLD = ['from', 'from_ip', 'from_iprev', 'helo', 'by', 'via', 'with', 'id', 'for_']

read.normalize = (expected) =>
  Object.fromEntries(Object.entries(expected ?? {}).filter(([name]) => TOLD.includes(name)))

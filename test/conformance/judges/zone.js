/** What is in the DNS for one case of a suite. Nothing here needs a platform. */
import { MemoryZone } from '@posthorn/dns'

/**
 * @param {Record<string, any>} data By owner: a text is a TXT record, a list several, `{ TYPE: value }` one of another type;
 * `SERVFAIL` and `TIMEOUT` fail for every type. The value of a TXT may be a list of strings.
 */
export function readZone(data) {
  const made = new MemoryZone()
  for (const [owner, all] of Object.entries(data)) for (const one of [all].flat()) addTo(made, owner, one)
  return made
}

function addTo(zone, owner, one) {
  if (one === 'SERVFAIL' || one === 'TIMEOUT') zone.fail(owner, one.toLowerCase())
  else if (typeof one === 'string') zone.add(owner, 'TXT', one)
  else for (const [type, value] of Object.entries(one)) zone.add(owner, type, readValue(type, value))
}

function readValue(type, value) {
  if (type === 'MX') return { preference: 10, exchange: value }
  return type === 'TXT' ? [value].flat().join('') : value
}

/**
 * Signed messages with their keys: a file is lines of `name record`, an empty line, and the message with LF. Each
 * signature passes half a day after it was made.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyDkim } from '@posthorn/dkim'
import { MemoryZone } from '@posthorn/dns'

export const name = 'dkim'

const DAY_MS = 86_400_000

/** @param {string} file A path. */
export function readCase(file) {
  const text = readFileSync(file, 'latin1')
  const split = text.indexOf('\n\n')
  const records = text
    .slice(0, split)
    .split('\n')
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), text: line.slice(line.indexOf(' ') + 1) }))
  const message = text.slice(split + 2).replaceAll('\n', '\r\n')
  const header = message.slice(0, message.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const signatures = header.split('\r\n').filter((field) => /^dkim-signature:/i.test(field))
  const signedAt = signatures.map((field) => Number(/\bt=(\d+)/.exec(field)?.[1] ?? 0) * 1000)
  return { records, message: Buffer.from(message, 'latin1'), count: signatures.length, signedAt: Math.max(...signedAt) }
}

function zoneOf(records) {
  const zone = new MemoryZone()
  for (const { name: owner, text } of records) zone.add(owner, 'TXT', text)
  return zone
}

const tell = ({ result, reason, error }) => [result, reason ?? error?.code].filter(Boolean).join(' ')

/** @param {string} folder Where the files are. */
export async function run(folder) {
  const failures = []
  let total = 0
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.txt'))) {
    const { records, message, count, signedAt } = readCase(join(folder, file))
    total += count
    const now = signedAt + DAY_MS / 2
    const results = await verifyDkim(new Uint8Array(message), { resolver: zoneOf(records), now })
    for (let index = 0; index < count; index++) {
      if (results[index]?.result === 'pass') continue
      failures.push(`${file} signature ${index + 1}: ${results[index] ? tell(results[index]) : 'has no result'}`)
    }
  }
  return { passed: total - failures.length, total, failures }
}

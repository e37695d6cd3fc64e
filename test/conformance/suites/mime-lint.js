/**
 * Messages of all sorts, looked at by lintMessage with lines ended in each way: a finding is whole, lies within the
 * message, and stands where its place says.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LINT_RULES, lintMessage } from '@posthorn/mime'

export const name = 'mime-lint'

const FOLDERS = ['rfc', 'legacy', 'malformed']
const OPTIONS = [
  {},
  { content: false },
  { encoding: '7bit' },
  { encoding: 'binary', smtpUtf8: true },
  { maxFindings: 2 },
]

function faultOf(octets, options) {
  let last = 0
  for (const { rule, severity, path, start, end, spec, text } of lintMessage(octets, options)) {
    if (!(rule in LINT_RULES) || !severity || !path || !spec || !text) return `${rule} is not whole`
    if (!(start >= 0 && start <= end && end <= octets.length)) return `${rule} is of ${start} to ${end}`
    if (rule !== 'finding-limit' && start < last) return `${rule} at ${start} stands behind one at ${last}`
    last = start
  }
  return undefined
}

const withEnds = (octets, end) => {
  const text = Buffer.from(octets)
    .toString('latin1')
    .replace(/\r\n?|\n/g, end)
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

export async function run(folder) {
  const failures = []
  let total = 0
  let found = 0
  for (const one of FOLDERS) {
    for (const file of readdirSync(join(folder, one)).filter((entry) => entry.endsWith('.eml'))) {
      const given = new Uint8Array(readFileSync(join(folder, one, file)))
      for (const octets of [given, ...['\r\n', '\n', '\r'].map((end) => withEnds(given, end))]) {
        for (const options of OPTIONS) {
          total++
          found += lintMessage(octets, options).length
          const fault = faultOf(octets, options)
          if (fault) failures.push(`${one}/${file}: ${fault}`)
        }
      }
    }
  }
  return { passed: total - failures.length, total, failures, notes: [`${found} findings`] }
}

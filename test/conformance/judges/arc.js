/** One case of the suites of RFC 8617: its zone, and what must come of it. Nothing here needs a platform. */
import { concatBytes, decodeLatin1, encodeUtf8 } from '@posthorn/core'
import { importDkimKey } from '@posthorn/dkim'
import { sealArc, validateArc } from '@posthorn/dkim/arc'
import { MemoryZone } from '@posthorn/dns'

const NAMES = { AS: 'arc-seal', AMS: 'arc-message-signature', AAR: 'arc-authentication-results' }

const wire = (text) => encodeUtf8(text.replace(/\r?\n/g, '\r\n'))

// The suites fold their records, which the DNS has in one line.
function zoneOf(records) {
  const zone = new MemoryZone()
  for (const [name, text] of Object.entries(records)) zone.add(name, 'TXT', text.replaceAll('\n', ''))
  return zone
}

/**
 * @typedef {{ id: string, test: Record<string, any>, records: Record<string, string> }} ValidationCase
 * @param {ValidationCase} one
 * @returns {Promise<string | undefined>} What is wrong with the verdict.
 */
export async function judgeValidation({ id, test, records }) {
  const { result, reason } = await validateArc(wire(test.message), { resolver: zoneOf(records), now: 12_345_000 })
  // The suite says nothing of a chain that says itself that it failed.
  const wanted = String(test.cv).toLowerCase() || 'fail'
  return result === wanted ? undefined : `${id}: ${result} (${reason}), not ${wanted}`
}

/** The tags of a field in no order, without blanks. */
const tagsOf = (text) => text.replace(/\s/g, '').split(';').filter(Boolean).sort().join('; ')

function wrongField(sealed, test) {
  const fields = decodeLatin1(sealed)
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .filter(Boolean)
  const found = new Map(fields.map((field) => [field.split(':')[0].toLowerCase(), field.slice(field.indexOf(':') + 1)]))
  const wrong = Object.keys(NAMES).find((key) => tagsOf(found.get(NAMES[key]) ?? '') !== tagsOf(test[key]))
  return wrong && `${wrong} is ${tagsOf(found.get(NAMES[wrong]) ?? '')}, not ${tagsOf(test[wrong])}`
}

/**
 * @typedef {ValidationCase & { domain: string, selector: string, privateKey: string }} SealingCase
 * @param {SealingCase} one
 * @returns {Promise<string | undefined>} What is wrong with the set that is made.
 */
export async function judgeSealing({ id, test, records, domain, selector, privateKey }) {
  const message = wire(test.message)
  const resolver = zoneOf(records)
  const now = test.t * 1000
  const validation = await validateArc(message, { resolver, now })
  const sealed = await sealArc(message, {
    validation,
    authenticationResults: { authservId: test['srv-id'] },
    domain,
    selector,
    key: await importDkimKey(privateKey),
    fields: test['sig-headers'].split(':'),
    oversign: [],
    now,
    // A seal covers the fields as they are folded; the suite has it of fields that are not.
    lineLength: 998,
  })
  const wrong = wrongField(sealed ?? new Uint8Array(0), test)
  if (wrong || !sealed) return wrong && `${id}: ${wrong}`
  const again = await validateArc(concatBytes([sealed, message]), { resolver, now })
  const wanted = validation.result === 'fail' ? 'fail' : 'pass'
  return again.result === wanted ? undefined : `${id}: then is ${again.result} (${again.reason})`
}

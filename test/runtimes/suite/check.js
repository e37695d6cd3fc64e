/** A check, and what it says of values. Nothing here needs a test framework or a platform. */
import { MailError } from '@posthorn/core'

/**
 * @typedef {{ name: string, run: (target?: Target) => Promise<number | void> | void }} Check
 * `name` is `package: behaviour`; `run` throws on failure, and may say how many things it checked.
 * @typedef {{
 *   host: string, port: number, ca: string, serverName: string,
 *   username: string, password: string, recipient: string, subject: string,
 *   local: { host: string, port: number, serverName: string, ca: string },
 *   bridge: { url: string, secret: number[] },
 * }} Target The server that a check may send to, and the subject by which the message is known there.
 */

/**
 * @param {string} name Which package, and what it does.
 * @param {Check['run']} run Throws where it does not.
 * @returns {Check}
 */
export function check(name, run) {
  return { name, run }
}

/**
 * Compares two values by what they hold: octets, and plain values whatever the order of their keys.
 *
 * @param {unknown} actual What came out.
 * @param {unknown} expected What should have.
 * @param {string} [what] Which of several comparisons of a check this is.
 */
export function equal(actual, expected, what) {
  const [came, wanted] = [show(actual), show(expected)]
  if (came !== wanted) throw new Error(`${what ? `${what}: ` : ''}expected ${cut(wanted)}, got ${cut(came)}`)
}

/**
 * @param {string} code The code of the `MailError` that must come.
 * @param {() => unknown} work What must throw, or reject.
 */
export async function fails(code, work) {
  let value
  try {
    value = await work()
  } catch (error) {
    if (error instanceof MailError) return equal(error.code, code)
    throw error
  }
  throw new Error(`expected ${code}, got ${cut(show(value))}`)
}

/**
 * @param {Uint8Array} bytes What to cut.
 * @param {number} size Octets in a piece.
 */
export function* pieces(bytes, size) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

/** Octets that are the same in every run: 1, 2, 3, and so on. */
export const counted = (length) => Uint8Array.from({ length }, (_, index) => index + 1)

/** Octets that nobody can foresee. */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length))

function show(value) {
  return JSON.stringify(value, (_, part) => {
    if (part === undefined) return '(undefined)'
    if (part instanceof Uint8Array) return { octets: Array.from(part, (octet) => octet.toString(16)).join(' ') }
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

const cut = (text) => (text.length > 400 ? `${text.slice(0, 400)}…` : text)

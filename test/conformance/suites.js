/**
 * Where the suites of public conformance data are. The data is not part of the repository; POSTHORN_CONFORMANCE names
 * its folder, which is else ../shared/conformance beside the repository. Suites of our own are here, beside this file.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
/** The suites whose data is part of the repository, with their folders. */
const OWN = new Map([
  ['attacks', 'attacks'],
  ['authentication-results', 'authentication-results'],
  ['dkim-probes', 'dkim'],
  ['dmarc', 'dmarc'],
])
const data = resolve(process.env.POSTHORN_CONFORMANCE ?? join(here, '../../../shared/conformance'))

/**
 * @typedef {{ passed: number, total: number, failures: string[], notes?: string[] }} Outcome
 * @typedef {{ name: string, run: (folder: string) => Promise<Outcome> }} Suite
 */

/** @returns {string[]} The names of all suites. */
export function suiteNames() {
  return readdirSync(join(here, 'suites'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort()
}

/**
 * @param {string} name A suite's; the whole of it, or up to its first hyphen, is the name of the folder.
 * @returns {string | undefined} The folder of its data; nothing, with a loud line on stderr, when it is not there.
 */
export function dataFor(name) {
  const own = OWN.get(name)
  if (own) return join(here, own)
  const folder = [name, name.split('-')[0]].map((one) => join(data, one)).find((one) => existsSync(one))
  if (folder) return folder
  console.warn(`\n!!! SKIPPED conformance suite "${name}": no data in ${data} (set POSTHORN_CONFORMANCE) !!!\n`)
  return undefined
}

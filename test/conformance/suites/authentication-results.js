/** Our own suite for RFC 8601: `../authentication-results/README.md` has the format. What is read is written and read again. */
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { formatAuthenticationResults, parseAuthenticationResults } from '@posthorn/auth'
import { parse } from 'yaml'

export const name = 'authentication-results'

function wantedOf({ id = 'mx.example', version, results }) {
  const all = results.map((one) => {
    const [[method, result], ...others] = Object.entries(one)
    const { version: methodVersion, reason, ...rest } = Object.fromEntries(others)
    const properties = Object.entries(rest).map(([key, value]) => {
      const [ptype, property] = key.split('.')
      return { ptype, property, value }
    })
    const known = { ...(methodVersion && { methodVersion }), result, ...(reason !== undefined && { reason }) }
    return { method, ...known, properties }
  })
  return { authservId: id, ...(version && { version }), results: all }
}

function differenceOf(one) {
  let found
  try {
    found = parseAuthenticationResults(one.value)
  } catch (error) {
    return one.refused && error.code === 'AUTH_BAD_FIELD' ? undefined : error.message
  }
  if (one.refused) return `read as ${JSON.stringify(found)}`
  if (!isDeepStrictEqual(found, wantedOf(one))) return `read as ${JSON.stringify(found)}`
  const text = formatAuthenticationResults(found, { unicode: true })
  const again = parseAuthenticationResults(text.slice(text.indexOf(':') + 1))
  return isDeepStrictEqual(again, found) ? undefined : `written as ${text}`
}

/** @param {string} folder Where the suite is. */
export async function run(folder) {
  const { cases } = parse(readFileSync(`${folder}/values.yaml`, 'utf8'))
  const failures = cases.flatMap((one) => {
    const difference = differenceOf(one)
    return difference ? [`${one.name} [${one.spec}]: ${difference}`] : []
  })
  return { passed: cases.length - failures.length, total: cases.length, failures }
}

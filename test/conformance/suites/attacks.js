/** Our own suite of attacks on what checks a message: `../attacks/README.md` has the format, which any implementation can be held to. */
import { judge } from '../judges/attacks.js'
import { filesOfCases, judgeAll } from '../yaml-suite.js'

export const name = 'attacks'

/**
 * @param {string} folder Where the suite is.
 * @returns {Record<string, any>[]} Its cases, each with the zone of its file.
 */
export function readCases(folder) {
  return filesOfCases(folder).flatMap(({ file, zone, cases }) => cases.map((one) => ({ ...one, zone, file })))
}

/** @param {string} folder Where the suite is. */
export const run = (folder) => judgeAll(readCases(folder), judge)

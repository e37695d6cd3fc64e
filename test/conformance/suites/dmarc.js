/** Our own suite for RFC 9989: `../dmarc/README.md` has the format, which any implementation can be held to. */
import { judge } from '../judges/dmarc.js'
import { filesOfCases, judgeAll } from '../yaml-suite.js'

export const name = 'dmarc'

/**
 * @param {string} folder Where the suite is.
 * @returns {Record<string, any>[]} Its cases, each with the defaults of its file.
 */
export function readCases(folder) {
  return filesOfCases(folder).flatMap(({ file, defaults, cases }) =>
    cases.map((one) => ({ ...defaults, ...one, file })),
  )
}

/** @param {string} folder Where the suite is. */
export const run = (folder) => judgeAll(readCases(folder), judge)

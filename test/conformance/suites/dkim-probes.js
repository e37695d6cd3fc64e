/** Our own suite for RFC 6376: `../dkim/README.md` has the format, which any implementation can be held to. */
import { judge } from '../judges/dkim.js'
import { filesOfCases, judgeAll } from '../yaml-suite.js'

export const name = 'dkim-probes'

const NOW = 1_800_000_000

/**
 * @param {string} folder Where the suite is.
 * @returns {Record<string, any>[]} Its cases, each with the whole of its zone and its time.
 */
export function readCases(folder) {
  return filesOfCases(folder).flatMap(({ file, zone, cases }) =>
    cases.map((one) => ({ now: NOW, ...one, zone: { ...zone, ...one.zone }, file })),
  )
}

/** @param {string} folder Where the suite is. */
export const run = (folder) => judgeAll(readCases(folder), judge)

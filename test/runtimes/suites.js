/** The cases of the conformance suites, read here since a runtime may have neither files nor a reader of YAML. */

import { readCases as readArc } from '../conformance/suites/arc.js'
import { readCases as readAttacks } from '../conformance/suites/attacks.js'
import { readCases as readSigned } from '../conformance/suites/dkim.js'
import { readCases as readProbes } from '../conformance/suites/dkim-probes.js'
import { readCases as readDmarc } from '../conformance/suites/dmarc.js'
import { readCases as readSpf } from '../conformance/suites/spf.js'
import { dataFor } from '../conformance/suites.js'

const READERS = {
  spf: readSpf,
  dmarc: (folder) => ({ dmarc: readDmarc(folder) }),
  dkim: (folder) => ({ dkim: readSigned(folder) }),
  arc: (folder) => namedArc(readArc(folder)),
  'dkim-probes': (folder) => ({ probes: readProbes(folder) }),
  attacks: (folder) => ({ attacks: readAttacks(folder) }),
}

/** @returns {Record<string, Record<string, any>[]>} Them by suite; without those whose data is not at hand, which is said loudly. */
export function readSuites() {
  const read = Object.entries(READERS).map(([name, reader]) => {
    const folder = dataFor(name)
    return folder && reader(folder)
  })
  return Object.assign({}, ...read)
}

function namedArc({ validation, sealing }) {
  return { arcValidation: validation, arcSealing: sealing }
}

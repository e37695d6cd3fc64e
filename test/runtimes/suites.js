/** The cases of the conformance suites, read here since a runtime may have neither files nor a reader of YAML. */

import { readCases as readArc } from '../conformance/suites/arc.js'
import { readCases as readDmarc } from '../conformance/suites/dmarc.js'
import { readCases as readSpf } from '../conformance/suites/spf.js'
import { dataFor } from '../conformance/suites.js'

/** @returns {Record<string, Record<string, any>[]>} Them by suite; without those whose data is not at hand, which is said loudly. */
export function readSuites() {
  const [spf, dmarc, arc] = [dataFor('spf'), dataFor('dmarc'), dataFor('arc')]
  return { ...(spf && readSpf(spf)), ...(dmarc && { dmarc: readDmarc(dmarc) }), ...(arc && namedArc(readArc(arc))) }
}

function namedArc({ validation, sealing }) {
  return { arcValidation: validation, arcSealing: sealing }
}

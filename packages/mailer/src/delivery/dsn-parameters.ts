/** What is left off for a host without DSN: RFC 3461 section 5.2.2. */

import type { RcptParameters } from '@posthorn/command'
import type { Envelope } from '@posthorn/smtp'

/**
 * Gives an envelope without the parameters of DSN.
 *
 * @internal
 * @returns The envelope, and whether it had any.
 */
export function withoutDsn(envelope: Envelope): { readonly envelope: Envelope; readonly isChanged: boolean } {
  const { ret, envid, ...parameters } = envelope.parameters ?? {}
  const forwardPaths = envelope.forwardPaths.map((given) => {
    if (typeof given !== 'object' || !('forwardPath' in given) || !given.parameters) return given
    return { ...given, parameters: bare(given.parameters) }
  })
  const asks = envelope.forwardPaths.some(
    (given) => typeof given === 'object' && 'forwardPath' in given && asksForReports(given.parameters),
  )
  return { envelope: { ...envelope, parameters, forwardPaths }, isChanged: asks || (ret ?? envid) !== undefined }
}

function bare({ notify: _, orcpt: __, ...parameters }: RcptParameters): RcptParameters {
  return parameters
}

function asksForReports(parameters: RcptParameters | undefined): boolean {
  return parameters?.notify !== undefined || parameters?.orcpt !== undefined
}

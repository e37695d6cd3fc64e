/** What is left off for a server without DSN: RFC 3461 section 5.2.2. */

import type { RcptParameters } from '@posthorn/command'
import type { Envelope } from '@posthorn/smtp'

/** An envelope without the parameters of DSN. */
export interface BareEnvelope {
  /** The envelope; the one given where it had none. */
  readonly envelope: Envelope
  /** Whether it had any. */
  readonly isChanged: boolean
}

/**
 * Gives an envelope without the parameters of DSN.
 *
 * @internal
 */
export function withoutDsn(envelope: Envelope): BareEnvelope {
  const { parameters, recipientParameters: shared } = envelope
  const isAsked =
    parameters?.ret !== undefined ||
    parameters?.envid !== undefined ||
    asksForReports(shared) ||
    envelope.forwardPaths.some((given) => asksForReports(parametersOf(given)))
  if (!isAsked) return { envelope, isChanged: false }
  const { ret: _, envid: __, ...others } = parameters ?? {}
  const recipientParameters = shared && { recipientParameters: bare(shared) }
  const forwardPaths = envelope.forwardPaths.map(bareRecipient)
  return { envelope: { ...envelope, parameters: others, forwardPaths, ...recipientParameters }, isChanged: true }
}

type Given = Envelope['forwardPaths'][number]

function bareRecipient(given: Given): Given {
  const parameters = parametersOf(given)
  return parameters && typeof given === 'object' && 'forwardPath' in given
    ? { ...given, parameters: bare(parameters) }
    : given
}

function parametersOf(given: Given): RcptParameters | undefined {
  return typeof given === 'object' && 'forwardPath' in given ? given.parameters : undefined
}

function bare({ notify: _, orcpt: __, ...parameters }: RcptParameters): RcptParameters {
  return parameters
}

function asksForReports(parameters: RcptParameters | undefined): boolean {
  return parameters?.notify !== undefined || parameters?.orcpt !== undefined
}

/** All that is looked for in a session. Where two explain one reply, the first does. */

import { authBeforeTls, authNotTried, credentialsGuessable, credentialsVisible } from './authentication.ts'
import type { Check } from './check.ts'
import { connectionLost, serverClosed } from './close.ts'
import {
  alteredInTransit,
  earlyTalker,
  noConnection,
  noGreeting,
  plainOnTlsPort,
  tlsOnPlainPort,
} from './connection.ts'
import { acceptedOnRetry, partialDelivery, vrfyOnly } from './envelope.ts'
import { notOffered } from './extensions.ts'
import { authLineLegacy, codesMissing, helloFallback, helloName } from './greeting.ts'
import { bareLineFeed, dotStuffing, envelopeDiffers, lostAfterDot, queuedNotDelivered, tooBig } from './message.ts'
import { classMismatch } from './replies.ts'
import { silence, slowPhase } from './timing.ts'
import { noHelloAfterTls, startTlsUnused, tlsFailed, tlsNotOffered, tlsRequired } from './tls.ts'

export const CHECKS: readonly Check[] = [
  noConnection,
  plainOnTlsPort,
  noGreeting,
  tlsOnPlainPort,
  alteredInTransit,
  earlyTalker,
  tlsFailed,
  noHelloAfterTls,
  helloName,
  helloFallback,
  authBeforeTls,
  tlsRequired,
  tlsNotOffered,
  authNotTried,
  notOffered,
  tooBig,
  bareLineFeed,
  dotStuffing,
  acceptedOnRetry,
  lostAfterDot,
  connectionLost,
  serverClosed,
  credentialsVisible,
  credentialsGuessable,
  partialDelivery,
  startTlsUnused,
  vrfyOnly,
  silence,
  codesMissing,
  authLineLegacy,
  classMismatch,
  envelopeDiffers,
  queuedNotDelivered,
  slowPhase,
]

/** All checks that need nothing but the language, WebCrypto and timers. A package joins with a file of its own. */
import { arc } from './arc.js'
import { auth } from './auth.js'
import { charset } from './charset.js'
import { command } from './command.js'
import { conversation } from './conversation.js'
import { core } from './core.js'
import { dkim } from './dkim.js'
import { dmarc } from './dmarc.js'
import { dns } from './dns.js'
import { golden } from './golden.js'
import { mailer } from './mailer.js'
import { mime } from './mime.js'
import { policy } from './policy.js'
import { reply } from './reply.js'
import { sasl } from './sasl.js'
import { session } from './session.js'
import { spf } from './spf.js'
import { transcript } from './transcript.js'

/** @type {import('./check.js').Check[]} */
export const portable = [
  ...core,
  ...reply,
  ...command,
  ...sasl,
  ...mime,
  ...golden,
  ...charset,
  ...dns,
  ...session,
  ...conversation,
  ...spf,
  ...dkim,
  ...arc,
  ...dmarc,
  ...auth,
  ...policy,
  ...transcript,
  ...mailer,
]

/** What was said in a session, and which extensions it made use of: the proof that a test tested what it says. */

/** The commands of one session. */
export interface Conversation {
  /** Every command line in order, secrets and content left out. */
  readonly commands: readonly string[]
  /** Whether a command went out before the reply to the one before it had come. */
  readonly grouped: boolean
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/^LHLO /i, 'LMTP'],
  [/^HELO /i, 'HELO'],
  [/^STARTTLS$/i, 'STARTTLS'],
  [/^BDAT /i, 'CHUNKING'],
  [/^XCLIENT /i, 'XCLIENT'],
  [/^XFORWARD /i, 'XFORWARD'],
  [/^PROXY$/, 'PROXY'],
  [/^MAIL .* SIZE=/i, 'SIZE'],
  [/^MAIL .* BODY=8BITMIME/i, '8BITMIME'],
  [/^MAIL .* SMTPUTF8/i, 'SMTPUTF8'],
  [/^MAIL .* PRDR/i, 'PRDR'],
  [/^MAIL .* AUTH=/i, 'MAIL AUTH'],
  [/^MAIL .* (RET|ENVID)=/i, 'DSN'],
  [/^RCPT .* (NOTIFY|ORCPT)=/i, 'DSN'],
]

/** Names the extensions that a session has made use of, and the mechanisms of AUTH, in the order of the alphabet. */
export function usedIn({ commands, grouped }: Conversation): string[] {
  const used = SIGNS.flatMap(([sign, name]) => (commands.some((line) => sign.test(line)) ? [name] : []))
  const mechanisms = commands.flatMap((line) => /^AUTH (\S+)/i.exec(line)?.[0].toUpperCase() ?? [])
  return [...new Set([...used, ...mechanisms, ...(grouped ? ['PIPELINING'] : [])])].sort()
}

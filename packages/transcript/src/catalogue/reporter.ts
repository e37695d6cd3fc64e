/** Who passed a reply on: the server that heard it, and where it heard it. */

/** Who passed a reply on. */
export interface ReplyReporter {
  /** The software, by how it words the report; absent where that does not tell. */
  readonly software?: 'exchange' | 'exim' | 'gmail' | 'postfix' | 'sendmail'
  /** The host that gave the reply, where the report names it. */
  readonly host?: string
  /** The code of the reply around it. */
  readonly code?: number
}

const SOFTWARE = [
  ['exim', 'smtp error from remote'],
  ['exchange', 'led='],
  ['exchange', 'remote server returned'],
  ['postfix', ' said: '],
  ['postfix', 'refused to talk to me'],
  ['sendmail', '<<< '],
  ['gmail', 'response was:'],
  ['gmail', 'response from the remote server was'],
] as const

const HOST = /\bhost ([a-z0-9.-]{1,255})/gi

/** Reads what stands before a reply. */
export function reporterOf(outer: string): ReplyReporter {
  const text = outer.toLowerCase()
  const software = SOFTWARE.find(([, mark]) => text.includes(mark))?.[0]
  const host = hostIn(text)
  const code = /^([2-5]\d\d)[ -]/.exec(text)?.[1]
  return { ...(software && { software }), ...(host && { host }), ...(code && { code: Number(code) }) }
}

function hostIn(text: string): string | undefined {
  let host: string | undefined
  for (const found of text.matchAll(HOST)) host = found[1]
  return host !== undefined && isHostName(host) ? host : undefined
}

/** Whether a text is a name of a host, and not its address. */
export function isHostName(text: string): boolean {
  return text.length <= 255 && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/i.test(text)
}

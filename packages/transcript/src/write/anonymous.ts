/** Addresses, hosts and IP addresses that stand for others, the same for the same throughout. */

import type { TranscriptSession } from '../session.ts'

// HAZARD: each begins only behind what cannot be in it, so that a long word is looked at once.
const ADDRESS = /(?<![^\s<>()",;:@[\]])[^\s<>()",;:@[\]]+@(?:\[[^\]\s]{1,80}\]|[^\s<>()",;:@[\]]*)/gu
const QUOTED_ADDRESS = /"(?:[^"\\]|\\.){1,128}"@[^\s<>()",;:@[\]]*/gu
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g
const IPV6 = /(?<![\w:])(?:IPv6:)?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{0,3}(?:\.\d{1,3}){3})?(?![\w:])/g
const HOST =
  /(?<![\p{L}\p{N}_.-])(?:[\p{L}\p{N}_-]+\.)+(?=[\p{L}\p{N}-]{2})[\p{N}-]*\p{L}[\p{L}\p{N}-]*(?![\p{L}\p{N}_-])/gu
// RFC 3461, RFC 4954 section 5, XCLIENT: names of people that are encoded, or alone
const NAMED = /\b(ORCPT=[^\s;]*;|ENVID=|AUTH=|LOGIN=|IDENT=|NAME=|HELO=)\S+/gi
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113']
const MIN_NAME = 3
const WORD = /[\p{L}\p{N}_.+-]+/gu

/** Gives each name one that stands for it. */
export class Pseudonyms {
  readonly #given = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  // Words that are names wherever they stand: of hosts without a domain, and of people without theirs
  readonly #words = new Map<string, string>()

  /** @param session The session whose names are known. */
  constructor(session: TranscriptSession) {
    for (const name of namesOf(session)) if (!/[.@:]/.test(name)) this.#words.set(name.toLowerCase(), this.#host(name))
    for (const address of addressesOf(session)) {
      const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
      const stand = this.#user(address)
      if (local.length >= MIN_NAME) this.#words.set(local.toLowerCase(), stand.slice(0, stand.indexOf('@')))
      if (!address.includes('@') && address !== '') this.#words.set(address.toLowerCase(), stand)
    }
  }

  /** Puts the names that stand for others in a text. */
  readonly hide = (text: string): string => {
    // What already stands for something is not looked at again
    const done: string[] = []
    const keep = (stand: string): string => `\ue000${done.push(stand) - 1}\ue001`
    const clean = text.replace(/[\ue000\ue001]/g, '')
    const hidden = clean
      .replace(NAMED, (_, name: string) => keep(`${name}***`))
      .replace(QUOTED_ADDRESS, (address) => keep(this.#user(address)))
      .replace(ADDRESS, (address) => keep(this.#user(address)))
      .replace(IPV6, (address) => (isIpv6(address) ? keep(this.#address6(address)) : address))
      .replace(IPV4, (address) => keep(this.#address4(address)))
      .replace(WORD, (word) => this.#known(word, keep))
      .replace(HOST, (host) => keep(this.#host(host)))
    return hidden.replace(/\ue000(\d+)\ue001/g, (_, index: string) => done[Number(index)] ?? '')
  }

  // A sentence may end behind a name
  #known(word: string, keep: (stand: string) => string): string {
    const bare = word.endsWith('.') ? word.slice(0, -1) : word
    const stand = this.#words.get(bare.toLowerCase())
    return stand === undefined ? word : keep(stand) + word.slice(bare.length)
  }

  #user(address: string): string {
    return this.#give('user', address, (n) => `user${n}@example.com`)
  }

  #host(name: string): string {
    return this.#give('host', name, (n) => `host${n}.example.net`)
  }

  // RFC 5737 and RFC 3849: networks for documentation
  #address4(address: string): string {
    return this.#give('4', address, (n) => `${NETWORKS[Math.floor((n - 1) / 254) % 3]}.${((n - 1) % 254) + 1}`)
  }

  #address6(address: string): string {
    const [prefix] = /^IPv6:/i.exec(address) ?? ['']
    return prefix + this.#give('6', address.slice(prefix.length), (n) => `2001:db8::${n.toString(16)}`)
  }

  #give(kind: string, name: string, make: (n: number) => string): string {
    const key = `${kind} ${name.toLowerCase()}`
    const known = this.#given.get(key)
    if (known) return known
    const n = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, n)
    this.#given.set(key, make(n))
    return make(n)
  }
}

// Times have colons too
function isIpv6(text: string): boolean {
  return /[0-9A-Fa-f]/.test(text) && (text.includes('::') || text.split(':').length > 6)
}

function namesOf({ client, server, greetings }: TranscriptSession): string[] {
  const names = [client.name, server.name, ...greetings.map(({ name }) => name)]
  return names.filter((name) => name !== undefined).filter((name) => name.length >= MIN_NAME)
}

function addressesOf({ transactions, events }: TranscriptSession): string[] {
  const paths = transactions.flatMap(({ reversePath, recipients }) => [
    ...(reversePath ? [reversePath] : []),
    ...recipients.map(({ address }) => address),
  ])
  // What VRFY and EXPN ask for is somebody
  const asked = events.flatMap((event) => {
    const found = event.type === 'command' && /^(?:VRFY|EXPN) +<?([^\s<>]+)/i.exec(event.text)
    return found ? [found[1] ?? ''] : []
  })
  return [...paths, ...asked]
}

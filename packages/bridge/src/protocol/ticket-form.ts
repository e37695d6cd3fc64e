/** What a ticket looks like from outside: docs/bridge-protocol.md, section "Tickets". */

/** Most characters of a ticket. */
export const MAX_TICKET = 4096

// ticket = "ticket." payload "." mac ; both in URL-safe Base64 without padding
const TICKET = /^ticket\.([\w-]+)\.([\w-]+)$/

/** Tells whether a text has the form of a ticket. */
export function isTicket(text: string): boolean {
  return text.length <= MAX_TICKET && TICKET.test(text)
}

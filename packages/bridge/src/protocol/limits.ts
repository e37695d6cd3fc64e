/** The figures of mail-bridge.v1 that both ends must know: docs/bridge-protocol.md, section "Frames". */

/** The subprotocol, as the upgrade names it. */
export const PROTOCOL = 'mail-bridge.v1'

/** Most octets of a text frame. */
export const MAX_CONTROL = 4096

/** Most octets of a binary frame. */
export const MAX_CHUNK = 65_536

/** How many octets a client may send before the bridge grants more, unless the bridge says otherwise. */
export const FIRST_CREDIT = 262_144

/** Most chunks that may be asked for and not delivered: what a bridge holds for a client that reads nothing is bounded. */
export const MAX_DEMAND = 16

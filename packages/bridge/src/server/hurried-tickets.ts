/** A memory of used tickets that must answer in time: one that hangs would hold the slots of all who come. */

import type { ServerPlatform } from '../platform.ts'
import { bridgeFault } from '../protocol/bridge-error.ts'
import type { UsedTickets } from './used-tickets.ts'

/**
 * Rejects where a memory does not answer in time; the bridge then refuses the connection.
 *
 * @internal
 */
export function hurriedTickets(used: UsedTickets, { startTimer }: ServerPlatform, milliseconds: number): UsedTickets {
  return {
    use(jti, until) {
      return new Promise((resolve, reject) => {
        const cancel = startTimer(milliseconds, () =>
          reject(bridgeFault('BRIDGE_TIMEOUT', 'used tickets take too long')),
        )
        used.use(jti, until).then(resolve, reject).finally(cancel)
      })
    },
  }
}

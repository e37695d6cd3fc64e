/** What a process has left when work is done: sockets, listeners, timers, and what nobody caught. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const KINDS = /^(?:TCP|TLS|Pipe)\w*Wrap$|^Timeout$|^Immediate$/

function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) if (KINDS.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Waits some turns of the loop until no more is open than was at first, and gives what still is. */
export function watchResources(): () => Promise<Record<string, number>> {
  const before = resources()
  return async () => {
    for (let turn = 0; ; turn++) {
      const more = Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0))
      if (more.length === 0 || turn === 1000) return Object.fromEntries(more)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Hears of what nobody caught and of warnings, as of listeners that are never taken away. */
export function watchProcess(): { readonly heard: readonly string[]; stop(): void } {
  const heard: string[] = []
  const listen = (event: string): (() => void) => {
    const listener = (what: unknown): void => {
      heard.push(`${event}: ${what}`)
    }
    process.on(event, listener)
    return () => process.off(event, listener)
  }
  const stops = ['unhandledRejection', 'uncaughtException', 'warning'].map(listen)
  return {
    heard,
    stop() {
      for (const stop of stops) stop()
    },
  }
}

/** Counts the sockets that lead to a port and are not closed. */
export function watchSockets(): { openTo(port: number): number; stop(): void } {
  const sockets = new Set<Socket>()
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  subscribe('net.client.socket', onSocket)
  return {
    openTo: (port) => [...sockets].filter(({ remotePort, destroyed }) => remotePort === port && !destroyed).length,
    stop: () => void unsubscribe('net.client.socket', onSocket),
  }
}

/** A relay of TCP between a client and a server, on whose lines one thing goes wrong at a given octet. */

import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'

/** What goes wrong: the line ends well, is reset, says nothing more, says what nobody said and ends, or ends one way. */
export const FAULTS = ['drop', 'reset', 'stall', 'garbage', 'half-close'] as const

type Direction = 'out' | 'in'

/** A fault, and where it strikes. */
export interface Fault {
  readonly kind: (typeof FAULTS)[number]
  /** `out`: what the client says. */
  readonly direction: Direction
  /** After how many octets of it. */
  readonly after: number
}

interface RelayOptions {
  readonly fault?: Fault | undefined
  /** Which of its lines the fault strikes, from 1; 0: every one. */
  readonly line: number
}

/** A relay at work. */
export interface FaultRelay {
  readonly port: number
  /** The octets that came on its first line. */
  readonly counted: Readonly<Record<Direction, number>>
  /** Whether anything went wrong. */
  readonly struck: boolean
  /** Ends all lines, so that the server hears what is on the way before the end. False when it does not end its own. */
  close(): Promise<boolean>
}

interface Line {
  readonly near: Socket
  readonly far: Socket
  readonly counted: Record<Direction, number>
  struck: boolean
}

const GARBAGE = Uint8Array.of(0xff, 0, 0x32, 13, 13, 10, 0xc3, 13, 10)
const PATIENCE = 5000

/** Starts a relay to a port of this host. */
export async function startFaultRelay(port: number, { fault, line: struckLine }: RelayOptions): Promise<FaultRelay> {
  const lines: Line[] = []
  let closing = false
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (closing) {
      near.destroy()
      return
    }
    const far = dial({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const isStruck = struckLine === 0 || lines.length + 1 === struckLine
    lines.push(joined(near, far, isStruck ? fault : undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get counted() {
      return lines[0]?.counted ?? { out: 0, in: 0 }
    },
    get struck() {
      return lines.some(({ struck }) => struck)
    },
    async close() {
      closing = true
      const stopped = new Promise((resolve) => server.close(resolve))
      const ended = await Promise.all(lines.map(({ far }) => endOf(far)))
      for (const { near } of lines) near.destroy()
      await stopped
      return ended.every(Boolean)
    },
  }
}

function joined(near: Socket, far: Socket, fault: Fault | undefined): Line {
  const line: Line = { near, far, counted: { out: 0, in: 0 }, struck: false }
  for (const [direction, from, to] of [
    ['out', near, far],
    ['in', far, near],
  ] as const) {
    from.on('data', (chunk: Uint8Array) => pass(line, chunk, { direction, to, fault }))
    from.on('end', () => {
      if (!line.struck || fault?.kind !== 'stall') to.end()
    })
    // QUIRK: Node loses the handle of a socket that is reset while it is about to end.
    from.on('error', () => void (to.writableEnded ? to.destroy() : to.resetAndDestroy()))
  }
  return line
}

interface Passage {
  readonly direction: Direction
  readonly to: Socket
  readonly fault: Fault | undefined
}

function pass(line: Line, chunk: Uint8Array, { direction, to, fault }: Passage): void {
  const isAimedAt = fault?.direction === direction
  if (line.struck && (isAimedAt || fault?.kind !== 'half-close')) return
  const left = isAimedAt ? fault.after - line.counted[direction] : Number.POSITIVE_INFINITY
  line.counted[direction] += Math.min(chunk.length, left)
  if (to.writable) to.write(chunk.subarray(0, left))
  if (chunk.length > left) strike(line, to, fault!.kind)
}

function strike(line: Line, to: Socket, kind: Fault['kind']): void {
  line.struck = true
  if (kind === 'garbage') to.write(GARBAGE)
  if (kind === 'half-close') to.end()
  for (const socket of [line.near, line.far]) {
    if (kind === 'drop' || kind === 'garbage') socket.end()
    if (kind === 'reset') socket.resetAndDestroy()
  }
}

function endOf(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve(true)
    const late = setTimeout(() => {
      socket.destroy()
      resolve(false)
    }, PATIENCE)
    socket.once('close', () => {
      clearTimeout(late)
      resolve(true)
    })
    socket.end()
  })
}

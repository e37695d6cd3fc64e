/**
 * As much of the sockets API as this package uses: `connect()` of `cloudflare:sockets`, and of every runtime that has the
 * same.
 *
 * @see {@link https://sockets-api.proposal.wintertc.org/ | WinterTC Sockets API}
 */

/** Where a socket connects to. */
export interface SocketsAddress {
  /** The host, as a name or an address. */
  readonly hostname: string
  /** The port. */
  readonly port: number
}

/** How a socket connects. */
export interface SocketsOptions {
  /** TLS at once, never, or when `startTls` is called. */
  readonly secureTransport: 'on' | 'off' | 'starttls'
  /** Whether the socket can still be written to when the other end has closed. */
  readonly allowHalfOpen: boolean
}

/** What a socket tells of its ends. */
export interface SocketsInfo {
  /** The other end, as `host:port`. */
  readonly remoteAddress?: string | null
  /** This end, as `host:port`. */
  readonly localAddress?: string | null
}

/** A reader of a stream of octets. */
export interface SocketsReader {
  /** Reads what comes next. */
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  /** Gives up what is unread. */
  cancel(reason?: unknown): Promise<unknown>
  /** Gives the stream back; no read may be outstanding. */
  releaseLock(): void
}

/** A writer of a stream of octets. */
export interface SocketsWriter {
  /** Writes; resolves when the octets are taken. */
  write(chunk: Uint8Array): Promise<unknown>
  /** Ends the stream after all that was written. */
  close(): Promise<unknown>
  /** Ends the stream at once. */
  abort(reason?: unknown): Promise<unknown>
  /** Gives the stream back. */
  releaseLock(): void
}

/** A socket. */
export interface SocketsSocket {
  /** What comes. */
  readonly readable: { getReader(): SocketsReader }
  /** What goes. */
  readonly writable: { getWriter(): SocketsWriter }
  /** Resolves when the socket is connected, TLS included. */
  readonly opened: Promise<SocketsInfo>
  /** Resolves when the socket is closed. */
  readonly closed: Promise<unknown>
  /** Closes both ways. */
  close(): Promise<unknown>
  /** Begins TLS, and gives the socket to use from then on. */
  startTls(): SocketsSocket
}

/** The function that opens a socket. */
export type SocketsConnect = (address: SocketsAddress, options: SocketsOptions) => SocketsSocket

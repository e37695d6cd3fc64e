export { type ConnectOptions, connect, type TargetOptions } from './connect.ts'
export type { SocketsErrorCode } from './error.ts'
export type {
  SocketsAddress,
  SocketsConnect,
  SocketsInfo,
  SocketsOptions,
  SocketsReader,
  SocketsSocket,
  SocketsWriter,
} from './sockets-api.ts'

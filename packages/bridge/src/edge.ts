export type { UpgradeRequest } from './edge/edge-bridge.ts'
export { createEdgeBridge, type EdgeBridge, type EdgeBridgeOptions } from './edge/edge-bridge.ts'
export type { EdgeWebSocket, EdgeWebSocketPair } from './edge/edge-socket.ts'
export type { DialTarget, LookUp, OpenConnection } from './server/dial.ts'

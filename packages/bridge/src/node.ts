export { type Bridge, createBridge, type NodeBridgeOptions } from './host/node-bridge.ts'
export type { BridgeHealth, BridgeServerOptions } from './server/bridge-host.ts'

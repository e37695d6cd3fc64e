/** Serve small messages to twenty clients that speak in groups, by the work of the server. */
import { prepareServing } from '../serving.js'

export const title = 'Serve small messages to twenty clients that speak in groups, by the work of the server'
export const unit = 'messages per CPU second of the server'
export const rounds = 9

let serving

export async function setup() {
  serving = await prepareServing('pipelined')
  return serving.rows
}

export async function teardown() {
  await serving?.close()
}

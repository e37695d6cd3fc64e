/** Parse a message of 2 KB: text, HTML, addresses and date. */
import { parsingRows } from '../parsing.js'

export const title = 'Parse a message of 2 KB: text, HTML, addresses and date'
export const unit = 'messages/s'
export const rounds = 9

export function setup() {
  return parsingRows(500)
}

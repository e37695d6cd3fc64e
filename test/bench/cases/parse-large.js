/** Parse a message of 25 MB with one attachment, and decode it. */
import { parsingRows } from '../parsing.js'

export const title = 'Parse a message of 25 MB with one attachment, and decode it'
export const unit = 'messages/s'
export const rounds = 9

export function setup() {
  return parsingRows(1, 18_000_000)
}

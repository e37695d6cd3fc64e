/** DMARC of a domain that has a record and signed the message. */
import { dmarcRows, NODE } from '../evaluators.js'

export const title = 'DMARC: a record of its own, pass'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

const RECORDS = { '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.com'] } }

export const setup = () => dmarcRows(RECORDS, { author: 'example.com', signer: 'example.com' }, 'pass')

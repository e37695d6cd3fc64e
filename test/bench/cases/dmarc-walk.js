/** DMARC of a domain below the one that has the record and signed the message: the tree is walked, and sp applies. */
import { dmarcRows, NODE } from '../evaluators.js'

export const title = 'DMARC: by the tree walk, sp, pass'
export const unit = 'messages/s'
export const rounds = 9
export const node = NODE

const RECORDS = {
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; sp=quarantine; rua=mailto:dmarc@example.com'] },
}

export const setup = () => dmarcRows(RECORDS, { author: 'news.shop.example.com', signer: 'example.com' }, 'pass')

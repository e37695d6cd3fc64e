/** SPF of one record, whose one network has the client. */
import { NODE, spfRows } from '../evaluators.js'

export const title = 'SPF: one ip4 term'
export const unit = 'checks/s'
export const rounds = 9
export const node = NODE

const RECORDS = { 'example.com': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] } }
const CLIENT = { clientAddress: '192.0.2.7', helo: 'mail.example.com', reversePath: 'joe@example.com' }

export const setup = () => spfRows(RECORDS, CLIENT, 'pass')

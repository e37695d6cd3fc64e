/** SPF of four records, each included by the one before; a host of the last one's mail exchangers is the client. */
import { NODE, spfRows } from '../evaluators.js'

export const title = 'SPF: four records deep, by mx'
export const unit = 'checks/s'
export const rounds = 9
export const node = NODE

const RECORDS = {
  'example.com': { TXT: ['v=spf1 ip4:198.51.100.0/24 include:one.example.net ~all'] },
  'one.example.net': { TXT: ['v=spf1 ip4:203.0.113.0/28 ip6:2001:db8:1::/48 include:two.example.net ~all'] },
  'two.example.net': { TXT: ['v=spf1 a:web.example.net include:three.example.net -all'] },
  'three.example.net': { TXT: ['v=spf1 mx ?all'], MX: [{ preference: 10, exchange: 'mx.example.net' }] },
  'web.example.net': { A: ['203.0.113.80'] },
  'mx.example.net': { A: ['203.0.113.25', '192.0.2.7'] },
}
const CLIENT = { clientAddress: '192.0.2.7', helo: 'mail.example.com', reversePath: 'joe@example.com' }

export const setup = () => spfRows(RECORDS, CLIENT, 'pass')

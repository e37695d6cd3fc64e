import { makeCertificate } from '../../packages/posthorn/src/demo/certificate.ts'
import { checkConnection } from './connection.ts'
import { HOSTNAME } from './hostname.js'
import { nodePairs } from './node-ends.js'

for (const pair of nodePairs(await makeCertificate(HOSTNAME, Date.now()))) checkConnection(pair)

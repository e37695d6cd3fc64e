/** mailauth as validator and sealer of chains: answers jobs, a line of JSON each. */
import { createInterface } from 'node:readline'
import { arc, dkimVerify, sealMessage } from 'mailauth'

async function work({ message, records, strict, key, algorithm, status }) {
  const octets = Buffer.from(message, 'base64')
  if (!key) {
    const resolver = async (name) => [[records[name]]]
    const found = await dkimVerify(octets, { resolver, strict })
    const { status } = await arc(found.arc, { resolver, strict })
    return { result: status.result, comment: status.comment }
  }
  const fields = await sealMessage(octets, {
    signingDomain: 'example.com',
    selector: 's',
    privateKey: key,
    algorithm,
    authResults: 'mx.example; spf=pass smtp.mailfrom=ann@example.com',
    cv: status,
  })
  return { fields: fields.toString('base64') }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await work(JSON.parse(line)))}\n`)
}

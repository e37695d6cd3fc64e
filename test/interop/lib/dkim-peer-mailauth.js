/** mailauth and nodemailer as signers, mailauth as verifier: answers jobs, a line of JSON each. */
import { createInterface } from 'node:readline'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import DKIM from 'nodemailer/lib/dkim'

const CODES = { nxdomain: 'ENOTFOUND', nodata: 'ENODATA', servfail: 'ESERVFAIL', timeout: 'ETIMEOUT' }

const resolverOf = (zone) => async (name, type) => {
  const { status, records } = zone[name.split('\0')[0].toLowerCase()] ?? { status: 'nxdomain' }
  if (status === 'found' && type === 'TXT') return records.map((text) => [text])
  throw Object.assign(new Error(`${status} ${name}`), { code: CODES[status] ?? 'ENODATA' })
}

async function verify(message, { zone, now, strict }) {
  const options = { resolver: resolverOf(zone), curTime: new Date(now * 1000), strict }
  const { results } = await dkimVerify(message, options)
  return { results: results.map(({ status }) => status.result).filter((result) => result !== 'none') }
}

async function sign(message, { domain, selector, key, algorithm, canonicalization }) {
  const signatureData = [{ signingDomain: domain, selector, privateKey: key, algorithm, canonicalization }]
  const { signatures, errors } = await dkimSign(message, { signatureData, algorithm, canonicalization })
  if (errors.length > 0) throw errors[0].err
  return { field: Buffer.from(signatures, 'latin1').toString('base64') }
}

async function signByNodemailer(message, { domain, selector, key }) {
  const dkim = new DKIM({ domainName: domain, keySelector: selector, privateKey: key })
  const chunks = []
  for await (const chunk of dkim.sign(message)) chunks.push(chunk)
  return { message: Buffer.concat(chunks).toString('base64') }
}

const JOBS = { verify, sign, nodemailer: signByNodemailer }

for await (const line of createInterface({ input: process.stdin })) {
  const { job, message, ...how } = JSON.parse(line)
  const answer = await JOBS[job](Buffer.from(message, 'base64'), how).catch((error) => ({ error: String(error) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

/**
 * The same from a module worker, so that large files keep no page waiting: `new Worker('/worker.js', { type: 'module' })`,
 * which takes a `Mail` and tells of progress, and at last of the outcome or an error.
 */

import { MailError } from '@posthorn/core'
import { type Mail, sendMail } from './mail.ts'
import { describeError } from './words.ts'

addEventListener('message', async ({ data }: MessageEvent<Mail>) => {
  try {
    const outcome = await sendMail(data, {
      onProgress: (octets, total) => postMessage({ type: 'progress', octets, total }),
    })
    // An error is not copied as it is.
    postMessage({ type: 'outcome', outcome: { ...outcome, error: undefined } })
  } catch (error) {
    postMessage({ type: 'error', code: error instanceof MailError ? error.code : '', text: describeError(error) })
  }
})

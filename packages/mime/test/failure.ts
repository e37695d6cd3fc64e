import { MailError } from '@posthorn/core'

/** Gives the code of the error that a call throws, or `none`; anything but a `MailError` goes on up. */
export function failureOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof MailError) return error.code
    throw error
  }
  return 'none'
}

import { MailError } from '@posthorn/core'

/** The code of the error that a call throws, or `none`; anything but a `MailError` goes on up. */
export function failureOf(call: () => unknown): string {
  try {
    call()
    return 'none'
  } catch (error) {
    return codeOf(error)
  }
}

/** What a call gives, or the code of the error that it throws; anything but a `MailError` goes on up. */
export function resultOf(call: () => string): string {
  try {
    return call()
  } catch (error) {
    return codeOf(error)
  }
}

/** The code of the error that an action throws or rejects with, or `none`; anything but a `MailError` goes on up. */
export async function rejectionOf(action: () => unknown): Promise<string> {
  try {
    await action()
    return 'none'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof MailError) return error.code
  throw error
}

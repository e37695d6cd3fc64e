import { memoryPair, type Platform, serve } from '@posthorn/smtp'
import { expect, test } from 'vitest'
import { createMailer } from '../src/index.ts'

const STEPS = [0, 0.1, 0.3, 0.5, 0.7, 1]

// The clock also goes on from one look at it to the next.
test.each(STEPS)('createMailer: a timer that fires before the clock says so loses no message (%s ms)', async (step) => {
  let now = 0
  const platform: Platform = {
    now() {
      now += step
      return now
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    startTimer(milliseconds, callback) {
      // The pause after a failure ends a millisecond early; what is longer is not awaited here.
      if (milliseconds <= 250) {
        now += Math.max(1, milliseconds - 1)
        queueMicrotask(callback)
      }
      return () => undefined
    },
  }
  let attempts = 0
  const connect = async () => {
    if (++attempts === 1) throw new Error('nobody is there yet')
    const [near, far] = memoryPair()
    serve(far, { hostname: 'mx.example', onMessage: () => undefined })
    return near
  }
  const mailer = createMailer('smtp://localhost', { connect, platform })
  const { type } = await mailer.send({ from: 'a@example.org', to: 'b@example.net', text: 'Hello\n' })
  expect([type, attempts]).toEqual(['accepted', 2])
  await mailer.close()
})

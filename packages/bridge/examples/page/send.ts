/** The page: a form, how far the mail has come, and what became of it. */

import { formatMailbox } from '@posthorn/command'
import type { SendOutcome } from '@posthorn/smtp'
import { loadSettings, type Mail, sendMail } from './mail.ts'
import { describeError, describeRecipient, summarize } from './words.ts'

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const form = find<HTMLFormElement>('form')
const fields = find<HTMLFieldSetElement>('fields')
const sendButton = find<HTMLButtonElement>('send')
const cancelButton = find<HTMLButtonElement>('cancel')
const progressArea = find('progress-area')
const progress = find<HTMLProgressElement>('progress')
const progressText = find('progress-text')
const outcome = find('outcome')

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  made.className = className
  return made
}

function readForm(): Mail {
  const data = new FormData(form)
  const text = (name: string): string => String(data.get(name) ?? '')
  const files = data.getAll('files').filter((file): file is File => file instanceof File && file.name !== '')
  const to = text('to')
    .split(',')
    .map((address) => address.trim())
  return { from: text('from'), password: text('password'), to, subject: text('subject'), text: text('text'), files }
}

function showProgress(octets: number, total: number): void {
  const megabytes = (count: number): string => (count / 1e6).toFixed(1)
  progress.max = total
  progress.value = octets
  progressText.textContent = `${megabytes(octets)} of ${megabytes(total)} MB have reached the mail server`
}

function showOutcome(sent: SendOutcome): void {
  const list = document.createElement('ul')
  for (const one of sent.recipients) {
    const item = element('li', '', one.status)
    item.append(
      element('strong', one.recipient === 'postmaster' ? one.recipient : formatMailbox(one.recipient)),
      describeRecipient(one),
    )
    list.append(item)
  }
  outcome.replaceChildren(element('h2', summarize(sent)), list)
  if (sent.error) outcome.append(element('p', describeError(sent.error), 'deferred'))
}

function showError(error: unknown): void {
  outcome.replaceChildren(element('h2', 'Not sent'), element('p', describeError(error), 'rejected'))
}

// Whoever leaves now stops the mail; the server never takes half of it for the whole.
const warn = (event: BeforeUnloadEvent): void => event.preventDefault()

function setBusy(busy: boolean): void {
  fields.disabled = busy
  sendButton.disabled = busy
  cancelButton.disabled = !busy
  progressArea.hidden = !busy
  if (busy) addEventListener('beforeunload', warn)
  else removeEventListener('beforeunload', warn)
}

async function submit(): Promise<void> {
  const mail = readForm()
  const controller = new AbortController()
  cancelButton.onclick = () => controller.abort()
  outcome.replaceChildren()
  progress.removeAttribute('value')
  progressText.textContent = 'Connecting …'
  setBusy(true)
  cancelButton.focus()
  try {
    showOutcome(await sendMail(mail, { signal: controller.signal, onProgress: showProgress }))
  } catch (error) {
    showError(error)
  } finally {
    setBusy(false)
    outcome.focus()
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void submit()
})

loadSettings().then(({ host }) => {
  find('server').textContent = host
}, showError)

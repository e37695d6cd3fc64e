/**
 * Reads one session from what was said: ties replies to what they answer, by order, and infers what the log does not show.
 * RFC 5321 section 3, RFC 2920 (pipelining), RFC 2033 (LMTP), RFC 3030 (BDAT), RFC 4954 (AUTH).
 */

import type { Reply } from '@posthorn/reply'
import { readNote, type Told } from '../formats/notes.ts'
import { type Line, rangeOf } from '../import/line.ts'
import { isReplyLine } from '../payload/classify.ts'
import { isHello } from '../session-kind.ts'
import { isLastChunk, phaseOf, readCommandLine } from './command-line.ts'
import { answersStartTls, inferVerb, type Progress } from './inference.ts'
import type { Item } from './item.ts'
import { type ItemKind, kindOfItem } from './item-kind.ts'
import { MessageText } from './message-text.ts'
import { OpenReply } from './reply-lines.ts'
import { ReplyQueue } from './reply-queue.ts'
import type { SecretCollector } from './secret.ts'
import { type EventDraft, type Place, type ReplyPlace, Timeline } from './timeline.ts'

// One word that is no verb
const MAYBE_SECRET = /^(?![A-Z]{3,10}$)[!-~]{4,}$/

/** What a note told, and which event it is. */
export interface ToldNote extends Told {
  readonly event: number
}

// What swaks writes before the words of a note
const INFO_MARK = /^(?:===|\*\*\*) /

/** One session while it is read. */
export class Dialogue {
  readonly timeline: Timeline = new Timeline()
  readonly notes: ToldNote[] = []
  readonly unexplained: Line[] = []
  /** How many lines are explained. */
  explained = 0
  lmtp = false
  closed = false
  readonly #secrets: SecretCollector
  readonly #queue = new ReplyQueue()
  readonly #progress: Progress = { greeted: false, hello: false, secure: false, offersTls: false, mail: false }
  readonly #answered: boolean
  readonly #seenErrors = new Set<string>()
  #open: OpenReply | undefined
  #openAt: number | undefined
  #text: MessageText | undefined
  #steps = false
  #replied = false
  #hasClient = false
  #stray: Item | undefined

  /**
   * @param secrets Where secrets go.
   * @param answered Whether the log has replies at all.
   */
  constructor(secrets: SecretCollector, answered: boolean) {
    this.#secrets = secrets
    this.#answered = answered
  }

  get events(): EventDraft[] {
    return this.timeline.events
  }

  /** Whether anything of SMTP was said. */
  get spoken(): boolean {
    return this.timeline.spoken
  }

  /** Whether a message is being sent, so that anything can be its text. */
  get inMessage(): boolean {
    return this.#text !== undefined
  }

  /** Whether an item is the beginning of another session. */
  startsAnother(item: Item): boolean {
    const { text } = item.payload
    if (!this.spoken || this.#text) return false
    if (item.side === 'server' || item.side === 'either') {
      if (!text.startsWith('220') || this.#open || !this.#queue.isEmpty) return false
      return this.closed || !answersStartTls({ code: 220, lines: [text.slice(4)] }, this.#progress)
    }
    if (!this.closed) return false
    if (item.side === 'client') return /^(?:EHLO|HELO|LHLO)\b/i.test(text)
    return item.side === undefined && item.noise === true && readNote(item.line.text)?.kind === 'connected'
  }

  /** Takes the next item; `more` says whether message text goes on until a lone dot. */
  take(item: Item, more: boolean, serverNext: boolean): void {
    const isText = this.#text?.take(item, more, serverNext) ?? false
    if (this.#text?.isComplete) this.#text = undefined
    const { text } = item.payload
    if (isText) this.explained++
    if (isText || (text.trim() === '' && !this.#isEmptyStep(item))) return
    switch (this.#kindOf(item)) {
      case 'reply':
        this.#takeServer(item)
        break
      case 'command':
        this.#takeCommand(item)
        break
      case 'credentials':
        this.#takeCredentials(item)
        break
      default:
        this.#takeOther(item)
    }
  }

  #kindOf(item: Item): ItemKind {
    if (this.#isLateReply(item)) return 'reply'
    return kindOfItem(item, { steps: this.#steps, replyGoesOn: this.#open?.goesOn ?? false })
  }

  // RFC 4954 section 4: a response of no octets is an empty line. Other empty lines say nothing
  #isEmptyStep({ side, line }: Item): boolean {
    if (this.#steps && side === 'client') return true
    if (line.text.trim() !== '') this.explained++
    return false
  }

  #takeServer(item: Item): void {
    this.explained++
    if (!this.#open?.take(item.payload)) {
      this.#closeReply()
      this.#open = new OpenReply(item.payload)
      this.#openAt = item.at
    }
    if (!this.#open.goesOn) this.#closeReply()
  }

  #takeCredentials({ payload, at }: Item): void {
    this.#beginClient()
    this.#steps = false
    this.#secrets.add(payload, 0)
    this.#queue.push(this.timeline.credentials({ source: rangeOf(payload), at }), 'AUTH')
  }

  #takeCommand({ payload, at }: Item): void {
    this.#beginClient()
    const { verb, text } = readCommandLine(payload, this.#secrets)
    this.#addCommand(verb, this.#secrets.scrub(text), { source: rangeOf(payload), at })
    if (!this.#answered && verb === 'DATA') this.#startMessage(at)
    if (this.lmtp && isLastChunk(text)) this.#queue.answerPerRecipient()
    if (verb === 'BDAT' && /\d/.test(text)) this.#text = MessageText.chunk(this.timeline.message({ at }), text)
  }

  #beginClient(): void {
    this.#closeReply()
    this.#forgetStray()
    this.#hasClient = true
    this.explained++
  }

  #addCommand(verb: string, text: string, place: Place, inferred = false): void {
    this.timeline.phase = phaseOf(verb) ?? this.timeline.phase
    const index = this.timeline.command(verb, text, place, inferred)
    this.#queue.push(index, verb)
    if (verb === 'LHLO') this.lmtp = true
    if (isHello(verb)) this.#progress.hello = true
    if (verb === 'MAIL') this.#progress.mail = true
  }

  #takeOther(item: Item): void {
    const told = item.side === 'client' && this.spoken ? undefined : readNote(item.line.text)
    this.#secrets.addLabelled(item.line)
    if (told && item.side !== 'echo') {
      this.#closeReply()
      this.#takeNote(item, told)
    } else if (item.side === 'echo') {
      this.#takeNote(item, { kind: 'error' })
    } else if (item.noise) {
      this.explained++
    } else if ((item.side === 'client' || item.side === 'either') && this.#queue.isEmpty && this.spoken) {
      this.#forgetStray()
      this.#stray = item
    } else {
      this.unexplained.push(item.line)
    }
  }

  // A line of the client that no rule knows is a command when a reply comes for it, and never shown: it may be a password
  #forgetStray(): void {
    if (this.#stray) this.unexplained.push(this.#stray.line)
    this.#stray = undefined
  }

  #takeNote(item: Item, told: Told): void {
    this.explained++
    const { timeline } = this
    if (told.kind === 'tls-started') this.#secure(true)
    if (told.kind === 'tls-failed') this.#secure(false)
    if (told.kind === 'closed') this.closed = this.spoken
    const last = this.events.at(-1)
    if (item.noise && last?.type === 'note' && last.kind === told.kind && told.kind === 'closed') return
    const text = this.#secrets.scrub(item.payload.text.replace(INFO_MARK, '').trim().slice(0, 1000))
    const event = timeline.note(told.kind, text, { source: rangeOf(item.line), at: item.at })
    this.notes.push({ ...told, event })
  }

  #secure(secure: boolean): void {
    this.timeline.secure = secure
    this.#progress.secure = secure
  }

  #closeReply(): void {
    const open = this.#open
    if (!open) return
    this.#open = undefined
    const reply = open.toReply((text) => this.#secrets.scrub(text))
    const place = { source: open.range, at: this.#openAt, codeless: open.codeless }
    if (this.#isEcho(reply)) {
      this.timeline.note('error', `${reply.code} ${reply.lines[0] ?? ''}`, place)
      return
    }
    this.#settle(reply, place)
  }

  // A mark under which only failures stand may be that of a server too, when it has not spoken otherwise
  #isLateReply({ side, payload: { text } }: Item): boolean {
    return side === 'echo' && !this.#queue.isEmpty && isReplyLine(text) && !this.#seenErrors.has(text.slice(4))
  }

  // Tools print the reply that stopped them once more; where the log has no commands, it is a reply like the others
  #isEcho({ code, lines }: Reply): boolean {
    if (code < 400 || !this.#hasClient) return false
    const last = lines.at(-1) ?? ''
    if (this.#queue.isEmpty && !this.#stray && this.#seenErrors.has(last)) return true
    this.#seenErrors.add(last)
    return false
  }

  #settle(reply: Reply, place: ReplyPlace): void {
    const { timeline } = this
    const isFirst = !this.#replied
    this.#replied = true
    if (isFirst && (reply.code === 220 || (reply.code >= 400 && this.#queue.isEmpty && !this.#stray))) {
      this.#progress.greeted = reply.code === 220
      timeline.reply(reply, place)
      return
    }
    if (this.#queue.isEmpty) this.#inferCommand(reply, place)
    const asked = this.#queue.answer(reply.code)
    if (reply.code === 421) this.closed = true
    timeline.reply(reply, place, asked?.event)
    if (asked) this.#follow(asked.verb, reply, place)
  }

  #inferCommand(reply: Reply, place: Place): void {
    const stray = this.#stray
    this.#stray = undefined
    if (stray) {
      this.explained++
      if (MAYBE_SECRET.test(stray.payload.text.trim())) this.#secrets.add(stray.payload, 0)
      this.#addCommand('OTHER', '***', { source: rangeOf(stray.payload), at: stray.at })
      return
    }
    if (this.#steps) {
      this.#queue.push(this.timeline.credentials({ at: place.at }), 'AUTH')
      return
    }
    const verb = inferVerb(reply, this.#progress)
    if (verb) this.#addCommand(verb, verb, { at: place.at }, true)
  }

  #follow(verb: string, reply: Reply, place: Place): void {
    const done = reply.code < 300
    if (verb === 'AUTH') this.#steps = reply.code === 334
    if (verb === 'MAIL') this.#progress.mail = done || this.#progress.mail
    if (verb === 'RSET' || verb === 'message') this.#progress.mail = false
    if (verb === 'QUIT') this.closed = true
    if ((verb === 'STARTTLS' || verb === 'X-ANONYMOUSTLS') && done) this.#secure(true)
    if (/^[EHL]+LO$/.test(verb) && done) this.#progress.offersTls = reply.lines.some((line) => /^STARTTLS$/i.test(line))
    if (verb === 'DATA' && reply.code === 354) this.#startMessage(place.at)
    else if (verb === 'message') this.#endMessage(reply.code)
  }

  // Where the log shows no lone dot, a reply shows that it was sent
  #endMessage(code: number): void {
    if (code !== 421) this.#text?.end()
    this.#text = undefined
  }

  #startMessage(at: number | undefined): void {
    this.timeline.phase = 'message'
    const event = this.timeline.message({ at })
    this.#text = new MessageText(event)
    if (this.#answered) this.#queue.pushMessage(event.index, this.lmtp)
  }

  /** Ends the session. */
  finish(): void {
    this.#closeReply()
    this.#forgetStray()
    this.#text = undefined
  }
}

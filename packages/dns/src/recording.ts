/** Questions and answers as plain values, so that a test or a report can ask the same again. */

import { MailError } from '@posthorn/core'
import type { DnsErrorCode } from './error.ts'
import { normalizeDnsName } from './name.ts'
import { formatData, parseDataText } from './record.ts'
import type { Answer, FoundAnswer, RecordType, ResolveOptions, Resolver } from './resolver.ts'

/** An answer whose records are texts, as in a master file with whole names; a TXT is the text itself. */
export type RecordedAnswer =
  | Exclude<Answer, FoundAnswer<RecordType>>
  | (Omit<FoundAnswer<'TXT'>, 'records'> & { readonly records: readonly string[] })

/** One question and what was answered; it passes through JSON. */
export interface RecordedQuestion {
  /** For which name, in the form of `normalizeDnsName`. */
  readonly name: string
  /** For which records. */
  readonly type: RecordType
  /** What was answered. */
  readonly answer: RecordedAnswer
}

/**
 * A resolver that asks another, and notes every question with its answer, in the order of the answers.
 *
 * @example
 * const recorder = new RecordingResolver(new MemoryZone().add('a.example', 'MX', { preference: 10, exchange: 'mx.a.example' }))
 * await recorder.resolve('a.example', 'MX')
 * const { name, answer } = recorder.questions[0]!
 * name // 'a.example'
 * answer.status === 'found' && answer.records // ['10 mx.a.example']
 */
export class RecordingResolver implements Resolver {
  readonly #resolver: Resolver
  readonly #questions: RecordedQuestion[] = []

  /** @param resolver Whom to ask. */
  constructor(resolver: Resolver) {
    this.#resolver = resolver
  }

  /** What was asked and answered so far. */
  get questions(): readonly RecordedQuestion[] {
    return this.#questions
  }

  /**
   * Asks one question.
   *
   * @param name The name to look up.
   * @param type Which records to ask for.
   * @param options How to ask.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name.
   */
  async resolve<T extends RecordType>(name: string, type: T, options: ResolveOptions = {}): Promise<Answer<T>> {
    const asked = normalizeDnsName(name)
    const answer = await this.#resolver.resolve(asked, type, options)
    this.#questions.push({ name: asked, type, answer: write(type, answer) })
    return answer
  }
}

function write<T extends RecordType>(type: T, answer: Answer<T>): RecordedAnswer {
  if (answer.status !== 'found') return answer
  return { ...answer, records: answer.records.map((data) => formatData(type, data)) }
}

/**
 * A resolver that gives recorded answers, of a question that was asked several times one after the other, and then the last.
 *
 * @example
 * const answer = { status: 'nodata', name: 'a.example', ttl: 60, authenticated: false } as const
 * const replay = new ReplayingResolver([{ name: 'a.example', type: 'MX', answer }])
 * await replay.resolve('a.example', 'MX') // { status: 'nodata', name: 'a.example', ttl: 60, authenticated: false }
 * await replay.resolve('a.example', 'TXT') // throws DNS_NOT_RECORDED
 */
export class ReplayingResolver implements Resolver {
  readonly #answers = new Map<string, RecordedAnswer[]>()

  /** @param questions What {@link RecordingResolver} noted. */
  constructor(questions: readonly RecordedQuestion[]) {
    for (const { name, type, answer } of questions) {
      const key = `${type} ${normalizeDnsName(name)}`
      const answers = this.#answers.get(key)
      if (answers) answers.push(answer)
      else this.#answers.set(key, [answer])
    }
  }

  /**
   * Answers one question.
   *
   * @param name The name to look up.
   * @param type Which records to give out.
   * @param options The signal is looked at once, as there is nothing to wait for.
   * @throws {MailError} `DNS_BAD_NAME` for a malformed name; `DNS_NOT_RECORDED` for a question that was not asked;
   * `DNS_BAD_RECORD` for recorded data that is none.
   */
  async resolve<T extends RecordType>(name: string, type: T, options: ResolveOptions = {}): Promise<Answer<T>> {
    const asked = normalizeDnsName(name)
    options.signal?.throwIfAborted()
    const answers = this.#answers.get(`${type} ${asked}`)
    if (!answers) {
      throw new MailError<DnsErrorCode>('DNS_NOT_RECORDED', `Cannot answer for ${type} of ${asked}: nobody asked that`)
    }
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    if (answer.status !== 'found') return answer
    return { ...answer, records: answer.records.map((text) => parseDataText(type, text)) }
  }
}

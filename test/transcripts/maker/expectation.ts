/** What an importer should make of a log: what was recorded, as far as the log shows it. */

import { align, findInRows } from './align.ts'
import { type Exchange, MESSAGE_WORD, RESPONSE_WORD, readExchanges } from './exchange.ts'
import type { Turn } from './recorder.ts'
import type { Tool } from './tool.ts'

/** What stands beside each log, in JSON. */
export interface Expectation {
  readonly tool: string
  readonly version?: string
  readonly dialogue: string
  readonly format: string
  readonly perspective: string
  /** Commands with the codes of their replies, in order; in parentheses what only its reply shows. */
  readonly exchanges?: readonly string[]
  /** What the server offered last. */
  readonly capabilities?: Readonly<Record<string, string>>
  readonly tls: { readonly state: string; readonly version?: string; readonly cipher?: string }
  readonly authentication: { readonly mechanism?: string; readonly outcome: string }
  /** `sender > recipient outcome, ...`; the sender is `?` where the log does not show it. */
  readonly transactions: readonly string[]
  /** How it may have ended, as far as the log tells. */
  readonly close: readonly string[]
  /** For each line: `S` where the server says it, `C` the client, `t` the tool; absent where lines are no lines of the dialogue. */
  readonly speakers?: string
  /** What was recorded, with `S: ` before what the server said and `C: ` before what the client said. */
  readonly said?: readonly string[]
}

const OUTCOME = (code: number | undefined): string =>
  code === undefined ? 'unknown' : code < 400 ? 'accepted' : code < 500 ? 'deferred' : 'rejected'
const PATH = /^(?:MAIL FROM|RCPT TO):\s*<([^>]*)>/i

/** What came of each recipient, by what was recorded alone; only recipients that `isShown` are told. */
export function transactionsOf(
  exchanges: readonly Exchange[],
  shows: (exchange: Exchange) => boolean = () => true,
  answers: (exchange: Exchange) => boolean = () => true,
): string[] {
  const transactions: { from: string; to: { address: string; code: number | undefined; final: boolean }[] }[] = []
  for (const exchange of exchanges) {
    const { command } = exchange
    const code = answers(exchange) ? exchange.code : undefined
    const path = PATH.exec(command)?.[1]
    const open = transactions.at(-1)
    if (/^MAIL/i.test(command)) transactions.push({ from: shows(exchange) ? (path ?? '') : '?', to: [] })
    else if (/^RCPT/i.test(command)) {
      const address = shows(exchange) ? (path ?? '') : ''
      open?.to.push({ address, code: (code ?? 0) < 400 ? undefined : code, final: (code ?? 0) >= 400 })
    } else if (command === MESSAGE_WORD || /^BDAT .* LAST/i.test(command)) {
      for (const one of open?.to ?? []) if (!one.final) Object.assign(one, { code, final: true })
    }
  }
  return transactions.map(({ from, to }) => {
    const each = to.map(({ address, code }) => `${address} ${OUTCOME(code)}`.trim())
    return `${from} > ${each.join(', ')}`.trim()
  })
}

function capabilitiesOf(turns: readonly Turn[], exchanges: readonly Exchange[]): Record<string, string> | undefined {
  const hello = exchanges.filter(({ command, code }) => /^[EL]HLO /i.test(command) && code === 250).at(-1)
  const lines = hello?.answered.slice(1).map((at) => {
    const turn = turns[at]
    return turn && 'text' in turn ? turn.text.slice(4) : ''
  })
  return (
    lines &&
    Object.fromEntries(lines.map((line) => [line.split(' ')[0]?.toUpperCase(), line.split(' ').slice(1).join(' ')]))
  )
}

function authenticationOf(
  told: readonly Exchange[],
  asks: (exchange: Exchange) => boolean,
  answers: (exchange: Exchange) => boolean,
): Expectation['authentication'] {
  const steps = told.filter(({ command }) => /^AUTH /i.test(command) || command === RESPONSE_WORD)
  const asked = steps.filter((step) => step.command !== RESPONSE_WORD && asks(step)).at(-1)
  const mechanism = asked?.command.split(' ')[1]?.toUpperCase()
  const codes = steps.filter(answers).map(({ code = 0 }) => code)
  const outcome = codes.includes(235) ? 'accepted' : codes.some((code) => code >= 400) ? 'rejected' : 'unknown'
  return steps.length === 0 ? { outcome: 'none' } : { ...(mechanism && { mechanism }), outcome }
}

function tlsOf(turns: readonly Turn[], text: string, offered: boolean): Expectation['tls'] {
  const raised = turns.find((turn) => turn.by === 'tls')
  if (raised?.by !== 'tls') return { state: offered ? 'offered' : 'none' }
  const number = raised.version.replace('TLSv', '')
  const tells = new RegExp(`TLSv?${number.replace('.', '\\.')}\\b`).test(text)
  return {
    state: 'started',
    ...(tells && { version: raised.version }),
    ...(text.includes(raised.cipher) && { cipher: raised.cipher }),
  }
}

/** Says what a log of a dialogue should come to. */
export function expectDialogue(
  facts: Pick<Expectation, 'tool' | 'version' | 'dialogue' | 'format' | 'perspective'>,
  text: string,
  turns: readonly Turn[],
  { echoes, rows = false, tellsLogin = false }: Pick<Tool, 'echoes' | 'rows' | 'tellsLogin'>,
): Expectation {
  const { all, login } = tellsLogin ? foldLogin(readExchanges(turns)) : { all: readExchanges(turns), login: undefined }
  const messages = new Set(all.flatMap((exchange) => exchange.text))
  const { speakers, shown } = align(text, turns, messages, echoes)
  const inRows = findInRows(text, turns)
  const isShown = (at: number): boolean => (rows ? inRows : shown).has(at)
  const asks = (one: Exchange): boolean => one === login || one.asked.some(isShown)
  const answers = (one: Exchange): boolean => one === login || one.answered.some(isShown)
  const data = all.findIndex((exchange) => exchange.code === 354 && answers(exchange))
  const told = all.filter((one, i) => asks(one) || answers(one) || (one.command === MESSAGE_WORD && i === data + 1))
  const capabilities = capabilitiesOf(turns, told.filter(answers))
  const quits = told.some((one) => /^QUIT$/i.test(one.command) && (asks(one) || answers(one)))
  return {
    ...facts,
    exchanges: told.map((one) => describe(one, asks(one), answers(one))),
    ...(capabilities && { capabilities }),
    tls: tlsOf(turns, text, capabilities !== undefined && 'STARTTLS' in capabilities),
    authentication: authenticationOf(told, asks, answers),
    transactions: transactionsOf(told, asks, answers),
    close: quits ? ['quit'] : ['dropped', 'server-closed', 'unknown'],
    ...(!rows && { speakers }),
    said: turns.flatMap((turn) => ('text' in turn ? [`${turn.by === 'server' ? 'S' : 'C'}: ${turn.text}`] : [])),
  }
}

// A tool that tells in its own words that it asked for AUTH, and what came of it
function foldLogin(exchanges: readonly Exchange[]): { all: Exchange[]; login: Exchange | undefined } {
  const isStep = ({ command }: Exchange): boolean => command === RESPONSE_WORD
  const asked = exchanges.find(({ command }) => /^AUTH /i.test(command))
  const code = exchanges.filter(isStep).at(-1)?.code ?? asked?.code
  if (!asked || code === undefined) return { all: [...exchanges], login: undefined }
  const login = { ...asked, code }
  return { all: exchanges.filter((one) => !isStep(one)).map((one) => (one === asked ? login : one)), login }
}

function describe({ command, code }: Exchange, asks: boolean, answers: boolean): string {
  const shown = command === '' || asks || command === MESSAGE_WORD
  const name = shown ? command : `(${command.split(/[ :]/)[0]?.toUpperCase()})`
  return [name, ...(answers && code !== undefined ? [String(code)] : [])].filter((word) => word !== '').join(' -> ')
}

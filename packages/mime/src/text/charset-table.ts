/**
 * Charsets of one octet a character: US-ASCII below, and above it a table of its own where a runtime lacks the charset
 * or has it wrong, so that all read alike.
 */

import { makeTable } from './octet-table.ts'

// Characters of the octets from 0x80, or from 0xA0 where there are 96.
// QUIRK: some runtimes decode windows-1252 as ISO-8859-1, https://github.com/nodejs/node/issues/56542
const UPPER: Readonly<Record<string, string>> = {
  'windows-1252': '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ',
  'windows-1253':
    '€\u0081‚ƒ„…†‡\u0088‰\u008a‹\u008c\u008d\u008e\u008f\u0090‘’“”•–—\u0098™\u009a›\u009c\u009d\u009e' +
    '\u009f\u00a0΅Ά£¤¥¦§¨©\ufffd«¬\u00ad®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\ufffdΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθι' +
    'κλμνξοπρςστυφχψωϊϋόύώ\ufffd',
  'windows-1255':
    '€\u0081‚ƒ„…†‡ˆ‰\u008a‹\u008c\u008d\u008e\u008f\u0090‘’“”•–—˜™\u009a›\u009c\u009d\u009e\u009f\u00a0¡¢' +
    '£₪¥¦§¨©×«¬\u00ad®¯°±²³´µ¶·¸¹÷»¼½¾¿\u05b0\u05b1\u05b2\u05b3\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05ba' +
    '\u05bb\u05bc\u05bd\u05be\u05bf\u05c0\u05c1\u05c2\u05c3װױײ׳״\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd' +
    '\ufffdאבגדהוזחטיךכלםמןנסעףפץצקרשת\ufffd\ufffd\u200e\u200f\ufffd',
  'windows-874':
    '€\u0081\u0082\u0083\u0084…\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090‘’“”•–—' +
    '\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f\u00a0กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮ' +
    'ฯะ\u0e31าำ\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\ufffd\ufffd\ufffd\ufffd฿เแโใไๅๆ\u0e47\u0e48' +
    '\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e๏๐๑๒๓๔๕๖๗๘๙๚๛\ufffd\ufffd\ufffd\ufffd',
  'koi8-u':
    '─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00a0⌡°²·÷═║╒ёє╔ії╗╘╙╚╛ґў╞╟╠╡ЁЄ╣ІЇ╦╧╨╩╪ҐЎ©юабцдефгхийклмнопярстужвьызшэщч' +
    'ъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ',
  'iso-8859-16':
    '\u00a0ĄąŁ€„Š§š©Ș«Ź\u00adźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűù' + 'úûüęțÿ',
}

const tables = new Map<string, Uint16Array>()

/**
 * Finds the characters of all octets in a charset of one octet a character.
 *
 * @internal
 * @returns 256 UTF-16 units, U+FFFD for octets without a character; nothing where the runtime lacks the charset.
 */
export function charsetTable(name: string): Uint16Array | undefined {
  const made = tables.get(name)
  if (made) return made
  const upper = UPPER[name] ?? upperOfRuntime(name)
  if (upper === undefined) return undefined
  const table = makeTable(upper)
  tables.set(name, table)
  return table
}

// Below 0x80 some runtimes change controls.
function upperOfRuntime(name: string): string | undefined {
  try {
    const text = new TextDecoder(name).decode(LATIN_1_UPPER)
    return text.length === 128 ? text : undefined
  } catch {
    return undefined
  }
}

const LATIN_1_UPPER = /* @__PURE__ */ (() => Uint8Array.from({ length: 128 }, (_, at) => at + 128))()

/**
 * Labels of charsets as mail has them: those of the WHATWG Encoding Standard, and the names of code pages that mail
 * programs write besides.
 */

// Octets of these are US-ASCII to a scanner and something else to a reader, or the reverse.
const REFUSED =
  'utf7 unicode11utf7 csunicode11utf7 utf7imap hz hzgb2312 iso2022kr csiso2022kr iso2022cn iso2022cnext replacement ' +
  'xuserdefined scsu bocu1 cesu8 utf32 utf32le utf32be ucs4 iso10646ucs4'

// By charset, labels without all but letters and digits.
const ALIASES: Readonly<Record<string, string>> = {
  'utf-8': 'utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb3 utf8mb4 cp65001 xutf8',
  'us-ascii': 'usascii ascii us ansix341968 ansix341986 iso646us iso646irv1991 isoir6 cp367 ibm367 csascii',
  'windows-1252': 'latin1 l1 isolatin1 csisolatin1 isoir100 cp819 ibm819 ansi',
  'iso-8859-2': 'latin2 l2 csisolatin2 isoir101',
  'iso-8859-3': 'latin3 l3 csisolatin3 isoir109',
  'iso-8859-4': 'latin4 l4 csisolatin4 isoir110',
  'iso-8859-5': 'cyrillic csisolatincyrillic isoir144',
  'iso-8859-6': 'arabic csisolatinarabic isoir127 iso88596i iso88596e asmo708 ecma114',
  'iso-8859-7': 'greek greek8 csisolatingreek isoir126 elot928 ecma118',
  'iso-8859-8': 'hebrew csisolatinhebrew isoir138 iso88598i iso88598e csiso88598i csiso88598e logical visual',
  'windows-1254': 'latin5 l5 csisolatin5 isoir148',
  'iso-8859-10': 'latin6 l6 csisolatin6 isoir157',
  'iso-8859-13': 'latin7',
  'iso-8859-14': 'latin8',
  'iso-8859-15': 'latin9 l9 csisolatin9',
  'iso-8859-16': 'latin10 l10',
  'windows-874': 'tis620 dos874 iso885911',
  'koi8-r': 'koi8r koi8 koi cskoi8r',
  'koi8-u': 'koi8u koi8ru',
  ibm866: 'ibm866 cp866 866 csibm866',
  macintosh: 'macintosh mac macroman xmacroman csmacintosh',
  'x-mac-cyrillic': 'xmaccyrillic xmacukrainian maccyrillic',
  // The decoder of GB 18030 is that of GBK in the standard too, and is alike where those of GBK differ.
  gb18030:
    'gb18030 gbk xgbk gb2312 csgb2312 gb231280 isoir58 csiso58gb231280 chinese euccn xeuccn cp936 ms936 windows936',
  big5: 'big5 cnbig5 csbig5 xxbig5 big5hkscs big5eten cp950 ms950 windows950',
  'euc-kr':
    'euckr cseuckr ksc5601 ksc56011987 ksc56011989 csksc56011987 korean isoir149 uhc cp949 xcp949 ms949 windows949 ' +
    'xwindows949',
  'euc-jp': 'eucjp xeucjp xeuc ujis eucjpms cp51932 cseucpkdfmtjapanese',
  shift_jis: 'shiftjis sjis xsjis csshiftjis mskanji windows31j cswindows31j cp932 ms932 xms932 windows932',
  'iso-2022-jp': 'iso2022jp csiso2022jp iso2022jpms cp50220 cp50221 cp50222',
  'utf-16': 'utf16 ucs2 iso10646ucs2 csunicode unicode',
  'utf-16be': 'utf16be unicodefffe',
  'utf-16le': 'utf16le unicodefeff',
}

const MAX_LABEL = 60
// iso-8859-N, also with the year of the standard; windows-NNNN and cpNNNN
const ISO_8859 = /^(?:cs)?iso8859(1[03-6]?|[2-9])(?:\d{4})?$/
const WINDOWS = /^(?:windows|xwindows|win|cp|xcp|ms|xansi)(125[0-8]|874)$/
const SAME: Readonly<Record<string, string>> = { '1': 'windows-1252', '9': 'windows-1254' }

let names: Map<string, string> | undefined

/**
 * Finds the charset that a label means.
 *
 * @internal
 * @returns Its name in the Encoding Standard, `refused`, or nothing.
 */
export function charsetName(label: string): string | undefined {
  if (label.length > MAX_LABEL) return undefined
  names ??= namesOf()
  const known = names.get(label)
  if (known) return known
  const key = label.toLowerCase().replace(/[^a-z0-9]+/g, '')
  const iso = ISO_8859.exec(key)?.[1]
  if (iso) return SAME[iso] ?? `iso-8859-${iso}`
  const page = WINDOWS.exec(key)?.[1]
  if (page) return `windows-${page}`
  return names.get(key)
}

function namesOf(): Map<string, string> {
  const made = new Map<string, string>()
  for (const [name, labels] of Object.entries(ALIASES)) {
    for (const label of [name, ...labels.split(' ')]) made.set(label, name)
  }
  for (const label of REFUSED.split(' ')) made.set(label, 'refused')
  return made
}

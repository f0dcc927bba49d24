import { SpreadsheetError } from '../spreadsheet.ts'

/**
 * The legacy encodings that are looked for, by the names the Encoding Standard (WHATWG) gives them and TextDecoder
 * takes, with the names the detector has for them. Of two that read a text the same, the one further up is named:
 * Windows wrote most of these files, and ISO-8859-1 is Windows-1252 to everyone. ISO-8859-8 is none of its own: it has
 * no letter that Windows-1255 has not at the same place. (By its name a text is read in any encoding of the standard.)
 */
export const LEGACY_ENCODINGS: readonly (readonly [label: string, detectorNames: readonly string[]])[] = [
  ['windows-1252', ['windows-1252', 'iso-8859-1']],
  ['windows-1250', ['windows-1250']],
  ['windows-1251', ['windows-1251']],
  ['windows-1253', ['windows-1253']],
  ['windows-1254', ['windows-1254', 'iso-8859-9']],
  ['windows-1255', ['windows-1255', 'iso-8859-8']],
  ['windows-1256', ['windows-1256']],
  ['windows-1257', ['windows-1257']],
  ['windows-1258', ['windows-1258', 'cp1258']],
  ['windows-874', ['cp874', 'tis-620']],
  ['iso-8859-2', ['iso-8859-2']],
  ['iso-8859-5', ['iso-8859-5']],
  ['iso-8859-7', ['iso-8859-7']],
  ['iso-8859-13', ['iso-8859-13']],
  ['iso-8859-15', ['iso-8859-15']],
  ['koi8-r', ['koi8-r']],
  ['koi8-u', ['koi8-u']],
  ['ibm866', ['cp866']],
  ['macintosh', ['mac-roman']],
  ['x-mac-cyrillic', ['mac-cyrillic']],
  ['shift_jis', ['cp932', 'shift_jis_2004']],
  ['euc-jp', ['euc-jis-2004']],
  ['euc-kr', ['cp949', 'euc-kr']],
  ['big5', ['big5hkscs']],
  ['gb18030', ['gb18030']],
]

/** The standard's name of an encoding that a person named in one of its many ways ("latin1", "cp1252", "SJIS"). */
export function encodingByName(name: string): string {
  try {
    return new TextDecoder(OTHER_NAMES[name.trim().toLowerCase()] ?? name).encoding
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new SpreadsheetError(
      'unknown_option',
      `There is no text encoding "${name}".`,
      'Name one such as utf-8, windows-1252, iso-8859-2, shift_jis or gb18030.',
    )
  }
}

/** Names in use that the standard has no label for. */
const OTHER_NAMES: Record<string, string> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'mac-roman': 'macintosh',
  macroman: 'macintosh',
}

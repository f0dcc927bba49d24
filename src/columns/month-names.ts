import { folding } from './header-key.ts'

/** Long and short names of the months in English, German, French and Spanish, without accents. */
const NAMES = [
  'january jan januar janner janvier janv enero ene',
  'february feb februar feber fevrier fevr fev febrero',
  'march mar marz mrz maerz mars marzo',
  'april apr avril avr abril abr',
  'may mai mayo',
  'june jun juni juin junio',
  'july jul juli juillet juil julio',
  'august aug aout agosto ago',
  'september sep sept septembre septiembre setiembre',
  'october oct oktober okt octobre octubre',
  'november nov novembre noviembre',
  'december dec dezember dez decembre diciembre dic',
]

const MONTHS = new Map(NAMES.flatMap((names, index) => names.split(' ').map((name) => [name, index + 1] as const)))

/** The number of the month with this name, 1 to 12; undefined when it is not one. */
export function findMonth(name: string): number | undefined {
  return MONTHS.get(name) ?? MONTHS.get(folding(name))
}

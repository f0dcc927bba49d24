import type { OutColumn, OutRule } from '../../out-sheet.ts'
import { isoToSerial } from '../../serial-date.ts'
import { type ListSheet, listFormula } from './list-sheet.ts'
import { escapeXml } from './xml-text.ts'

const LAST_ROW = 1_048_576
/** Longer ones make Excel repair the file. */
const MOST_TITLE = 32
const MOST_TEXT = 255

/** What a cell may be: the kind of rule and its bounds, as formulas. */
type Condition = { kind: string; low?: string | undefined; high?: string | undefined }

/**
 * The rules for what may be typed below the header (ECMA-376 Part 1, 18.3.1.33), over the whole column. They tell a
 * person at once; what is pasted or already there they don't touch.
 */
export function rulesXml(columns: OutColumn[], letters: string[], lists: ListSheet | undefined): string {
  const rules = columns.flatMap((column, index) => ruleXml(column, letters[index] ?? '', lists) ?? [])
  return rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`
}

function ruleXml(column: OutColumn, letters: string, lists: ListSheet | undefined): string | undefined {
  const { rule } = column
  const condition = rule && conditionOf(column, rule, lists)
  if (!rule || !condition) return undefined
  const { kind, low, high } = condition
  const operator = low === undefined ? 'lessThanOrEqual' : high === undefined ? 'greaterThanOrEqual' : 'between'
  const title = escapeXml(cut(column.header, MOST_TITLE))
  const attributes = [
    `type="${kind}"`,
    mayGoOn(column, rule) ? 'errorStyle="warning"' : '',
    kind === 'list' ? '' : `operator="${operator}"`,
    'allowBlank="1" showErrorMessage="1"',
    `errorTitle="${title}" error="${escapeXml(cut(rule.error, MOST_TEXT))}"`,
    rule.prompt ? `showInputMessage="1" promptTitle="${title}" prompt="${escapeXml(cut(rule.prompt, MOST_TEXT))}"` : '',
    `sqref="${letters}2:${letters}${LAST_ROW}"`,
  ]
  const formulas = [low, high].filter((each) => each !== undefined)
  const content = formulas.map((formula, at) => `<formula${at + 1}>${escapeXml(formula)}</formula${at + 1}>`)
  return `<dataValidation ${attributes.filter((each) => each !== '').join(' ')}>${content.join('')}</dataValidation>`
}

function conditionOf({ type }: OutColumn, rule: OutRule, lists: ListSheet | undefined): Condition | undefined {
  const { choices, min, max } = rule
  if (choices !== undefined) {
    return choices.length === 0 ? undefined : { kind: 'list', low: listFormula(choices, lists) }
  }
  switch (type) {
    case 'boolean':
      return { kind: 'list', low: '"TRUE,FALSE"' }
    case 'number':
      return bounded('decimal', number(min), number(max)) ?? { kind: 'decimal', low: '-1E+300', high: '1E+300' }
    case 'integer': {
      const most = String(Number.MAX_SAFE_INTEGER)
      return { kind: 'whole', low: number(min) ?? `-${most}`, high: number(max) ?? most }
    }
    case 'date':
    case 'datetime':
      return bounded('date', serial(min), serial(lastMoment(max, type))) ?? { kind: 'date', low: '1' }
    default:
      return bounded('textLength', number(min), number(max))
  }
}

function bounded(kind: string, low: string | undefined, high: string | undefined): Condition | undefined {
  return low === undefined && high === undefined ? undefined : { kind, low, high }
}

function number(bound: number | string | undefined): string | undefined {
  return typeof bound === 'number' && Number.isFinite(bound) ? String(bound).toUpperCase() : undefined
}

function serial(bound: number | string | undefined): string | undefined {
  return typeof bound === 'string' ? isoToSerial(bound)?.toString() : undefined
}

/** A last day of date-times is meant with all of its hours. */
function lastMoment(max: number | string | undefined, type: 'date' | 'datetime'): number | string | undefined {
  return type === 'datetime' && typeof max === 'string' && max.length === 10 ? `${max}T23:59:59` : max
}

/** Days before 1900 are no dates to Excel, and have to be written as text; where they are allowed, it only warns. */
function mayGoOn({ type }: OutColumn, { min }: OutRule): boolean {
  return (type === 'date' || type === 'datetime') && serial(min) === undefined
}

function cut(text: string, most: number): string {
  const flat = text.replace(/\s+/g, ' ')
  return flat.length <= most ? flat : `${flat.slice(0, most - 1).toWellFormed()}…`
}

import { types } from 'node:util'
import { Script } from 'node:vm'
import { compileCheck } from '../columns/check-cell.ts'
import { type Checked, isMisfit } from '../columns/checked.ts'
import type { Column, TemplateShape, Value, Values } from '../columns/column.ts'
import { parseInput } from '../columns/parse-value.ts'
import { Refusal } from './context.ts'
import { nameKey } from './template-input.ts'

/**
 * What somebody gives for a record: texts by column id, as a page's form sends them, or values by column name, as the
 * API has them. Columns that are not named are left alone.
 */
export type RecordInput = { form: Record<string, string> } | { json: unknown }

type Field = { path: string; message: string }

/**
 * The clean values by column id, checked exactly as a cell of a file is checked.
 * Throws a 422 with a message at every field that is wrong.
 */
export function readRecord(shape: TemplateShape, input: RecordInput): Values {
  return 'form' in input ? readForm(shape, input.form) : readJson(shape, input.json)
}

/** What the sender calls a column in `fields`. */
export function pathOf(column: Column, input: RecordInput): string {
  return 'form' in input ? column.id : `values.${column.name}`
}

function readForm(shape: TemplateShape, form: Record<string, string>): Values {
  const given = shape.columns.flatMap((column) => {
    const text = Object.hasOwn(form, column.id) ? form[column.id] : undefined
    return text === undefined ? [] : [{ column, path: column.id, check: () => parseInput(text, column) }]
  })
  return check(given)
}

function readJson(shape: TemplateShape, json: unknown): Values {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Refusal(422, {
      code: 'invalid',
      message: 'values must be an object such as {"Column name": value}.',
      fields: [{ path: 'values', message: 'must be an object' }],
    })
  }
  const byName = new Map(shape.columns.map((column) => [nameKey(column.name), column]))
  const unknown: Field[] = []
  const given = Object.entries(json).flatMap(([name, value]) => {
    const column = byName.get(nameKey(name))
    if (column !== undefined) return [{ column, path: `values.${name}`, check: () => checkJson(value, column) }]
    unknown.push({ path: `values.${name}`, message: `The template has no column '${name}'.` })
    return []
  })
  refuseFields(unknown)
  return check(given)
}

function checkJson(value: unknown, column: Column): Checked {
  if (typeof value === 'string') return parseInput(value, column)
  if (isValue(value)) return compileCheck(column)(value)
  const message = `${column.name}: expected a text, a number, true, false or null, not a list or an object.`
  return { code: 'not_text', message, value: '' }
}

function isValue(value: unknown): value is Value {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

type Given = { column: Column; path: string; check: () => Checked }

function check(given: Given[]): Values {
  const checked = inTime(given)
  const wrong: Field[] = []
  const values: Values = {}
  for (const { column, path, outcome } of checked) {
    if (isMisfit(outcome)) wrong.push({ path, message: outcome.message })
    else values[column.id] = outcome
  }
  refuseFields(wrong)
  return values
}

const LONGEST_CHECK_MS = 250

/** A person wrote the patterns, and some patterns take for ever on some texts; this runs in the process that serves everybody. */
function inTime(given: Given[]): { column: Column; path: string; outcome: Checked }[] {
  const outcomes = () => given.map(({ column, path, check }) => ({ column, path, outcome: check() }))
  if (given.every(({ column }) => column.pattern === null)) return outcomes()
  try {
    return new Script('outcomes()').runInNewContext({ outcomes }, { timeout: LONGEST_CHECK_MS })
  } catch (error) {
    // It comes from the other context, whose Error is not ours.
    if (!(types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')) throw error
    throw new Refusal(422, {
      code: 'slow_pattern',
      message: 'Checking these values against the pattern of a column took too long.',
      hint: 'Make the pattern of the column simpler.',
    })
  }
}

function refuseFields(fields: Field[]): void {
  if (fields.length > 0) throw refusedFields(fields)
}

/** The refusal of a record for what is wrong with these fields. */
export function refusedFields(fields: Field[]): Refusal {
  const [first] = fields
  const message = fields.length === 1 && first ? first.message : `${fields.length} fields can't be saved as they are.`
  return new Refusal(422, { code: 'invalid', message, fields })
}

import type { Column, ColumnType, TemplateShape } from '../../src/columns/column.ts'

let made = 0

/** A column of this type without any rule, named "Field" unless told otherwise. */
export function aColumn(type: ColumnType, rules: Partial<Column> = {}): Column {
  made += 1
  return {
    id: `c${String(made).padStart(7, '0')}`,
    name: 'Field',
    type,
    required: false,
    unique: false,
    key: false,
    aliases: [],
    choices: [],
    min: null,
    max: null,
    pattern: null,
    dateOrder: null,
    decimal: 'point',
    ...rules,
  }
}

/** A template of text columns with these names. */
export function aShape(...columns: (string | Column)[]): TemplateShape {
  return {
    id: 't1',
    name: 'Members',
    version: 1,
    columns: columns.map((column) => (typeof column === 'string' ? aColumn('text', { name: column }) : column)),
    groupColumnId: null,
  }
}

import type { Column, ColumnType } from '../columns/column.ts'
import { DATE_ORDER_WORDS, TYPE_WORDS } from './column-words.ts'
import { errorOf, type FieldError, FieldMessage } from './form-errors.tsx'

const INPUTS: Record<ColumnType, { type: string; inputmode?: 'decimal' | 'numeric'; step?: string }> = {
  text: { type: 'text' },
  number: { type: 'text', inputmode: 'decimal' },
  integer: { type: 'text', inputmode: 'numeric' },
  boolean: { type: 'text' },
  date: { type: 'date' },
  datetime: { type: 'datetime-local', step: '1' },
  email: { type: 'email' },
  url: { type: 'url' },
  choice: { type: 'text' },
}

type Props = { column: Column; text: string; errors: FieldError[]; first: boolean }

/** The input that fits the column's type, with its rules in words. */
export function RecordField({ column, text, errors, first }: Props) {
  const message = errorOf(errors, column.id)
  const shared = {
    id: `value-${column.id}`,
    name: `values[${column.id}]`,
    autofocus: first,
    'aria-invalid': message ? 'true' : undefined,
    'aria-describedby': `rules-${column.id}${message ? ` error-${column.id}` : ''}`,
  }
  return (
    <div class="field">
      <label class="field-label" for={shared.id}>
        {column.name}
        {column.required && <span class="field-mark">required</span>}
        {column.key && <span class="field-mark">key</span>}
      </label>
      <ValueInput column={column} text={text} shared={shared} />
      <p id={`rules-${column.id}`} class="field-hint">
        {rules(column)}
      </p>
      <FieldMessage id={`error-${column.id}`} message={message} />
    </div>
  )
}

type InputProps = { column: Column; text: string; shared: Record<string, unknown> }

export function ValueInput({ column, text, shared }: InputProps) {
  if (column.type === 'boolean') {
    return <Options shared={shared} text={text} options={['yes', 'no']} none="not set" />
  }
  if (column.type === 'choice') {
    return <Options shared={shared} text={text} options={column.choices} none="not set" />
  }
  // A browser empties a date field whose text is no date; then it shows what was typed instead.
  const input = INPUTS[column.type]
  const isDate = column.type === 'date' || column.type === 'datetime'
  const readable = !isDate || text === '' || /^\d{4}-\d\d-\d\d(T[\d:]+)?$/.test(text)
  if (column.type === 'text' && (text.includes('\n') || text.length > 80)) {
    return (
      <textarea {...shared} rows={4}>
        {text}
      </textarea>
    )
  }
  return (
    <input
      {...shared}
      type={readable ? input.type : 'text'}
      inputmode={input.inputmode}
      step={input.step}
      value={text}
      autocomplete="off"
    />
  )
}

type OptionsProps = { shared: Record<string, unknown>; text: string; options: string[]; none: string }

function Options({ shared, text, options, none }: OptionsProps) {
  const all = text === '' || options.includes(text) ? options : [text, ...options]
  return (
    <select {...shared}>
      <option value="">{none}</option>
      {all.map((option) => (
        <option value={option} selected={option === text}>
          {option}
        </option>
      ))}
    </select>
  )
}

function rules(column: Column): string {
  const unit = column.type === 'text' ? ' characters' : ''
  return [
    TYPE_WORDS[column.type],
    column.dateOrder && column.type === 'date' ? `in files ${DATE_ORDER_WORDS[column.dateOrder]}` : null,
    column.min !== null && `at least ${column.min}${unit}`,
    column.max !== null && `at most ${column.max}${unit}`,
    column.pattern && `like ${column.pattern}`,
    column.unique && 'unique',
  ]
    .filter(Boolean)
    .join(', ')
}

import { COLUMN_TYPES, DATE_ORDERS } from '../columns/column.ts'
import { DATE_ORDER_WORDS, TYPE_WORDS } from './column-words.ts'
import { errorOf, type FieldError, FieldMessage } from './form-errors.tsx'
import { Icon, type IconName } from './icon.tsx'
import type { ColumnDraft, EditorState } from './template-draft.ts'

type Props = { column: ColumnDraft; position: number; last: boolean; state: EditorState }

export function ColumnRow({ column, position, last, state }: Props) {
  const at = (field: string) => `columns[${column.index}][${field}]`
  const errors = state.errors.filter((error) => error.path.startsWith(`columns.${position}.`))
  const called = column.name || `column ${position + 1}`
  const nameError = errorOf(errors, `columns.${position}.name`)
  return (
    <li id={`column-${column.index}`} class="column" data-reorder-item>
      <input type="hidden" name={at('id')} value={column.id} />
      <input type="hidden" name={at('evidence')} value={column.evidence} />
      <input type="hidden" name={at('samples')} value={column.samples} />
      <span class="column-grip" draggable="true" title="Drag to reorder" aria-hidden="true">
        <Icon name="grip" />
        <span class="column-number">{position + 1}</span>
      </span>
      <div class="column-name">
        <label class="visually-hidden" for={`name-${column.index}`}>
          Name of column {position + 1}
        </label>
        <input
          id={`name-${column.index}`}
          name={at('name')}
          value={column.name}
          placeholder="Name"
          required
          maxlength={200}
          autofocus={state.focus === column.index}
          autocomplete="off"
          aria-invalid={nameError ? 'true' : undefined}
          aria-describedby={nameError ? `name-error-${column.index}` : undefined}
        />
        <FieldMessage id={`name-error-${column.index}`} message={nameError} />
      </div>
      <div class="column-type">
        <label class="visually-hidden" for={`type-${column.index}`}>
          Type of {called}
        </label>
        <select id={`type-${column.index}`} name={at('type')} data-type-select>
          {COLUMN_TYPES.map((type) => (
            <option value={type} selected={column.type === type}>
              {TYPE_WORDS[type]}
            </option>
          ))}
        </select>
      </div>
      <div class="column-flags">
        <Flag name={at('required')} label="required" checked={column.required} />
        <Flag name={at('unique')} label="unique" checked={column.unique} />
        <Flag name={at('key')} label="key" checked={column.key} />
      </div>
      <div class="column-buttons">
        <Move
          action={`up:${column.index}`}
          icon="up"
          label={`Move ${called} up`}
          disabled={position === 0}
          state={state}
        />
        <Move action={`down:${column.index}`} icon="down" label={`Move ${called} down`} disabled={last} state={state} />
        <Move
          action={`remove:${column.index}`}
          icon="trash"
          label={`Remove ${called}`}
          disabled={false}
          state={state}
        />
      </div>
      <Evidence column={column} />
      <ColumnRules column={column} at={at} errors={errors.filter((error) => error.message !== nameError)} />
    </li>
  )
}

function Flag({ name, label, checked }: { name: string; label: string; checked: boolean }) {
  return (
    <label class="flag">
      <input type="checkbox" name={name} value="yes" checked={checked} />
      {label}
    </label>
  )
}

type MoveProps = { action: string; icon: IconName; label: string; disabled: boolean; state: EditorState }

function Move({ action, icon, label, disabled, state }: MoveProps) {
  return (
    <button
      class="icon-button"
      type="submit"
      name="action"
      value={action}
      id={`do-${action.replace(':', '-')}`}
      formnovalidate
      disabled={disabled}
      title={label}
      hx-post={state.action}
      hx-target="#columns"
      hx-swap="outerMorph"
      hx-sync="closest form:drop"
    >
      <Icon name={icon} />
      <span class="visually-hidden">{label}</span>
    </button>
  )
}

function Evidence({ column }: { column: ColumnDraft }) {
  const lines = column.evidence.split('\n').filter(Boolean)
  if (lines.length === 0 && !column.samples) return null
  return (
    <div class="column-evidence">
      {lines.map((line) => (
        <p>{line}</p>
      ))}
      {column.samples && (
        <p class="samples">
          {column.samples
            .split('\n')
            .filter(Boolean)
            .map((sample) => (
              <code>{sample}</code>
            ))}
        </p>
      )}
    </div>
  )
}

type RulesProps = { column: ColumnDraft; at: (field: string) => string; errors: FieldError[] }

/** What only some columns need. The style shows the fields that fit the chosen type. */
function ColumnRules({ column, at, errors }: RulesProps) {
  const { aliases, choices, min, max, pattern, dateOrder } = column
  const open = errors.length > 0 || (column.type === 'choice' && choices === '')
  const set = [aliases, choices, min, max, pattern, dateOrder].filter(Boolean).length
  return (
    <details class="column-more" open={open}>
      <summary>{set === 0 ? 'More rules' : `More rules (${set})`}</summary>
      <div class="fields">
        <label class="field only-choice">
          <span class="field-label">Choices, one a line</span>
          <textarea name={at('choices')} rows={4}>
            {choices}
          </textarea>
        </label>
        <label class="field">
          <span class="field-label">Also called, one name a line</span>
          <textarea name={at('aliases')} rows={2}>
            {aliases}
          </textarea>
        </label>
        <label class="field only-range">
          <span class="field-label">At least</span>
          <input name={at('min')} value={min} autocomplete="off" />
        </label>
        <label class="field only-range">
          <span class="field-label">At most</span>
          <input name={at('max')} value={max} autocomplete="off" />
        </label>
        <label class="field only-text">
          <span class="field-label">Pattern (regular expression)</span>
          <input name={at('pattern')} value={pattern} autocomplete="off" spellcheck={false} />
        </label>
        <label class="field only-date">
          <span class="field-label">Dates written as text are</span>
          <select name={at('dateOrder')}>
            <option value="">asked for when a file has some</option>
            {DATE_ORDERS.map((order) => (
              <option value={order} selected={dateOrder === order}>
                {DATE_ORDER_WORDS[order]}
              </option>
            ))}
          </select>
        </label>
        <label class="field only-number">
          <span class="field-label">Numbers written as text use</span>
          <select name={at('decimal')}>
            <option value="">what the file shows, else asked for</option>
            <option value="point" selected={column.decimal === 'point'}>
              1,250.50
            </option>
            <option value="comma" selected={column.decimal === 'comma'}>
              1.250,50
            </option>
          </select>
        </label>
      </div>
      {errors.map((error) => (
        <FieldMessage id={`error-${error.path}`} message={error.message} />
      ))}
    </details>
  )
}

import type { Column, Value } from '../columns/column.ts'
import { recordPath } from './paths.ts'
import { ValueInput } from './record-field.tsx'
import { DisplayValue } from './value.tsx'

type Props = {
  templateId: string
  recordId: number
  column: Column
  text: string
  /** Why what was typed was refused. */
  message: string | null
}

/** A cell of the table while it is edited; its answer takes its place. */
export function RecordCellForm({ templateId, recordId, column, text, message }: Props) {
  const path = `${recordPath(templateId, recordId)}/cells/${column.id}`
  const shared = {
    name: `values[${column.id}]`,
    autofocus: true,
    'aria-label': column.name,
    'aria-invalid': message === null ? undefined : 'true',
  }
  return (
    <form class="cell-form" method="post" action={path} hx-post={path} hx-target="closest td" hx-swap="innerHTML">
      <ValueInput column={column} text={text} shared={shared} />
      <button class="visually-hidden" type="submit" tabindex={-1}>
        Save
      </button>
      {message !== null && (
        <p class="field-error" role="alert">
          {message}
        </p>
      )}
    </form>
  )
}

export function RecordCell({ column, value }: { column: Column; value: Value }) {
  return <DisplayValue value={value} column={column} />
}

import { columnLetters } from '../spreadsheets/cell.ts'
import { ColumnRow } from './column-row.tsx'
import { formatNumber, plural } from './format.ts'
import { Icon } from './icon.tsx'
import type { EditorState, TemplateDraft } from './template-draft.ts'

type Props = { draft: TemplateDraft; state: EditorState }

/** The rows of the editor with the header that they make; swapped in place. */
export function ColumnsRegion({ draft, state }: Props) {
  const { columns } = draft
  return (
    <section id="columns" class="stack" aria-labelledby="columns-title">
      <div class="section-head">
        <h2 id="columns-title">Columns</h2>
        <p class="quiet">{columns.length === 0 ? 'none yet' : formatNumber(columns.length)}</p>
      </div>
      <HeaderPreview draft={draft} state={state} />
      <RemovedWarning draft={draft} state={state} />
      {columns.length === 0 && (
        <p class="quiet">Add the columns that a file should have. You can also save without and add them later.</p>
      )}
      <ol class="card columns" data-reorder>
        {columns.map((column, position) => (
          <ColumnRow column={column} position={position} last={position === columns.length - 1} state={state} />
        ))}
      </ol>
      <div class="actions">
        <button
          id="add-column"
          class="button button-plain"
          type="submit"
          name="action"
          value="add"
          formnovalidate
          hx-post={state.action}
          hx-target="#columns"
          hx-swap="outerMorph"
          hx-sync="closest form:drop"
        >
          <Icon name="plus" />
          Add column
        </button>
      </div>
      <GroupBy draft={draft} />
    </section>
  )
}

/** The first row of the spreadsheet that people fill in. */
function HeaderPreview({ draft, state }: Props) {
  const named = draft.columns.map((column) => column.name.trim())
  return (
    <section
      id="header-preview"
      class="table-frame"
      tabindex={0}
      aria-label="Preview of the header row"
      hx-post={state.action}
      hx-vals='{"action": "preview"}'
      hx-trigger="input from:#template-form delay:200ms"
      hx-target="this"
      hx-select="#header-preview"
      hx-swap="outerMorph"
      hx-sync="this:replace"
    >
      <table class="sheet">
        <tbody>
          <tr class="sheet-letters">
            <td />
            {named.map((_, index) => (
              <td>{columnLetters(index)}</td>
            ))}
            {named.length === 0 && <td>A</td>}
          </tr>
          <tr>
            <td class="sheet-number" aria-hidden="true">
              1
            </td>
            {named.map((name) => (
              <td class="sheet-cell">{name || <span class="quiet">unnamed</span>}</td>
            ))}
            {named.length === 0 && <td class="sheet-cell quiet">the header row appears here</td>}
          </tr>
        </tbody>
      </table>
    </section>
  )
}

function RemovedWarning({ draft, state }: Props) {
  if (draft.removed.length === 0) return null
  return (
    <div class="callout callout-decide" role="status">
      <Icon name="alert" />
      <p>
        {draft.removed.map((name) => (
          <input type="hidden" name="removed" value={name} />
        ))}
        Saving removes <strong>{draft.removed.join(', ')}</strong>
        {state.records > 0 && (
          <>
            {' '}
            and deletes what stands in {draft.removed.length === 1 ? 'it' : 'them'} in {plural(state.records, 'record')}
          </>
        )}
        .
      </p>
    </div>
  )
}

function GroupBy({ draft }: { draft: TemplateDraft }) {
  if (draft.columns.length === 0) return <input type="hidden" name="group" value="" />
  return (
    <label class="field field-short">
      <span class="field-label">Count progress by</span>
      <select name="group">
        <option value="">rows only</option>
        {draft.columns.map((column) => (
          <option value={String(column.index)} selected={draft.group === String(column.index)}>
            {column.name || 'unnamed'}
          </option>
        ))}
      </select>
      <span class="field-hint">For example by scout: a running import then says “38 of 52”.</span>
    </label>
  )
}

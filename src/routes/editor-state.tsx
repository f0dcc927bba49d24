import { ColumnsRegion } from '../views/columns-region.tsx'
import { renderFragment } from '../views/render.ts'
import type { EditorState, TemplateDraft } from '../views/template-draft.ts'

export function editorState(action: string, state: Partial<EditorState> = {}): EditorState {
  return { action, records: 0, errors: [], focus: null, ...state }
}

/** What htmx swaps after a button of the editor was pressed. */
export function renderColumns(draft: TemplateDraft, state: EditorState): string {
  return renderFragment(<ColumnsRegion draft={draft} state={state} />)
}

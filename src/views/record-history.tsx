import type { Column, Value } from '../columns/column.ts'
import { jobPath } from './paths.ts'
import { Time } from './time.tsx'
import { DisplayValue } from './value.tsx'

/** One step in the life of a record. */
export type ChangeView = {
  entry: number
  action: 'create' | 'update' | 'delete'
  kind: 'import' | 'undo' | 'edit'
  /** The import or undo that did it; null for a change by hand. */
  jobId: string | null
  file: string | null
  actor: string
  at: string
  changes: { columnId: string; before: Value; after: Value }[]
}

type Props = { templateId: string; columns: Column[]; history: ChangeView[] }

/** What happened to a record, the latest first: who did it, when, and every value that became another. */
export function RecordSteps({ templateId, columns, history }: Props) {
  return (
    <ol class="rows">
      {history.map((change) => (
        <li class="row">
          <div class="row-main">
            <p>
              {VERBS[change.action]} <Doer templateId={templateId} change={change} />
            </p>
            <Changed columns={columns} change={change} />
            <p class="quiet">
              <Time at={change.at} />
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}

const VERBS = { create: 'Created', update: 'Changed', delete: 'Deleted' }

function Doer({ templateId, change: { kind, jobId, file, actor } }: { templateId: string; change: ChangeView }) {
  if (jobId === null) return <>by {actor}</>
  return (
    <>
      by{' '}
      <a href={jobPath({ id: jobId, template_id: templateId })}>
        {kind === 'undo' ? 'an undo' : 'the import'}
        {file && ` of ${file}`}
      </a>{' '}
      ({actor})
    </>
  )
}

function Changed({ columns, change: { action, changes } }: { columns: Column[]; change: ChangeView }) {
  return (
    <dl class="changes">
      {columns.flatMap((column) =>
        changes
          .filter(({ columnId }) => columnId === column.id)
          .map(({ before, after }) => (
            <div>
              <dt>{column.name}</dt>
              <dd>
                <ValueChange column={column} action={action} before={before} after={after} />
              </dd>
            </div>
          )),
      )}
    </dl>
  )
}

type ValueChangeProps = {
  column: Column
  action: ChangeView['action']
  before: Value
  after: Value
  decimals?: number | undefined
}

/** "Bolt → Screw"; of a new record only what came, of a deleted one only what went. */
export function ValueChange({ column, action, before, after, decimals }: ValueChangeProps) {
  return (
    <>
      {action !== 'create' && (
        <del>
          <DisplayValue value={before} column={column} decimals={decimals} />
        </del>
      )}
      {action === 'update' && <span aria-hidden="true"> → </span>}
      {action !== 'delete' && (
        <ins>
          <DisplayValue value={after} column={column} decimals={decimals} />
        </ins>
      )}
    </>
  )
}

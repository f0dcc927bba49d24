import type { Column, Value } from '../columns/column.ts'
import { jobPath } from './paths.ts'
import { Time } from './time.tsx'
import { DisplayValue } from './value.tsx'

/** One step in the life of a record. */
export type ChangeView = {
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

export function RecordHistory({ templateId, columns, history }: Props) {
  if (history.length === 0) return null
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
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
    </section>
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

/** What a new or a deleted record held is said by the record itself. */
function Changed({ columns, change }: { columns: Column[]; change: ChangeView }) {
  if (change.action !== 'update') return null
  return (
    <dl class="changes">
      {columns.flatMap((column) =>
        change.changes
          .filter(({ columnId }) => columnId === column.id)
          .map(({ before, after }) => (
            <div>
              <dt>{column.name}</dt>
              <dd>
                <del>
                  <DisplayValue value={before} column={column} />
                </del>
                <span aria-hidden="true"> → </span>
                <ins>
                  <DisplayValue value={after} column={column} />
                </ins>
              </dd>
            </div>
          )),
      )}
    </dl>
  )
}

import type { Column } from '../columns/column.ts'
import type { KeptSince } from '../tables/kept-records.ts'
import { formatNumber } from './format.ts'
import { recordHistoryPath, recordPath } from './paths.ts'
import { RecordSteps } from './record-history.tsx'

const REASONS: Record<KeptSince['reason'], string> = {
  changed: 'was changed since',
  deleted: 'was deleted since',
  taken: 'would collide: its earlier key or unique value belongs to another record now',
}

type Props = { templateId: string; columns: Column[]; kept: KeptSince[]; next: { href: string } | null }

/** Records that an undo leaves as they are: why, and who did what to them since. */
export function KeptList({ templateId, columns, kept, next }: Props) {
  return (
    <>
      <ul class="stack kept">
        {kept.map(({ recordId, reason, since }) => (
          <li class="card">
            <p>
              <a href={(reason === 'deleted' ? recordHistoryPath : recordPath)(templateId, recordId)}>
                Record {formatNumber(recordId)}
              </a>{' '}
              {REASONS[reason]}.
            </p>
            <RecordSteps templateId={templateId} columns={columns} history={since} />
          </li>
        ))}
      </ul>
      {next && (
        <a class="button button-plain" href={next.href} rel="next">
          Next
        </a>
      )}
    </>
  )
}

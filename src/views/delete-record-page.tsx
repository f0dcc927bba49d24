import type { Column } from '../columns/column.ts'
import { ConfirmPage } from './confirm-page.tsx'
import { formatNumber } from './format.ts'
import { recordPath } from './paths.ts'
import type { RecordView } from './record-view.ts'
import { DisplayValue } from './value.tsx'
import type { Viewer } from './viewer.ts'

const SHOWN = 6

type Props = { viewer: Viewer; template: { id: string; name: string; columns: Column[] }; record: RecordView }

export function DeleteRecordPage({ viewer, template, record }: Props) {
  const path = recordPath(template.id, record.id)
  const title = `Delete record ${formatNumber(record.id)}?`
  return (
    <ConfirmPage
      viewer={viewer}
      title={title}
      crumb={{ href: path, text: `${template.name} · record ${formatNumber(record.id)}` }}
      action={`${path}/delete`}
      yes="Delete this record"
      no={{ href: path, text: 'Keep it' }}
    >
      <dl class="facts">
        {template.columns.slice(0, SHOWN).map((column) => (
          <>
            <dt>{column.name}</dt>
            <dd>
              <DisplayValue value={record.values[column.id]} column={column} />
            </dd>
          </>
        ))}
      </dl>
    </ConfirmPage>
  )
}

import { ConfirmPage } from './confirm-page.tsx'
import { formatBytes, plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { jobPath } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = { viewer: Viewer; view: JobView }

export function DeleteFilePage({ viewer, view }: Props) {
  const { job } = view
  const path = jobPath(job)
  const size = job.file?.size ? ` (${formatBytes(job.file.size)})` : ''
  return (
    <ConfirmPage
      viewer={viewer}
      title={`Delete ${job.file?.name ?? 'this file'} now?`}
      crumb={{ href: path, text: view.fileLabel }}
      action={`${path}/delete-file`}
      yes="Delete the file"
      no={{ href: path, text: 'Keep it' }}
    >
      {job.kind === 'export' ? (
        <p>The file{size} can't be downloaded any more. The table stays as it is and can be exported again.</p>
      ) : (
        <p>
          The uploaded file{size} goes
          {view.can.downloadRefused ? `, and with it ${plural(job.counts.problems, 'refused row')} to repair` : ''}. The
          records in the table stay, and an undo is still possible.{' '}
          {view.can.retry && 'This import can’t be tried again.'}
        </p>
      )}
    </ConfirmPage>
  )
}

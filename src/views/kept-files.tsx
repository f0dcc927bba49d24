import type { Swept } from '../db/schema.ts'
import { formatNumber, plural } from './format.ts'
import { Time } from './time.tsx'

/** `strayTables` are the files of tables that belong to no template. */
export type Keeping = { uploadsHours: number; exportsHours: number; historyDays: number; strayTables: string[] }
export type SweepView = { at: string; removed: Swept }

type Props = { keeping: Keeping; sweeps: SweepView[] }

/** How long this server keeps what, and what it removed lately. */
export function KeptFiles({ keeping, sweeps }: Props) {
  return (
    <section class="card" aria-labelledby="kept">
      <h2 id="kept">What is kept, and how long</h2>
      <dl class="facts">
        <dt>Uploaded files and their refused rows</dt>
        <dd>{span(keeping.uploadsHours, 'hour')} after the import is over</dd>
        <dt>Exports</dt>
        <dd>{span(keeping.exportsHours, 'hour')}</dd>
        <dt>Jobs, and what an undo needs</dt>
        <dd>{span(keeping.historyDays, 'day')}</dd>
        <dt>Records</dt>
        <dd>until somebody deletes them</dd>
      </dl>
      {keeping.strayTables.length > 0 && <StrayTables files={keeping.strayTables} />}
      <h3>Removed lately</h3>
      {sweeps.length === 0 ? (
        <p class="quiet">Nothing had to be removed yet. Sheetport looks every hour.</p>
      ) : (
        <ul class="rows">
          {sweeps.map(({ at, removed }) => (
            <li class="row">
              <div class="row-main">
                <p>{sweptWords(removed)}</p>
                <p class="quiet">
                  <Time at={at} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function StrayTables({ files }: { files: string[] }) {
  return (
    <div class="callout callout-decide">
      <div>
        <p>
          <strong>{plural(files.length, 'table belongs', 'tables belong')} to no template.</strong> The server died
          while a template was deleted, or <code>app.db</code> was replaced. Sheetport never removes such a file:
          whoever runs this server can look into it with SQLite, and delete it.
        </p>
        <ul>
          {files.map((file) => (
            <li>
              <code>{file}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function span(count: number, unit: string): string {
  return `${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}`
}

export function sweptWords(removed: Swept): string {
  const parts = [
    some(removed.uploads, 'uploaded file'),
    some(removed.staging, 'working file'),
    some(removed.exports, 'export'),
    some(removed.orphans, 'file that belonged to no job', 'files that belonged to no job'),
    some(removed.jobs, 'old job'),
    some(removed.entries, 'old change that could be undone', 'old changes that could be undone'),
  ].filter((part) => part !== null)
  const missing = some(removed.missing, 'job was found without its file', 'jobs were found without their file')
  const left = some(removed.failed ?? 0, 'file could not be removed', 'files could not be removed')
  const gone = parts.length === 0 ? null : `${parts.join(', ')} removed`
  return [gone, left, missing]
    .filter((sentence) => sentence !== null)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

function some(count: number, one: string, many = `${one}s`): string | null {
  return count === 0 ? null : plural(count, one, many)
}

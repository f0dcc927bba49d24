import { type Column, MODES, type Mode, POLICIES, type Policy } from '../columns/column.ts'
import { PostButton } from './button.tsx'
import { exampleOf, MODE_WORDS, modeSentence, POLICY_WORDS, TYPE_WORDS } from './column-words.ts'
import { plural } from './format.ts'
import { Icon } from './icon.tsx'
import { jobPath, templatePath } from './paths.ts'
import { ReadingFields, type ReadingValues, UNKNOWN_FILE } from './reading-fields.tsx'
import { SpreadsheetZone } from './spreadsheet-zone.tsx'
import { TableFrame } from './table-frame.tsx'
import type { TemplateView } from './template-view.ts'

export type DropValues = ReadingValues & { mode: Mode; onProblems: Policy; checkOnly: boolean }

/** The import whose settings the form has: of how many headers and columns more was said than the form shows. */
export type SettingsView = { jobId: string; fileName: string; matched: number; asRead: number }

type Props = {
  template: TemplateView
  values: DropValues
  settings: SettingsView | null
  maxBytes: number
  idempotencyKey: string
  /** Why the last try was refused. */
  refused: { message: string; hint: string; link: string | null } | null
}

export function DropForm({ template, values, settings, maxBytes, idempotencyKey, refused }: Props) {
  return (
    <section id="drop" class="card stack drop" aria-labelledby="drop-title">
      <h2 id="drop-title">Import</h2>
      {refused && <Refused refused={refused} />}
      {settings && <SettingsNote template={template} settings={settings} />}
      <form
        method="post"
        action={`${templatePath(template.id)}/imports`}
        enctype="multipart/form-data"
        class="stack"
        data-upload
        data-max-bytes={maxBytes}
      >
        {/* The server reads these before the file, so they come first. */}
        <input type="hidden" name="idempotency_key" value={idempotencyKey} />
        {settings && <input type="hidden" name="settings_of" value={settings.jobId} />}
        <SpreadsheetZone
          maxBytes={maxBytes}
          button="Import this file"
          options={<Options values={values} settings={settings} />}
        >
          <ModeSentences columns={template.columns} />
        </SpreadsheetZone>
      </form>
      <ExpectedColumns columns={template.columns} />
      <div class="actions">
        <PostButton
          action={`${templatePath(template.id)}/exports`}
          fields={exportFields('template', `${idempotencyKey}t`)}
          icon="download"
        >
          Blank template
        </PostButton>
        <PostButton
          action={`${templatePath(template.id)}/exports`}
          fields={exportFields('sample', `${idempotencyKey}s`)}
          icon="download"
        >
          With sample rows
        </PostButton>
      </div>
    </section>
  )
}

function exportFields(content: string, key: string) {
  return { format: 'xlsx', content, idempotency_key: key }
}

function Refused({ refused }: { refused: NonNullable<Props['refused']> }) {
  return (
    <div class="callout callout-bad" role="alert">
      <Icon name="alert" />
      <p data-refusal>
        <strong>{refused.message}</strong> {refused.hint}{' '}
        {refused.link && <a href={refused.link}>See the import that is running</a>}
      </p>
    </div>
  )
}

type SettingsNoteProps = { template: TemplateView; settings: SettingsView }

function SettingsNote({ template, settings: { jobId, fileName, matched, asRead } }: SettingsNoteProps) {
  const more = [
    matched > 0 && `${plural(matched, 'header')} matched by hand`,
    asRead > 0 && `dates and numbers of ${plural(asRead, 'column')} read as said there`,
  ].filter((part) => part !== false)
  return (
    <p class="callout">
      <span>
        With the settings of <a href={jobPath({ id: jobId, template_id: template.id })}>{fileName}</a>
        {more.length > 0 && `, with ${more.join(' and ')}`}.{' '}
        <a href={`${templatePath(template.id)}#drop`}>Start afresh</a>
      </span>
    </p>
  )
}

type OptionsProps = { values: DropValues; settings: SettingsView | null }

function Options({ values, settings }: OptionsProps) {
  return (
    <div class="stack drop-choices">
      <div class="fields">
        <label class="field">
          <span class="field-label">What the import does</span>
          <select name="mode" data-mode-select>
            {MODES.map((mode) => (
              <option value={mode} selected={values.mode === mode}>
                {MODE_WORDS[mode]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span class="field-label">When rows have problems</span>
          <select name="on_problems">
            {POLICIES.map((policy) => (
              <option value={policy} selected={values.onProblems === policy}>
                {POLICY_WORDS[policy]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <MoreOptions values={values} settings={settings} />
    </div>
  )
}

/** One sentence for each mode; the style shows the one that is chosen. */
function ModeSentences({ columns }: { columns: Column[] }) {
  return (
    <>
      {MODES.map((mode) => (
        <p class={`mode-sentence mode-${mode}`}>{modeSentence(mode, columns)}</p>
      ))}
    </>
  )
}

function MoreOptions({ values, settings }: OptionsProps) {
  return (
    <details class="more" open={values.checkOnly || isAnyChosen(values)}>
      <summary>More options</summary>
      <div class="stack">
        <ReadingFields
          values={values}
          file={UNKNOWN_FILE}
          unsaid={settings === null ? 'as the template says' : 'as they were read there'}
        />
        <label class="flag">
          <input type="checkbox" name="dry_run" value="yes" checked={values.checkOnly} />
          Only check the file, change nothing
        </label>
      </div>
    </details>
  )
}

function isAnyChosen(values: ReadingValues): boolean {
  const { sheet, allSheets, headerRow, encoding, delimiter, quote, dateOrder, decimal, totals, oneTable } = values
  const where = [sheet, allSheets, headerRow, encoding, delimiter, quote, oneTable]
  return [...where, dateOrder, decimal, totals].some((value) => value !== '')
}

function ExpectedColumns({ columns }: { columns: Column[] }) {
  return (
    <details class="more expected">
      <summary>
        {plural(columns.length, 'column')} expected{' '}
        <span class="quiet">{columns.map((column) => column.name).join(', ')}</span>
      </summary>
      <TableFrame label="Expected columns">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col">Must be filled</th>
              <th scope="col">Example</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr>
                <th scope="row">
                  {column.name} {column.key && <span class="tag">key</span>}
                </th>
                <td>{TYPE_WORDS[column.type]}</td>
                <td>{column.required ? 'required' : <span class="quiet">optional</span>}</td>
                <td>{exampleOf(column)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  )
}
